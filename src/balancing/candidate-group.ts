import type { Balancer, SelectionRequest } from './balancer.ts';
import { type CallTarget, type Candidate, firstFree, isFree } from './candidate.ts';
import type { OutlierDetection } from './outlier-detection.ts';
import { weightAt } from './provider-weight.ts';

/** What a group needs beside its members. */
export interface CandidateGroupOptions<Target extends CallTarget> {
  readonly balancer: Balancer<Target>;
  /** Undefined where nobody is ever ejected. */
  readonly outliers: OutlierDetection | undefined;
  /** The zone to prefer; empty for none. */
  readonly zone: string;
  /** Share of the providers of the zone that must take part for the others not to be needed. */
  readonly minZoneShare: number;
  readonly random: () => number;
}

/** How often, in ms, what changes with time alone is looked at again: warm-up and the comparison with the others. */
const REFRESH_MS = 500;
/** After a probe that was due and found nobody free, in ms until it is tried again. */
const PROBE_RETRY_MS = 50;

/**
 * The providers of one tag. What does not depend on the request is worked out when something changes, so that a pick has
 * only to ask whether a provider is usable and was not tried.
 *
 * What is left out for its calls or its connection is used all the same where nothing else is left, in this order: of the
 * other zones, ejected, not usable. Disabled providers are never used.
 */
export class CandidateGroup<Target extends CallTarget> {
  readonly #options: CandidateGroupOptions<Target>;
  /** Members that are not disabled. */
  #enabled: readonly Candidate<Target>[] = [];
  /** Enabled ones of the zone, or all of them. */
  #local: readonly Candidate<Target>[] = [];
  /** Enabled ones that are not ejected. */
  #sound: readonly Candidate<Target>[] = [];
  /** Local ones that are not ejected. */
  #healthy: readonly Candidate<Target>[] = [];
  /** Enabled ones that must prove themselves before they take part again. */
  #waiting: readonly Candidate<Target>[] = [];
  #probeDueMs = Number.POSITIVE_INFINITY;
  #isWarming = false;
  /** Whether the lists above are not up to date. */
  #isChanged = false;

  constructor(options: CandidateGroupOptions<Target>) {
    this.#options = options;
  }

  /** Whether there is anybody but disabled providers. */
  get hasEnabled(): boolean {
    return this.#enabled.length > 0;
  }

  /** Whether only providers of the preferred zone take calls. */
  get isLocalOnly(): boolean {
    return this.#local !== this.#enabled;
  }

  /** Has other members from the next `refresh` on, which has to follow. */
  assign(members: readonly Candidate<Target>[]): void {
    this.#isChanged = true;
    this.#enabled = members.filter(isEnabled);
    for (const candidate of members) {
      if (isEnabled(candidate)) continue;
      candidate.weight = 0;
      candidate.isEjected = false;
    }
  }

  /**
   * Works out who takes calls from now on.
   *
   * @returns when to do so again at the latest, in ms; infinite where nothing changes by itself
   */
  refresh(nowMs: number): number {
    const { outliers } = this.#options;
    outliers?.judgeAll(this.#enabled, nowMs);
    this.#weigh(nowMs);
    this.#eject();
    if (this.#isChanged) this.#prepare();
    return this.#isWarming || outliers !== undefined ? nowMs + REFRESH_MS : Number.POSITIVE_INFINITY;
  }

  /** A provider for a call; undefined where all were tried or are disabled. */
  pick(request: SelectionRequest, tried: readonly Candidate[], nowMs: number): Candidate<Target> | undefined {
    if (nowMs >= this.#probeDueMs) {
      const probed = this.#probe(tried, nowMs);
      if (probed !== undefined) return probed;
    }
    return this.#options.balancer.pick(request, tried, nowMs) ?? this.#lastResort(tried);
  }

  /** A call to a member has failed, and its endpoint knows. */
  onFailure(candidate: Candidate<Target>, nowMs: number): void {
    this.#options.outliers?.judgeFailure(candidate, this.#enabled, nowMs);
  }

  /** What the balancer says of a request, leaving aside probes and last resorts. */
  ownerOf(request: SelectionRequest, nowMs: number): Candidate<Target> | undefined {
    return this.#options.balancer.pick(request, [], nowMs);
  }

  /** Those a first call can go to now. */
  inUse(): readonly Candidate<Target>[] {
    const usable = ({ target }: Candidate<Target>) => target.isUsable;
    for (const list of [this.#healthy, this.#sound]) if (list.some(usable)) return list.filter(usable);
    return this.#enabled.some(usable) ? this.#enabled.filter(usable) : this.#enabled;
  }

  /** Gives each its weight of now. */
  #weigh(nowMs: number): void {
    this.#isWarming = false;
    for (const candidate of this.#enabled) {
      const { weight, warmupMs } = candidate.instance;
      const weightNow = weightAt(weight, warmupMs, candidate.startedMs, nowMs);
      if (weightNow < weight) this.#isWarming = true;
      if (weightNow === candidate.weight) continue;
      candidate.weight = weightNow;
      this.#isChanged = true;
    }
  }

  /** Leaves out whom the endpoints say, as far as there may be so many: the list may have shrunk since. */
  #eject(): void {
    const { outliers } = this.#options;
    if (outliers === undefined) return;
    this.#waiting = this.#enabled.filter(({ endpoint }) => endpoint.ejection.state !== 'in');
    this.#probeDueMs = this.#nextProbeMs();
    let room = outliers.maxEjected(this.#enabled.length);
    for (const candidate of this.#enabled) {
      const isEjected = room > 0 && candidate.endpoint.ejection.state !== 'in';
      if (isEjected) room--;
      if (isEjected === candidate.isEjected) continue;
      candidate.isEjected = isEjected;
      this.#isChanged = true;
    }
  }

  #prepare(): void {
    this.#isChanged = false;
    this.#local = this.#inZone();
    this.#sound = this.#enabled.filter(({ isEjected }) => !isEjected);
    this.#healthy = this.isLocalOnly ? this.#local.filter(({ isEjected }) => !isEjected) : this.#sound;
    this.#options.balancer.prepare({ all: this.#local, healthy: this.#healthy });
  }

  #inZone(): readonly Candidate<Target>[] {
    const { zone, minZoneShare } = this.#options;
    if (zone === '') return this.#enabled;
    const near = this.#enabled.filter(({ instance }) => instance.zone === zone);
    const takingPart = near.filter(({ isEjected }) => !isEjected).length;
    return takingPart > 0 && takingPart >= near.length * minZoneShare ? near : this.#enabled;
  }

  #probe(tried: readonly Candidate[], nowMs: number): Candidate<Target> | undefined {
    for (const candidate of this.#waiting) {
      const { ejection } = candidate.endpoint;
      if (nowMs < ejection.dueMs || !isFree(candidate, tried) || !ejection.tryProbe(nowMs)) continue;
      this.#probeDueMs = this.#nextProbeMs();
      return candidate;
    }
    this.#probeDueMs = nowMs + PROBE_RETRY_MS;
    return undefined;
  }

  #nextProbeMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { endpoint } of this.#waiting) nextMs = Math.min(nextMs, endpoint.ejection.dueMs);
    return nextMs;
  }

  #lastResort(tried: readonly Candidate[]): Candidate<Target> | undefined {
    const enabled = this.#enabled;
    const { length } = enabled;
    if (length === 0) return undefined;
    const start = Math.floor(this.#options.random() * length);
    return (
      firstFree(this.#sound, tried, start) ?? firstFree(enabled, tried, start) ?? firstUntried(enabled, tried, start)
    );
  }
}

function isEnabled({ instance }: Candidate): boolean {
  return !instance.isDisabled && instance.weight > 0 && instance.weight < Number.POSITIVE_INFINITY;
}

function firstUntried<Target extends CallTarget>(
  candidates: readonly Candidate<Target>[],
  tried: readonly Candidate[],
  start: number,
): Candidate<Target> | undefined {
  const { length } = candidates;
  for (let i = 0; i < length; i++) {
    const candidate = candidates[(start + i) % length]!;
    if (!tried.includes(candidate)) return candidate;
  }
  return undefined;
}
