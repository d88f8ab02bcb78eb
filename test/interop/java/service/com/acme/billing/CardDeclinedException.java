package com.acme.billing;

/** An exception that no method of the interface names. */
public class CardDeclinedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CardDeclinedException(String message) {
        super(message);
    }
}
