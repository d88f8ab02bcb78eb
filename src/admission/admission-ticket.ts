import type { GatewayError } from '../errors/gateway-error.ts';
import { WaitEntry } from '../time/wait-queue.ts';

/**
 * Where a ticket is in its life. `waiting`: in the line; `admitted`: its request is being served; `left`: over, for
 * good, whether the request was answered, was refused, or its client went away.
 */
export type TicketState = 'waiting' | 'admitted' | 'left';

/** The request that a ticket is for. Neither method may throw. */
export interface AdmissionCaller {
  /** The wait is over: the request may be served. Comes at most once, and only for a ticket that was given as waiting. */
  onAdmitted(): void;
  /** The wait is over and there is no place: ADMISSION_TIMEOUT. The ticket has left already. */
  onAdmissionRefused(error: GatewayError): void;
}

/** The desk that gave a ticket, as the ticket sees it. */
export interface TicketDesk {
  changeBytes(ticket: AdmissionTicket, differenceBytes: number): boolean;
  leave(ticket: AdmissionTicket): void;
}

/**
 * One request in the gateway, or its place in the line. One object a request; the fields are written by the desk.
 */
export class AdmissionTicket extends WaitEntry {
  state: TicketState = 'waiting';
  /** Bytes booked to the request: asked for while it waits, held once it is admitted. */
  bytes: number;
  readonly caller: AdmissionCaller;
  readonly #desk: TicketDesk;

  constructor(desk: TicketDesk, caller: AdmissionCaller, bytes: number) {
    super();
    this.#desk = desk;
    this.caller = caller;
    this.bytes = bytes;
  }

  /**
   * Books further bytes, such as those of an answer, to an admitted request. They are there already, so they are booked
   * in any case; `false` says that the budget is exceeded, and until it no longer is, nobody else is admitted. After
   * the request has left, nothing is booked.
   */
  addBytes(bytes: number): boolean {
    return this.#desk.changeBytes(this, bytes);
  }

  /** Gives back bytes of an admitted request before it leaves; at most those it holds. */
  removeBytes(bytes: number): void {
    this.#desk.changeBytes(this, -bytes);
  }

  /**
   * The request is over, or its client is gone: place and bytes are free at once for those who wait. A waiting one
   * leaves the line, and nothing of its caller is called any more. Does nothing the second time.
   */
  leave(): void {
    if (this.state !== 'left') this.#desk.leave(this);
  }
}
