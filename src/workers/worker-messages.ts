import type { AddressInfo } from 'node:net';
import type { MethodStanding } from '../bulkhead/method-standing.ts';
import type { GatewayConfig, RouteConfig } from '../config/schema.ts';
import type { GenerationSource } from '../gateway/generations.ts';
import type { SentError } from './sent-error.ts';

/** A configuration on its way to a worker: what a `routes` message has not brought yet. */
export interface SentConfiguration {
  /** The share of the worker, without its routes. */
  readonly config: GatewayConfig;
  /** Number of the configuration in the group. */
  readonly generation: number;
  readonly source: GenerationSource;
  /** Methods that are not merely healthy; times in ms since 1970. */
  readonly standings: readonly MethodStanding[];
}

/** What the primary tells a worker. All of it is plain values. Messages arrive in the order they are sent. */
export type PrimaryMessage =
  /** Routes of the configuration that the next `start` or `replace` is about; a part of them. */
  | { readonly kind: 'routes'; readonly routes: readonly RouteConfig[] }
  | ({ readonly kind: 'start'; readonly worker: number } & SentConfiguration)
  | ({ readonly kind: 'replace'; readonly ask: number } & SentConfiguration)
  | { readonly kind: 'ask'; readonly ask: number; readonly name: string; readonly argument: unknown }
  /** `isOwn`: the worker itself told of it, and learns that everybody has it now. */
  | { readonly kind: 'standing'; readonly standing: MethodStanding; readonly isOwn: boolean }
  /** To drain and to end; the second time to end at once. */
  | { readonly kind: 'stop' };

/** What a worker tells its primary. */
export type WorkerMessage =
  /** It can be told. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'listening'; readonly http: AddressInfo }
  /** It cannot start, and ends. */
  | { readonly kind: 'failed'; readonly error: SentError }
  /** A sign of life. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'answer'; readonly ask: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly ask: number; readonly error: SentError }
  /** A method has changed its state or its pin here; times in ms since 1970. */
  | { readonly kind: 'standing'; readonly standing: MethodStanding };

/** How often in ms a worker gives a sign of life. */
export const ALIVE_INTERVAL_MS = 2_000;
