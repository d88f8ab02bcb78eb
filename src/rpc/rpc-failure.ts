/**
 * Why a call got no answer.
 *
 * - `connect-failed`: the connection was refused, or the provider failed lately and is left alone for a moment
 * - `connect-timeout`: no connection within `connectTimeoutMs`
 * - `timeout`: no answer within the call's own time
 * - `connection-lost`: the connection ended while the call was on it
 * - `protocol-error`: the provider sent what is no Dubbo frame; its connection was closed
 * - `frame-too-large`: the answer is larger than `maxFrameBytes`; the connection lives on
 * - `request-too-large`: the call is larger than `maxFrameBytes`
 * - `backlog-full`: the provider does not read, and too many bytes wait for it
 * - `client-stopped`: the client was closed, or the channel released
 */
export type RpcFailureReason =
  | 'connect-failed'
  | 'connect-timeout'
  | 'timeout'
  | 'connection-lost'
  | 'protocol-error'
  | 'frame-too-large'
  | 'request-too-large'
  | 'backlog-full'
  | 'client-stopped';

/** A call that got no answer. Not an `Error`: it is handed over, never thrown, and needs no stack. */
export class RpcFailure {
  readonly reason: RpcFailureReason;
  /**
   * Whether any byte of the call was given to the socket. `false`: the provider never saw it, and never will, so that
   * it can go elsewhere. `true`: the outcome is unknown.
   */
  readonly sent: boolean;
  /** `host:port`; for the log only. */
  readonly provider: string;
  /** One sentence for the log. It may hold addresses. */
  readonly message: string;

  constructor(reason: RpcFailureReason, sent: boolean, provider: string, message: string) {
    this.reason = reason;
    this.sent = sent;
    this.provider = provider;
    this.message = message;
  }
}
