package com.acme.interop;

import java.net.URI;
import java.net.URL;
import java.util.BitSet;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes and returns other value classes of the JDK.
 * Every type has a method that gives the value back and one that says which value of which class arrived.
 */
public interface JdkEcho {
    default UUID echoUuid(UUID value) {
        return value;
    }

    default String describeUuid(UUID value) {
        return Describe.value(value);
    }

    default Locale echoLocale(Locale value) {
        return value;
    }

    default String describeLocale(Locale value) {
        return Describe.value(value);
    }

    default Currency echoCurrency(Currency value) {
        return value;
    }

    default String describeCurrency(Currency value) {
        return Describe.value(value);
    }

    default URI echoUri(URI value) {
        return value;
    }

    default String describeUri(URI value) {
        return Describe.value(value);
    }

    default URL echoUrl(URL value) {
        return value;
    }

    default String describeUrl(URL value) {
        return Describe.value(value);
    }

    default AtomicInteger echoAtomicInteger(AtomicInteger value) {
        return value;
    }

    default String describeAtomicInteger(AtomicInteger value) {
        return Describe.value(value);
    }

    default AtomicLong echoAtomicLong(AtomicLong value) {
        return value;
    }

    default String describeAtomicLong(AtomicLong value) {
        return Describe.value(value);
    }

    default AtomicBoolean echoAtomicBoolean(AtomicBoolean value) {
        return value;
    }

    default String describeAtomicBoolean(AtomicBoolean value) {
        return Describe.value(value);
    }

    default Optional<String> echoOptional(Optional<String> value) {
        return value;
    }

    default String describeOptional(Optional<String> value) {
        return Describe.value(value);
    }

    default Class<?> echoClass(Class<?> value) {
        return value;
    }

    default String describeClass(Class<?> value) {
        return Describe.value(value);
    }

    default StringBuilder echoStringBuilder(StringBuilder value) {
        return value;
    }

    default String describeStringBuilder(StringBuilder value) {
        return Describe.value(value);
    }

    default BitSet echoBitSet(BitSet value) {
        return value;
    }

    default String describeBitSet(BitSet value) {
        return Describe.value(value);
    }
}
