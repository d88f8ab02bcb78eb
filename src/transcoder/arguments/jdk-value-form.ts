import type { HessianWriter } from '../../hessian/hessian-writer.ts';

/** How a class of the JDK is read from text and what is sent for it. */
export interface JdkValueForm {
  /** What is wanted, with its article. */
  readonly expected: string;
  /** JSON values beside strings whose text is taken too. */
  readonly also?: 'numbers' | 'booleans';
  /** Checks the text and writes the value; false when it does not fit. */
  readonly write: (text: string, out: HessianWriter) => boolean;
}
