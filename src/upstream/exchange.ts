import type { ByteText } from '../bytes/byte-text.ts';
import type { RequestView } from '../transcoder/request-view.ts';

/** One request on its way through the gateway: what a call reads of it and what it notes on it for the log line. */
export interface Exchange extends RequestView {
  /** Address of the provider that was called last; for the log only. */
  provider: string | undefined;
  /** The pool whose slot the call had last; for the log only. */
  pool: string | undefined;
  /** What the log line says of the route; undefined where it says the same for all requests (`RouteTarget.logText`). */
  routeText: string | undefined;
  /** The call that runs; set while there is one. The HTTP side cancels it when the client goes away. */
  call: RunningCall | undefined;
}

/** A call that has begun: it waits for a slot or for its answer. */
export interface RunningCall {
  /** Frees all that the call holds; nothing will be heard of it. Does nothing when it is over. */
  cancel(): void;
}

/** What a call gives back. */
export interface CallOutcome {
  /** The result as JSON text in UTF-8; undefined for a null result under `void: no-content` and for one-way calls. */
  readonly body: Buffer | ByteText | undefined;
  /** 200, 204, or 202 for one-way calls. */
  readonly status: number;
  /** Headers made of answer attachments, lower-case names. */
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** A route with everything compiled: what the HTTP side calls once it has found the route and read the body. */
export interface RouteTarget {
  readonly id: string;
  /** `interface[:version[:group]]#method(types)`. */
  readonly methodKey: string;
  /** What log lines say of the route, ready. */
  readonly logText: string;
  /** Whether any argument reads the body; if not, a body is read and dropped within the limits. */
  readonly readsBody: boolean;
  /** Whether the answer may be compressed. */
  readonly compresses: boolean;
  readonly maxBodyBytes: number;
  /** Rejects with a GatewayError. Nothing is sent when an argument is wrong. */
  invoke(exchange: Exchange): Promise<CallOutcome>;
}
