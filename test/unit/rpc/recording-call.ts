import type { AnswerFrame } from '../../../src/rpc/answer-frame.ts';
import { PendingCall } from '../../../src/rpc/pending-call.ts';
import type { RpcFailure } from '../../../src/rpc/rpc-failure.ts';

/** What became of a call: `answer <status> <body>`, `failure <reason> sent|unsent`, or `sent`. */
export class RecordingCall extends PendingCall {
  readonly outcomes: string[] = [];
  failure: RpcFailure | undefined;
  /** Resolves with the first outcome. */
  readonly settled: Promise<string>;
  #resolve!: (outcome: string) => void;

  constructor() {
    super();
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  onAnswer(frame: AnswerFrame): void {
    this.#note(`answer ${frame.status} ${frame.buffer.toString('latin1', frame.start, frame.end)}`);
  }

  onFailure(failure: RpcFailure): void {
    this.failure = failure;
    this.#note(`failure ${failure.reason} ${failure.sent ? 'sent' : 'unsent'}`);
  }

  onSent(): void {
    this.#note('sent');
  }

  #note(outcome: string): void {
    this.outcomes.push(outcome);
    this.#resolve(outcome);
  }
}
