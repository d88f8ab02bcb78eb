package com.acme.interop;

import java.io.Serializable;

/** Has getters and no field: a generic result shows the getters, `generic=raw.return` shows nothing. */
public class GetterOnly implements Serializable {
    private static final long serialVersionUID = 1L;

    public String getURLName() {
        return "start";
    }

    public boolean isReady() {
        return true;
    }

    public double getNotANumber() {
        return Double.NaN;
    }

    public String getNothing() {
        return null;
    }
}
