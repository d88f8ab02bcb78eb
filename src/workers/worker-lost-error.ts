/** No answer came of a worker: it is not there, has ended, or took too long. What it did of what it was told is not known. */
export class WorkerLostError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WorkerLostError';
  }
}
