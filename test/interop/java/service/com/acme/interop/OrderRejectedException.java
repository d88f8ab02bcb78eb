package com.acme.interop;

/** A declared business exception with a code. */
public class OrderRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    public OrderRejectedException(int code, String message) {
        super(message);
        this.code = code;
    }

    public int getCode() {
        return code;
    }
}
