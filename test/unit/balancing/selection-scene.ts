import { ANY_PROVIDER, type SelectionRequest } from '../../../src/balancing/balancer.ts';
import type { CallResult } from '../../../src/balancing/call-record.ts';
import type { CallTarget, Candidate } from '../../../src/balancing/candidate.ts';
import { EndpointTable } from '../../../src/balancing/endpoint-table.ts';
import { ProviderSelection, type ProviderSelectionOptions } from '../../../src/balancing/provider-selection.ts';
import { DEFAULT_EJECTION } from '../../../src/config/ejection-schema.ts';
import type { ProviderInstance } from '../../../src/registry/provider-instance.ts';
import { seededRandom } from './seeded-random.ts';

/** A provider that is told whether it is usable, and notes that it was let go. */
export class FakeTarget implements CallTarget {
  isUsable = true;
  isReleased = false;

  release(): void {
    this.isReleased = true;
  }
}

/** The host names the provider. */
export function instance(host: string, fields: Partial<ProviderInstance> = {}): ProviderInstance {
  return {
    address: { host, port: 20880, key: `${host}:20880` },
    version: '',
    group: '',
    application: '',
    token: '',
    weight: 100,
    warmupMs: 0,
    startedAtMs: undefined,
    tag: '',
    zone: '',
    isDisabled: false,
    ...fields,
  };
}

export function instances(hosts: readonly string[], fields: Partial<ProviderInstance> = {}): ProviderInstance[] {
  return hosts.map((host) => instance(host, fields));
}

/** What the answers of a provider are like. */
export interface Behaviour {
  readonly latencyMs: number;
  readonly result: CallResult;
}

export const WELL: Behaviour = { latencyMs: 5, result: 'ok' };
const UNTRIED: readonly Candidate[] = [];

interface RunningCall {
  readonly candidate: Candidate<FakeTarget>;
  readonly startedMs: number;
  readonly endMs: number;
  readonly result: CallResult;
}

/** A selection with providers that answer as told, on a clock of its own. */
export class SelectionScene {
  readonly targets = new Map<string, FakeTarget>();
  readonly endpoints: EndpointTable;
  readonly selection: ProviderSelection<FakeTarget>;
  readonly behaviours = new Map<string, Behaviour>();
  nowMs = 0;
  #running: RunningCall[] = [];

  constructor(options: Partial<ProviderSelectionOptions<FakeTarget>> = {}) {
    this.endpoints = options.endpoints ?? new EndpointTable();
    this.selection = new ProviderSelection({
      version: '',
      group: '',
      balancer: 'p2c',
      ejection: DEFAULT_EJECTION,
      zone: '',
      endpoints: this.endpoints,
      scope: 'demo',
      random: seededRandom(7),
      open: ({ host }) => {
        const target = new FakeTarget();
        this.targets.set(host, target);
        return target;
      },
      ...options,
    });
  }

  /** Without a wall clock: starts of providers are told on the clock of the scene. */
  update(list: readonly ProviderInstance[]): void {
    this.selection.update(list, this.nowMs, this.nowMs);
  }

  /** Host of a pick; `none` if there is none. */
  pick(request: Partial<SelectionRequest> = {}, tried: readonly Candidate<FakeTarget>[] = []): string {
    const picked = this.selection.pick({ ...ANY_PROVIDER, ...request }, tried, this.nowMs);
    return picked?.instance.address.host ?? 'none';
  }

  /** How often each host was picked, by call. */
  counts(calls: number, request: Partial<SelectionRequest> = {}): Record<string, number> {
    const counts: Record<string, number> = {};
    for (let i = 0; i < calls; i++) {
      const host = this.pick(request);
      counts[host] = (counts[host] ?? 0) + 1;
    }
    return counts;
  }

  candidate(host: string): Candidate<FakeTarget> {
    for (const candidate of this.selection.candidates) if (candidate.instance.address.host === host) return candidate;
    throw new Error(`${host} is not in the list`);
  }

  /** Hosts that are left out at present. */
  ejected(): string[] {
    return [...this.selection.candidates]
      .filter(({ isEjected }) => isEjected)
      .map((each) => each.instance.address.host);
  }

  /** One call from start to end. */
  call(host: string, { latencyMs, result }: Behaviour): void {
    const candidate = this.candidate(host);
    this.selection.onStart(candidate);
    this.selection.onEnd(candidate, result, this.nowMs, this.nowMs + latencyMs);
  }

  /** Lets calls come evenly for a time, and says how many each host got of them. */
  run(forMs: number, callsPerSecond: number, onCall?: () => void): Record<string, number> {
    const counts: Record<string, number> = {};
    const endMs = this.nowMs + forMs;
    const stepMs = 1_000 / callsPerSecond;
    for (let nowMs = this.nowMs + stepMs; nowMs <= endMs; nowMs += stepMs) {
      this.#endCalls(nowMs);
      this.nowMs = nowMs;
      const host = this.#start();
      counts[host] = (counts[host] ?? 0) + 1;
      onCall?.();
    }
    this.nowMs = endMs;
    return counts;
  }

  #start(): string {
    const candidate = this.selection.pick(ANY_PROVIDER, UNTRIED, this.nowMs);
    if (candidate === undefined) return 'none';
    const { host } = candidate.instance.address;
    const { latencyMs, result } = this.behaviours.get(host) ?? WELL;
    this.selection.onStart(candidate);
    this.#running.push({ candidate, startedMs: this.nowMs, endMs: this.nowMs + latencyMs, result });
    return host;
  }

  #endCalls(nowMs: number): void {
    const due = this.#running.filter(({ endMs }) => endMs <= nowMs).sort((a, b) => a.endMs - b.endMs);
    this.#running = this.#running.filter(({ endMs }) => endMs > nowMs);
    for (const { candidate, startedMs, endMs, result } of due) {
      this.selection.onEnd(candidate, result, startedMs, endMs);
    }
  }
}
