/**
 * The answer to a call as it stands in the connection's read buffer.
 *
 * There is one of these per connection, filled anew for each answer: neither the object nor the bytes may be kept after
 * `PendingCall.onAnswer` returns.
 */
export class AnswerFrame {
  /** Status byte of the header, see `RESPONSE_STATUS`. */
  status = 0;
  /** Serialization id of the header: the form of the body. */
  serialization = 0;
  buffer: Buffer = EMPTY;
  /** The body is `buffer[start, end)`. */
  start = 0;
  end = 0;
  /** `host:port` of the provider; for the log only. */
  readonly provider: string;

  constructor(provider: string) {
    this.provider = provider;
  }
}

const EMPTY = Buffer.alloc(0);
