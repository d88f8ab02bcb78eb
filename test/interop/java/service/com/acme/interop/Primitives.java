package com.acme.interop;

import java.io.Serializable;

/** Every primitive, its wrapper and arrays of primitives as fields. */
public class Primitives implements Serializable {
    private static final long serialVersionUID = 1L;

    private boolean flag;
    private byte tiny;
    private short small;
    private int medium;
    private long large;
    private float single;
    private double twice;
    private char letter;
    private Boolean boxedFlag;
    private Byte boxedTiny;
    private Short boxedSmall;
    private Integer boxedMedium;
    private Long boxedLarge;
    private Float boxedSingle;
    private Double boxedTwice;
    private Character boxedLetter;
    private int[] ints;
    private long[] longs;
    private float[] floats;
    private double[] doubles;

    public boolean isFlag() {
        return flag;
    }

    public void setFlag(boolean flag) {
        this.flag = flag;
    }

    public byte getTiny() {
        return tiny;
    }

    public void setTiny(byte tiny) {
        this.tiny = tiny;
    }

    public short getSmall() {
        return small;
    }

    public void setSmall(short small) {
        this.small = small;
    }

    public int getMedium() {
        return medium;
    }

    public void setMedium(int medium) {
        this.medium = medium;
    }

    public long getLarge() {
        return large;
    }

    public void setLarge(long large) {
        this.large = large;
    }

    public float getSingle() {
        return single;
    }

    public void setSingle(float single) {
        this.single = single;
    }

    public double getTwice() {
        return twice;
    }

    public void setTwice(double twice) {
        this.twice = twice;
    }

    public char getLetter() {
        return letter;
    }

    public void setLetter(char letter) {
        this.letter = letter;
    }

    public Boolean getBoxedFlag() {
        return boxedFlag;
    }

    public void setBoxedFlag(Boolean boxedFlag) {
        this.boxedFlag = boxedFlag;
    }

    public Byte getBoxedTiny() {
        return boxedTiny;
    }

    public void setBoxedTiny(Byte boxedTiny) {
        this.boxedTiny = boxedTiny;
    }

    public Short getBoxedSmall() {
        return boxedSmall;
    }

    public void setBoxedSmall(Short boxedSmall) {
        this.boxedSmall = boxedSmall;
    }

    public Integer getBoxedMedium() {
        return boxedMedium;
    }

    public void setBoxedMedium(Integer boxedMedium) {
        this.boxedMedium = boxedMedium;
    }

    public Long getBoxedLarge() {
        return boxedLarge;
    }

    public void setBoxedLarge(Long boxedLarge) {
        this.boxedLarge = boxedLarge;
    }

    public Float getBoxedSingle() {
        return boxedSingle;
    }

    public void setBoxedSingle(Float boxedSingle) {
        this.boxedSingle = boxedSingle;
    }

    public Double getBoxedTwice() {
        return boxedTwice;
    }

    public void setBoxedTwice(Double boxedTwice) {
        this.boxedTwice = boxedTwice;
    }

    public Character getBoxedLetter() {
        return boxedLetter;
    }

    public void setBoxedLetter(Character boxedLetter) {
        this.boxedLetter = boxedLetter;
    }

    public int[] getInts() {
        return ints;
    }

    public void setInts(int[] ints) {
        this.ints = ints;
    }

    public long[] getLongs() {
        return longs;
    }

    public void setLongs(long[] longs) {
        this.longs = longs;
    }

    public float[] getFloats() {
        return floats;
    }

    public void setFloats(float[] floats) {
        this.floats = floats;
    }

    public double[] getDoubles() {
        return doubles;
    }

    public void setDoubles(double[] doubles) {
        this.doubles = doubles;
    }
}
