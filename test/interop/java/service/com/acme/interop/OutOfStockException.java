package com.acme.interop;

/** An undeclared business exception with a code. */
public class OutOfStockException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    public OutOfStockException(int code, String message) {
        super(message);
        this.code = code;
    }

    public int getCode() {
        return code;
    }

    /** An exception that is a nested class. */
    public static class Shelf extends OutOfStockException {
        private static final long serialVersionUID = 1L;

        public Shelf(String message) {
            super(7, message);
        }
    }
}
