/** A well-formed value that JSON cannot say, or not as the route wants it. */
export class TranscodeError extends Error {
  readonly reason: 'map-key' | 'cycle';

  constructor(reason: 'map-key' | 'cycle', message: string) {
    super(message);
    this.name = 'TranscodeError';
    this.reason = reason;
  }
}
