import { setTimeout as delay } from 'node:timers/promises';
import { wallMs } from '../../load/open-loop-load.ts';
import type { GatewayStatus } from './gateway-status.ts';
import type { Stage, Usage } from './stage.ts';

/** What the gateway was like at one time. */
export interface StatusSample {
  /** When it was asked, in ms since 1970. */
  readonly atMs: number;
  /** Time in ms until the answer was there. */
  readonly tookMs: number;
  readonly status: GatewayStatus;
  readonly usage: Usage;
}

/** Asks for the status of a gateway again and again, and keeps all answers. */
export class StatusWatch {
  readonly samples: StatusSample[] = [];
  readonly #stage: Stage;
  readonly #everyMs: number;
  readonly #ended: Promise<void>;
  #isStopping = false;
  #failure: unknown;

  constructor(stage: Stage, everyMs = 100) {
    this.#stage = stage;
    this.#everyMs = everyMs;
    this.#ended = this.#run();
  }

  /** The latest sample. */
  get latest(): StatusSample {
    const latest = this.samples.at(-1);
    if (latest === undefined) throw new Error('there is no status yet');
    return latest;
  }

  /** The first sample from now on that this holds for; undefined when there is none within `limitMs`. */
  async next(holds: (status: GatewayStatus) => boolean, limitMs: number): Promise<StatusSample | undefined> {
    const deadlineMs = wallMs() + limitMs;
    for (let next = this.samples.length; ; ) {
      if (this.#failure !== undefined) throw this.#failure;
      for (; next < this.samples.length; next++) if (holds(this.samples[next]!.status)) return this.samples[next]!;
      if (wallMs() > deadlineMs) return undefined;
      await delay(this.#everyMs / 4);
    }
  }

  /** As `next`, but throws what did not come. */
  async until(holds: (status: GatewayStatus) => boolean, what: string, limitMs: number): Promise<StatusSample> {
    const sample = await this.next(holds, limitMs);
    if (sample === undefined) throw new Error(`waited ${limitMs} ms in vain for: ${what}`);
    return sample;
  }

  /** Throws what went wrong with a status, if anything did. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#ended;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #run(): Promise<void> {
    try {
      while (!this.#isStopping) {
        const atMs = wallMs();
        const status = await this.#stage.status();
        const tookMs = wallMs() - atMs;
        this.samples.push({ atMs, tookMs, status, usage: this.#stage.gatewayUsage() });
        await delay(Math.max(0, this.#everyMs - tookMs));
      }
    } catch (error) {
      this.#failure = error;
    }
  }
}
