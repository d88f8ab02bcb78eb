package com.acme.interop;

import java.io.Serializable;
import java.util.List;

/** Holds a static nested class, {@link Line}, and an inner class that knows its order, {@link Note}. */
public class Order implements Serializable {
    private static final long serialVersionUID = 1L;

    private String number;
    private List<Line> lines;
    private Note note;

    public String getNumber() {
        return number;
    }

    public void setNumber(String number) {
        this.number = number;
    }

    public List<Line> getLines() {
        return lines;
    }

    public void setLines(List<Line> lines) {
        this.lines = lines;
    }

    public Note getNote() {
        return note;
    }

    public void setNote(Note note) {
        this.note = note;
    }

    /** A static nested class: its name on the wire is `com.acme.interop.Order$Line`. */
    public static class Line implements Serializable {
        private static final long serialVersionUID = 1L;

        private String article;
        private int quantity;

        public String getArticle() {
            return article;
        }

        public void setArticle(String article) {
            this.article = article;
        }

        public int getQuantity() {
            return quantity;
        }

        public void setQuantity(int quantity) {
            this.quantity = quantity;
        }
    }

    /** An inner class: its objects hold their order in the field `this$0`. */
    public class Note implements Serializable {
        private static final long serialVersionUID = 1L;

        private String text;

        public Note(String text) {
            this.text = text;
        }

        public String getText() {
            return text;
        }

        public void setText(String text) {
            this.text = text;
        }

        public String orderNumber() {
            return number;
        }
    }
}
