/** What `HessianReader.next` found. */
export const NULL = 0;
export const TRUE = 1;
export const FALSE = 2;
export const INT = 3;
export const LONG = 4;
export const DOUBLE = 5;
export const DATE = 6;
export const STRING = 7;
export const BINARY = 8;
export const LIST = 9;
export const MAP = 10;
export const OBJECT = 11;
export const REFERENCE = 12;
/** The end of a map or of a list without length. */
export const END = 13;

export type Token = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13;
