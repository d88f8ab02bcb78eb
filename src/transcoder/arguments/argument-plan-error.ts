/** An argument that can never work, whatever the request: found when the configuration is loaded. */
export class ArgumentPlanError extends Error {
  /** Index of the argument, from 0; undefined for an attachment. */
  readonly argumentIndex: number | undefined;

  constructor(message: string, argumentIndex?: number) {
    super(message);
    this.name = 'ArgumentPlanError';
    this.argumentIndex = argumentIndex;
  }
}
