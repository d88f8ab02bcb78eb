import type { ProviderAddress } from '../config/provider-address.ts';

/** One provider of one service, as a registry tells it. Two with the same address are the same process. */
export interface ProviderInstance {
  readonly address: ProviderAddress;
  /** Version and group of the service; empty where the provider names none. */
  readonly version: string;
  readonly group: string;
  /** Name of the application that serves it; empty where it is not known. */
  readonly application: string;
  /** What calls have to bring (`token`); empty for none. It is a secret: not for logs, and not for operators. */
  readonly token: string;
  /** Share of the calls beside the other providers: 100 is usual, 0 is none. */
  readonly weight: number;
  /** Time in ms after its start in which a provider gets less than its share: Dubbo's `warmup`, 600,000 if not said. */
  readonly warmupMs: number;
  /** When it started, in ms since 1970; undefined where it is not known, then it is warm. */
  readonly startedAtMs: number | undefined;
  /** Dubbo's tag (`dubbo.tag`); empty for none. */
  readonly tag: string;
  /** Where it runs; empty where it is not known. */
  readonly zone: string;
  /** Whether an operator took it out (`disabled`, or `enabled` is false). */
  readonly isDisabled: boolean;
}

/** Dubbo's `Constants.DEFAULT_WEIGHT`. */
export const DEFAULT_WEIGHT = 100;

/** Dubbo's `Constants.DEFAULT_WARMUP`: ten minutes. */
export const DEFAULT_WARMUP_MS = 600_000;
