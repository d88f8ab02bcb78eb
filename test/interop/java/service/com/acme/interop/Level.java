package com.acme.interop;

/** A plain enum. */
public enum Level {
    LOW,
    MIDDLE,
    HIGH
}
