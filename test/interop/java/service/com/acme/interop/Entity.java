package com.acme.interop;

import java.io.Serializable;
import java.util.Date;

/** What all stored things have; the superclass of {@link User}. */
public class Entity implements Serializable {
    private static final long serialVersionUID = 1L;

    private long id;
    private Date createdAt;

    public long getId() {
        return id;
    }

    public void setId(long id) {
        this.id = id;
    }

    public Date getCreatedAt() {
        return createdAt;
    }

    public void setCreatedAt(Date createdAt) {
        this.createdAt = createdAt;
    }
}
