package com.acme.interop;

/** Every way a method can fail. */
public interface Failures {
    /** A declared exception with a field of its own. */
    String rejectOrder(int code) throws OrderRejectedException;

    /** An undeclared exception. */
    String outOfStock(int code);

    /** An exception with a chain of two causes. */
    String failWithCauses();

    /** An exception that is a nested class. */
    String failNested();

    /** An exception of a package that the interface does not name. */
    String cardDeclined();

    /** An exception of the JDK. */
    String illegalArgument(String message);

    /** An exception without a message. */
    String failWithoutMessage();

    /** An exception whose message is a stack trace. */
    String failWithStackInMessage();

    /** An exception that is not a RuntimeException, thrown although it is not declared. */
    String failUndeclared();

    /** An error, not an exception. */
    String assertionError();

    /** An error after endless recursion. */
    String stackOverflow();

    /** An exception whose message has this many characters. */
    String failWithBigMessage(int length);
}
