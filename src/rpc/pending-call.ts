import { TimerEntry } from '../time/timer-wheel.ts';
import type { AnswerFrame } from './answer-frame.ts';
import type { RpcFailure } from './rpc-failure.ts';

/** Who holds a pending call: the connection it is on. */
export interface CallOwner {
  /** The call was cancelled: forget it. Its `owner` is null already. */
  release(call: PendingCall): void;
  /** The call's time is over. */
  expire(call: PendingCall): void;
}

/**
 * One call on its way. The caller extends this class and allocates one object per call; the client links that object
 * into its tables and allocates nothing more.
 *
 * Exactly one of `onAnswer`, `onFailure` and `onSent` is called, once, unless `cancel` came before. They must not throw.
 * From within `onFailure` or `onAnswer` the same object may be sent again, for instance to another provider.
 */
export abstract class PendingCall extends TimerEntry {
  /** The request id on the present connection. Set by the client. */
  id = 0;
  /** Who holds the call; null before it is sent and from the moment it is settled or cancelled. Set by the client. */
  owner: CallOwner | null = null;
  /** Where the frame stands among the bytes that are not flushed yet. Set by the client. */
  outboxStart = 0;
  outboxEnd = 0;
  /** Whether the frame asks for no answer. Taken from the frame by the client. */
  oneWay = false;

  /** The answer, whatever its status. Its bytes are valid only during this call. */
  abstract onAnswer(frame: AnswerFrame): void;

  /** There is no answer, and none will be reported any more. May be called before `send` returns. */
  abstract onFailure(failure: RpcFailure): void;

  /** A one-way call was given to the socket; nothing else will be heard of it. */
  abstract onSent(): void;

  /** Whether the client still holds the call. */
  get isPending(): boolean {
    return this.owner !== null;
  }

  /** Gives up: frees the call at once, and nothing of it is called any more. A call not flushed yet is not sent. */
  cancel(): void {
    const { owner } = this;
    if (owner === null) return;
    this.owner = null;
    owner.release(this);
  }
}
