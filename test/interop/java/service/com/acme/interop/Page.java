package com.acme.interop;

import java.io.Serializable;
import java.util.List;

/** A generic class: the class of its items is known to the method that returns it only. */
public class Page<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private List<T> items;
    private T first;
    private long total;

    public List<T> getItems() {
        return items;
    }

    public void setItems(List<T> items) {
        this.items = items;
    }

    public T getFirst() {
        return first;
    }

    public void setFirst(T first) {
        this.first = first;
    }

    public long getTotal() {
        return total;
    }

    public void setTotal(long total) {
        this.total = total;
    }
}
