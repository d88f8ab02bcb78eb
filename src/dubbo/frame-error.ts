/** What makes a byte stream unusable from one point on. */
export type FrameErrorReason = 'bad-magic' | 'negative-length';

/** Thrown when a peer sends what is no Dubbo frame. Nothing after it can be trusted: the connection must be closed. */
export class FrameError extends Error {
  readonly reason: FrameErrorReason;

  constructor(reason: FrameErrorReason, message: string) {
    super(message);
    this.name = 'FrameError';
    this.reason = reason;
  }
}
