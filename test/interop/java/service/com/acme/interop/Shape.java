package com.acme.interop;

/** An enum whose constants have bodies: each constant is of a class of its own, `Shape$1` and `Shape$2`. */
public enum Shape {
    ROUND {
        @Override
        public int corners() {
            return 0;
        }
    },
    SQUARE {
        @Override
        public int corners() {
            return 4;
        }
    };

    public abstract int corners();
}
