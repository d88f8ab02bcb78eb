package com.acme.interop;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Takes and returns single values: primitives, their wrappers, text, exact numbers and enums.
 * Every type has a method that gives the value back and one that says which value of which class arrived.
 */
public interface ScalarEcho {
    default boolean echoBoolean(boolean value) {
        return value;
    }

    default String describeBoolean(boolean value) {
        return Describe.value(value);
    }

    default byte echoByte(byte value) {
        return value;
    }

    default String describeByte(byte value) {
        return Describe.value(value);
    }

    default short echoShort(short value) {
        return value;
    }

    default String describeShort(short value) {
        return Describe.value(value);
    }

    default int echoInt(int value) {
        return value;
    }

    default String describeInt(int value) {
        return Describe.value(value);
    }

    default long echoLong(long value) {
        return value;
    }

    default String describeLong(long value) {
        return Describe.value(value);
    }

    default float echoFloat(float value) {
        return value;
    }

    default String describeFloat(float value) {
        return Describe.value(value);
    }

    default double echoDouble(double value) {
        return value;
    }

    default String describeDouble(double value) {
        return Describe.value(value);
    }

    default char echoChar(char value) {
        return value;
    }

    default String describeChar(char value) {
        return Describe.value(value);
    }

    default Boolean echoBoxedBoolean(Boolean value) {
        return value;
    }

    default String describeBoxedBoolean(Boolean value) {
        return Describe.value(value);
    }

    default Byte echoBoxedByte(Byte value) {
        return value;
    }

    default String describeBoxedByte(Byte value) {
        return Describe.value(value);
    }

    default Short echoBoxedShort(Short value) {
        return value;
    }

    default String describeBoxedShort(Short value) {
        return Describe.value(value);
    }

    default Integer echoBoxedInt(Integer value) {
        return value;
    }

    default String describeBoxedInt(Integer value) {
        return Describe.value(value);
    }

    default Long echoBoxedLong(Long value) {
        return value;
    }

    default String describeBoxedLong(Long value) {
        return Describe.value(value);
    }

    default Float echoBoxedFloat(Float value) {
        return value;
    }

    default String describeBoxedFloat(Float value) {
        return Describe.value(value);
    }

    default Double echoBoxedDouble(Double value) {
        return value;
    }

    default String describeBoxedDouble(Double value) {
        return Describe.value(value);
    }

    default Character echoBoxedChar(Character value) {
        return value;
    }

    default String describeBoxedChar(Character value) {
        return Describe.value(value);
    }

    default String echoString(String value) {
        return value;
    }

    default String describeString(String value) {
        return Describe.value(value);
    }

    default BigDecimal echoBigDecimal(BigDecimal value) {
        return value;
    }

    default String describeBigDecimal(BigDecimal value) {
        return Describe.value(value);
    }

    default BigInteger echoBigInteger(BigInteger value) {
        return value;
    }

    default String describeBigInteger(BigInteger value) {
        return Describe.value(value);
    }

    default Level echoLevel(Level value) {
        return value;
    }

    default String describeLevel(Level value) {
        return Describe.value(value);
    }

    default Shape echoShape(Shape value) {
        return value;
    }

    default String describeShape(Shape value) {
        return Describe.value(value);
    }
}
