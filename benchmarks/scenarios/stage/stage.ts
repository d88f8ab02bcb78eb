import type { LoadPlan, RunningLoad } from '../../load/open-loop-load.ts';
import type { GatewayStatus, MethodOrder } from './gateway-status.ts';
import type { MethodName, StorySections } from './scenario-config.ts';

/** What a process uses. */
export interface Usage {
  /** User and system time in microseconds since its start. */
  readonly cpuMicros: number;
  readonly residentBytes: number;
}

/** A gateway, the provider behind it and the load in front of it. A story says what happens on it. */
export interface Stage {
  /** How long in ms each method takes from now on; those not named answer at once. */
  setDelays(delaysMs: Readonly<Partial<Record<MethodName, number>>>): Promise<void>;
  /** The provider stands still like a stopped process: its connections stay, nothing is read or answered. */
  freezeProvider(): void;
  thawProvider(): void;
  startLoad(plan: Omit<LoadPlan, 'port'>): RunningLoad;
  /** `GET /admin/v1/bulkheads` */
  status(): Promise<GatewayStatus>;
  /** An operator's order by the admin API. Gives the answer's HTTP status. */
  order(method: MethodName, order: MethodOrder): Promise<number>;
  /** What the gateway's process uses. */
  gatewayUsage(): Usage;
  stop(): Promise<void>;
}

/** Sets up a stage with a gateway of this configuration. */
export type OpenStage = (sections: StorySections) => Promise<Stage>;
