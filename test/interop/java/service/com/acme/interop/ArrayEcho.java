package com.acme.interop;

import java.math.BigDecimal;
import java.util.Date;

/**
 * Takes and returns arrays.
 * Every type has a method that gives the value back and one that says which value of which class arrived.
 */
public interface ArrayEcho {
    default byte[] echoBytes(byte[] value) {
        return value;
    }

    default String describeBytes(byte[] value) {
        return Describe.value(value);
    }

    default char[] echoChars(char[] value) {
        return value;
    }

    default String describeChars(char[] value) {
        return Describe.value(value);
    }

    default boolean[] echoBooleans(boolean[] value) {
        return value;
    }

    default String describeBooleans(boolean[] value) {
        return Describe.value(value);
    }

    default short[] echoShorts(short[] value) {
        return value;
    }

    default String describeShorts(short[] value) {
        return Describe.value(value);
    }

    default int[] echoInts(int[] value) {
        return value;
    }

    default String describeInts(int[] value) {
        return Describe.value(value);
    }

    default long[] echoLongs(long[] value) {
        return value;
    }

    default String describeLongs(long[] value) {
        return Describe.value(value);
    }

    default float[] echoFloats(float[] value) {
        return value;
    }

    default String describeFloats(float[] value) {
        return Describe.value(value);
    }

    default double[] echoDoubles(double[] value) {
        return value;
    }

    default String describeDoubles(double[] value) {
        return Describe.value(value);
    }

    default String[] echoStrings(String[] value) {
        return value;
    }

    default String describeStrings(String[] value) {
        return Describe.value(value);
    }

    default Object[] echoObjects(Object[] value) {
        return value;
    }

    default String describeObjects(Object[] value) {
        return Describe.value(value);
    }

    default Long[] echoBoxedLongs(Long[] value) {
        return value;
    }

    default String describeBoxedLongs(Long[] value) {
        return Describe.value(value);
    }

    default BigDecimal[] echoBigDecimals(BigDecimal[] value) {
        return value;
    }

    default String describeBigDecimals(BigDecimal[] value) {
        return Describe.value(value);
    }

    default Date[] echoDates(Date[] value) {
        return value;
    }

    default String describeDates(Date[] value) {
        return Describe.value(value);
    }

    default int[][] echoIntGrid(int[][] value) {
        return value;
    }

    default String describeIntGrid(int[][] value) {
        return Describe.value(value);
    }

    default Level[] echoLevels(Level[] value) {
        return value;
    }

    default String describeLevels(Level[] value) {
        return Describe.value(value);
    }

    default User[] echoUsers(User[] value) {
        return value;
    }

    default String describeUsers(User[] value) {
        return Describe.value(value);
    }
}
