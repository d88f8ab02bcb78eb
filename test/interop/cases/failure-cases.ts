/** A method that throws, and what it throws. */
export interface FailureCase {
  readonly method: string;
  readonly types: readonly string[];
  readonly arguments: readonly unknown[];
  readonly thrownClass: string;
  /** The exception's message: all of it, or its beginning where the rest is a stack or a long text. */
  readonly message: string | null | RegExp;
}

const OUT_OF_STOCK = 'com.acme.interop.OutOfStockException';
const REJECTED = 'com.acme.interop.OrderRejectedException';

/** The failures of the Java service. */
export const FAILURE_CASES: readonly FailureCase[] = [
  failure('rejectOrder', REJECTED, 'order rejected', ['int'], [4]),
  failure('outOfStock', OUT_OF_STOCK, 'out of stock', ['int'], [5]),
  failure('failWithCauses', 'java.lang.IllegalStateException', 'the outcome'),
  failure('failNested', `${OUT_OF_STOCK}$Shelf`, 'shelf is empty'),
  failure('cardDeclined', 'com.acme.billing.CardDeclinedException', 'card declined'),
  failure('illegalArgument', 'java.lang.IllegalArgumentException', 'bad', ['java.lang.String'], ['bad']),
  failure('failWithoutMessage', OUT_OF_STOCK, null),
  failure('failWithStackInMessage', 'java.lang.IllegalStateException', /^wrapped: .*\n\tat com\.acme\.interop\./),
  failure('failUndeclared', REJECTED, 'not declared'),
  failure('assertionError', 'java.lang.AssertionError', 'an error, not an exception'),
  failure('stackOverflow', 'java.lang.StackOverflowError', null),
  failure('failWithBigMessage', 'java.lang.IllegalStateException', /^x{100000}$/, ['int'], [100_000]),
];

function failure(
  method: string,
  thrownClass: string,
  message: string | null | RegExp,
  types: readonly string[] = [],
  callArguments: readonly unknown[] = [],
): FailureCase {
  return { method, types, arguments: callArguments, thrownClass, message };
}
