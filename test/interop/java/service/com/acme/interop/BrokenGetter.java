package com.acme.interop;

import java.io.Serializable;

/** Has a getter that throws: a generic call that returns it fails while its result is taken apart. */
public class BrokenGetter implements Serializable {
    private static final long serialVersionUID = 1L;

    public String getBroken() {
        throw new IllegalStateException("this getter always throws");
    }
}
