import type { ProviderAddress } from '../config/provider-address.ts';
import type { ProviderInstance } from '../registry/provider-instance.ts';
import type { SelectionRequest } from './balancer.ts';
import type { CallResult } from './call-record.ts';
import { type CallTarget, Candidate } from './candidate.ts';
import { CandidateGroup } from './candidate-group.ts';
import { type BalancerName, createBalancer } from './create-balancer.ts';
import type { EjectionRules } from './ejection-rules.ts';
import type { EndpointObserver } from './endpoint.ts';
import type { EndpointTable } from './endpoint-table.ts';
import { OutlierDetection } from './outlier-detection.ts';
import type { ProviderExplanation, ProviderFilter } from './provider-explanation.ts';

/** Settings of a {@link ProviderSelection}. */
export interface ProviderSelectionOptions<Target extends CallTarget> {
  /** Version and group that are called; empty, or version 0.0.0, for none. Providers of others take no calls. */
  readonly version: string;
  readonly group: string;
  readonly balancer: BalancerName;
  /** Undefined where nobody is ever ejected. */
  readonly ejection: EjectionRules | undefined;
  /** The zone to prefer; empty for none. */
  readonly zone: string;
  /** Share of the zone's providers that must take part for the other zones not to be needed; default 0.5. */
  readonly minZoneShare?: number;
  /** What calls have shown, kept beyond this selection. */
  readonly endpoints: EndpointTable;
  /** Who shares that: selections of one scope know the same of an address. */
  readonly scope: string;
  /** A number from 0 to below 1, like `Math.random`. */
  readonly random: () => number;
  /** What calls to an address go through. It is released when the address leaves the list. */
  open(address: ProviderAddress): Target;
}

/** From this size on, the list is worked out anew after an ejection only so often that it costs no more than the calls. */
const LARGE_LIST = 1_000;
/** Then it waits for this long in ms for each provider. */
const REFRESH_MS_PER_PROVIDER = 0.005;

/**
 * The providers of one service, and which of them gets a call. Filters come in this order: version and group, tag, zone,
 * disabled, ejected, not usable; then the balancer decides.
 *
 * Tags are Dubbo's (`TagRouter`): a request with a tag wants providers of that tag; where there is none but disabled ones
 * it takes untagged providers, unless it insists. A request without a tag takes untagged providers only.
 *
 * Pure but for what `open` does: the time comes with each call, on a clock that does not go back.
 */
export class ProviderSelection<Target extends CallTarget> implements EndpointObserver {
  readonly #options: ProviderSelectionOptions<Target>;
  #candidates = new Map<string, Candidate<Target>>();
  /** Providers of another version or group. */
  #others: readonly ProviderInstance[] = [];
  /** By tag; the one of untagged providers is there always. */
  readonly #groups = new Map<string, CandidateGroup<Target>>();
  readonly #untagged: CandidateGroup<Target>;
  #isStale = false;
  #refreshedMs = Number.NEGATIVE_INFINITY;
  #refreshDueMs = Number.POSITIVE_INFINITY;

  constructor(options: ProviderSelectionOptions<Target>) {
    this.#options = options;
    this.#untagged = this.#createGroup();
    this.#groups.set('', this.#untagged);
  }

  /** Providers of the version and group, in the order of the list. */
  get candidates(): Iterable<Candidate<Target>> {
    return this.#candidates.values();
  }

  /** How many providers of the version and group there are. */
  get size(): number {
    return this.#candidates.size;
  }

  /**
   * Takes over a list. What is known of an address that stays is kept; of two instances with one address the first counts.
   *
   * @param wallMs the present time in ms since 1970, as the starts of providers are told
   */
  update(instances: readonly ProviderInstance[], nowMs: number, wallMs: number): void {
    const before = this.#candidates;
    const after = new Map<string, Candidate<Target>>();
    const others: ProviderInstance[] = [];
    for (const instance of instances) {
      if (this.#mismatch(instance) !== undefined) {
        others.push(instance);
        continue;
      }
      const { key } = instance.address;
      if (after.has(key)) continue;
      const candidate = before.get(key) ?? this.#enter(instance);
      candidate.instance = instance;
      candidate.startedMs = instance.startedAtMs === undefined ? undefined : instance.startedAtMs - wallMs + nowMs;
      after.set(key, candidate);
    }
    this.#candidates = after;
    this.#others = others;
    for (const [key, candidate] of before) if (!after.has(key)) this.#leave(candidate);
    this.#regroup();
    this.#refresh(nowMs);
  }

  /**
   * A provider for a call; undefined where there is none but disabled ones, or all were tried. Where all that is left is
   * ejected or not usable, it is one of those. `onStart` has to follow, and then `onEnd`: the call may be the probe of a
   * provider that was ejected.
   *
   * @param tried where the call was before
   */
  pick(request: SelectionRequest, tried: readonly Candidate[], nowMs: number): Candidate<Target> | undefined {
    if (nowMs >= this.#refreshDueMs || (this.#isStale && this.#isRefreshWorthwhile(nowMs))) this.#refresh(nowMs);
    return this.#groupOf(request)?.pick(request, tried, nowMs);
  }

  /** A call goes to this candidate now. */
  onStart(candidate: Candidate<Target>): void {
    candidate.endpoint.onStart();
  }

  /** It has ended, also if the candidate has left the list meanwhile. `startedMs` is not before the pick. */
  onEnd(candidate: Candidate<Target>, result: CallResult, startedMs: number, nowMs: number): void {
    candidate.endpoint.onEnd(result, startedMs, nowMs, this.#options.ejection);
    if (result === 'failure') this.#groups.get(candidate.instance.tag)?.onFailure(candidate, nowMs);
  }

  onEndpointChange(): void {
    this.#isStale = true;
  }

  /** Each provider with what keeps requests like this one from it. Nothing is picked. */
  explain(request: SelectionRequest, nowMs: number): ProviderExplanation[] {
    this.#refresh(nowMs);
    const group = this.#groupOf(request);
    const isByHash = this.#options.balancer === 'consistent-hash';
    const owner = isByHash && request.hash >= 0 ? group?.ownerOf(request, nowMs) : undefined;
    const shares = owner === undefined ? sharesOf(group?.inUse() ?? [], !isByHash) : new Map([[owner, 1]]);
    const rows = [...this.#candidates.values()].map((candidate): ProviderExplanation => {
      return {
        instance: candidate.instance,
        filter: shares.has(candidate) ? undefined : this.#filterOf(candidate, group),
        ejection: candidate.endpoint.ejection.reason,
        weight: candidate.weight,
        share: shares.get(candidate) ?? 0,
        inFlight: candidate.endpoint.inFlight,
      };
    });
    for (const instance of this.#others) {
      const filter = this.#mismatch(instance);
      rows.push({ instance, filter, ejection: undefined, weight: 0, share: 0, inFlight: 0 });
    }
    return rows;
  }

  /** Gives back all targets and endpoints. There is nothing to pick from then on. */
  close(): void {
    this.update([], this.#refreshedMs, 0);
  }

  #createGroup(): CandidateGroup<Target> {
    const { balancer, ejection, zone, minZoneShare = 0.5, random } = this.#options;
    return new CandidateGroup({
      balancer: createBalancer<Target>(balancer, random),
      outliers: ejection === undefined ? undefined : new OutlierDetection(ejection),
      zone,
      minZoneShare,
      random,
    });
  }

  #mismatch({ version, group }: ProviderInstance): 'version' | 'group' | undefined {
    if (withoutDefault(version) !== withoutDefault(this.#options.version)) return 'version';
    return group === this.#options.group ? undefined : 'group';
  }

  #enter(instance: ProviderInstance): Candidate<Target> {
    const { endpoints, scope } = this.#options;
    const target = this.#options.open(instance.address);
    const endpoint = endpoints.retain(scope, instance.address);
    endpoint.observe(this);
    return new Candidate(target, endpoint, instance);
  }

  #leave({ target, endpoint }: Candidate<Target>): void {
    const { endpoints, scope } = this.#options;
    endpoint.unobserve(this);
    endpoints.release(scope, endpoint.address);
    target.release();
  }

  #regroup(): void {
    const byTag = new Map<string, Candidate<Target>[]>([['', []]]);
    for (const candidate of this.#candidates.values()) {
      const { tag } = candidate.instance;
      const members = byTag.get(tag);
      if (members === undefined) byTag.set(tag, [candidate]);
      else members.push(candidate);
    }
    for (const tag of this.#groups.keys()) if (!byTag.has(tag)) this.#groups.delete(tag);
    for (const [tag, members] of byTag) {
      let group = this.#groups.get(tag);
      if (group === undefined) {
        group = this.#createGroup();
        this.#groups.set(tag, group);
      }
      group.assign(members);
    }
  }

  #refresh(nowMs: number): void {
    let dueMs = Number.POSITIVE_INFINITY;
    for (const group of this.#groups.values()) dueMs = Math.min(dueMs, group.refresh(nowMs));
    this.#refreshDueMs = dueMs;
    this.#refreshedMs = nowMs;
    this.#isStale = false;
  }

  #isRefreshWorthwhile(nowMs: number): boolean {
    const { size } = this.#candidates;
    return size < LARGE_LIST || nowMs - this.#refreshedMs >= size * REFRESH_MS_PER_PROVIDER;
  }

  #groupOf({ tag, isTagForced }: SelectionRequest): CandidateGroup<Target> | undefined {
    if (tag === '') return this.#untagged;
    const group = this.#groups.get(tag);
    if (group?.hasEnabled === true) return group;
    return isTagForced ? undefined : this.#untagged;
  }

  /** What keeps calls from a candidate that gets none; undefined for one that only another hash finds. */
  #filterOf(candidate: Candidate<Target>, group: CandidateGroup<Target> | undefined): ProviderFilter | undefined {
    const { instance } = candidate;
    if (group === undefined || this.#groups.get(instance.tag) !== group) return 'tag';
    if (group.isLocalOnly && instance.zone !== this.#options.zone) return 'zone';
    if (candidate.weight === 0) return 'disabled';
    if (candidate.isEjected) return 'ejected';
    return candidate.target.isUsable ? undefined : 'unusable';
  }
}

/** Part of the calls of each, by weight or alike. */
function sharesOf<Target extends CallTarget>(
  candidates: readonly Candidate<Target>[],
  isByWeight: boolean,
): Map<Candidate<Target>, number> {
  const weightOf = ({ weight }: Candidate<Target>) => (isByWeight ? weight : 1);
  const sum = candidates.reduce((total, candidate) => total + weightOf(candidate), 0);
  return new Map(candidates.map((candidate) => [candidate, weightOf(candidate) / sum]));
}

/** Dubbo's providers say nothing or 0.0.0 for a service without a version. */
function withoutDefault(version: string): string {
  return version === '0.0.0' ? '' : version;
}
