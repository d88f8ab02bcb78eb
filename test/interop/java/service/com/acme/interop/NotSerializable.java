package com.acme.interop;

/** Cannot be written by Hessian, as it is not Serializable. */
public class NotSerializable {
    private final String text;

    public NotSerializable(String text) {
        this.text = text;
    }

    public String getText() {
        return text;
    }
}
