/** What is wrong with bytes that should be Hessian 2. */
export type HessianFault = 'truncated' | 'unknown-tag' | 'invalid' | 'limit' | 'trailing';

/** The bytes are not Hessian 2, or more than we take. `offset` counts from the start of the body. */
export class HessianError extends Error {
  readonly fault: HessianFault;
  readonly offset: number;

  constructor(fault: HessianFault, offset: number, message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(`${message} at byte ${offset}`);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'HessianError';
    this.fault = fault;
    this.offset = offset;
  }
}
