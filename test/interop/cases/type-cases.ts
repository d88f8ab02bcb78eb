import { ARRAY_CASES } from './array-cases.ts';
import { COLLECTION_CASES } from './collection-cases.ts';
import { JDK_CASES } from './jdk-cases.ts';
import { MODEL_CASES } from './model-cases.ts';
import { SCALAR_CASES } from './scalar-cases.ts';
import { TIME_CASES } from './time-cases.ts';
import type { TypeCase } from './type-case.ts';

/** Every type of the Java service. */
export const TYPE_CASES: readonly TypeCase[] = [
  ...SCALAR_CASES,
  ...TIME_CASES,
  ...JDK_CASES,
  ...ARRAY_CASES,
  ...COLLECTION_CASES,
  ...MODEL_CASES,
];
