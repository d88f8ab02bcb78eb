import { hostsFingerprint, type NacosHost } from './nacos-host.ts';

export type ResourceKind = 'service' | 'entry';

/** What was read of a resource. */
export type NacosReading =
  /** `refTimeMs` grows with each change, on one server; 0 where it is not known. */
  | { readonly outcome: 'hosts'; readonly hosts: readonly NacosHost[]; readonly refTimeMs: number }
  | { readonly outcome: 'text'; readonly text: string }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'denied' }
  /** The server answered what says nothing about the resource. */
  | { readonly outcome: 'failed' }
  /** The server did not answer. */
  | { readonly outcome: 'unanswered' };

export interface ResourceListener {
  /** Told after a resource was read, or could not be. */
  onResource(resource: NacosResource, isChanged: boolean): void;
}

/** A service with its instances, or an entry of the configuration with its text, that somebody follows. */
export class NacosResource {
  readonly kind: ResourceKind;
  readonly group: string;
  readonly name: string;
  readonly listeners = new Set<ResourceListener>();
  /** Of a service; empty until it was read. */
  hosts: readonly NacosHost[] = [];
  /** Of an entry; undefined where there is none. */
  text: string | undefined;
  /** Whether it was read since the registry is there, or could not be read. */
  isSettled = false;
  /** Whether the server tells its changes in the present session. */
  isFollowed = false;
  isFollowing = false;
  isPolling = false;
  isDenied = false;
  /** Of the newest list in the present session. */
  refTimeMs = 0;
  /** Counts what was taken over, so that an answer can be seen to be older than something told meanwhile. */
  stamp = 0;
  fingerprint = '';

  constructor(kind: ResourceKind, group: string, name: string) {
    this.kind = kind;
    this.group = group;
    this.name = name;
  }
}

export interface ResourceMirrorOptions {
  /** Time in ms in which each resource is asked for once although its changes are told. */
  readonly pollMs: number;
  /** The same where changes are not told. */
  readonly quickPollMs: number;
  /** Requests of one kind under way at a time; of those beside a session not more than 16. */
  readonly maxInFlight: number;
}

/** Asked for one after the other, not more often than this in ms: with thousands of services a round takes longer. */
const SHORTEST_GAP_MS = 50;
/** The same where changes are not told. */
const SHORTEST_QUICK_GAP_MS = 5;
const MAX_POLLS = 16;
const RETRY_MS = 5_000;
/** A change that was found by asking is told this many ms later at most by a server that tells changes. */
const TOLD_WITHIN_MS = 3_000;

/**
 * What is known of the resources that somebody follows, and what is to be asked of the server next. Changes are told by
 * the server in a session; beside that everything is asked for again and again, so that a server that tells nothing is
 * noticed and its lists are right all the same.
 */
export class ResourceMirror {
  readonly #options: ResourceMirrorOptions;
  readonly #resources = new Map<string, NacosResource>();
  /** To be followed in the present session. */
  readonly #toFollow = new Set<NacosResource>();
  readonly #toUnfollow = new Set<NacosResource>();
  /** To be followed later, by when, as something went wrong. */
  readonly #retries = new Map<NacosResource, number>();
  /** Not yet read since the registry is there. */
  readonly #unread = new Set<NacosResource>();
  /** In the order in which they are polled. */
  readonly #turns = new Set<NacosResource>();
  /** Found changed by asking, and when that has to be told. */
  readonly #suspects = new Map<NacosResource, number>();
  #followsInFlight = 0;
  #pollsInFlight = 0;
  #polledAtMs = Number.NEGATIVE_INFINITY;
  #isOpen = false;
  #isPushMissing = false;

  constructor(options: ResourceMirrorOptions) {
    this.#options = options;
  }

  /** Whether there is a session and the server was seen not to tell a change. */
  get isPushMissing(): boolean {
    return this.#isPushMissing;
  }

  /** How many resources the server does not let us read. */
  get deniedCount(): number {
    let count = 0;
    for (const { isDenied } of this.#resources.values()) if (isDenied) count++;
    return count;
  }

  /** Whether nothing was found that is followed, and all of it was asked for. */
  get isAllEmpty(): boolean {
    for (const { isSettled, hosts, text } of this.#resources.values()) {
      if (!isSettled || hosts.length > 0 || text !== undefined) return false;
    }
    return this.#resources.size > 0;
  }

  /** Follows a resource; what is known is in it at once. */
  follow(kind: ResourceKind, group: string, name: string, listener: ResourceListener): NacosResource {
    const key = keyOf(kind, group, name);
    let resource = this.#resources.get(key);
    if (resource === undefined) {
      resource = new NacosResource(kind, group, name);
      this.#resources.set(key, resource);
      this.#turns.add(resource);
      this.#unread.add(resource);
      this.#toFollow.add(resource);
    }
    resource.listeners.add(listener);
    return resource;
  }

  unfollow(resource: NacosResource, listener: ResourceListener): void {
    resource.listeners.delete(listener);
    if (resource.listeners.size > 0) return;
    this.#resources.delete(keyOf(resource.kind, resource.group, resource.name));
    for (const set of [this.#turns, this.#unread, this.#toFollow, this.#retries, this.#suspects]) set.delete(resource);
    if (resource.isFollowed || resource.isFollowing) this.#toUnfollow.add(resource);
  }

  /** There is a session; everything is to be followed in it. */
  opened(): void {
    this.#isOpen = true;
    for (const resource of this.#resources.values()) this.#toFollow.add(resource);
  }

  /** The registry is gone, or only the session with it. */
  lost(): void {
    this.#isOpen = false;
    this.#isPushMissing = false;
    this.#followsInFlight = 0;
    for (const set of [this.#toUnfollow, this.#retries, this.#suspects]) set.clear();
    for (const resource of this.#resources.values()) {
      resource.isSettled = false;
      resource.isFollowed = false;
      resource.isFollowing = false;
      resource.refTimeMs = 0;
      if (!resource.isPolling) this.#unread.add(resource);
    }
  }

  /** What is to be followed now in the session; it has to be told to `followed`. */
  takeFollow(nowMs: number): NacosResource | undefined {
    if (!this.#isOpen || this.#followsInFlight >= this.#options.maxInFlight) return undefined;
    for (const [resource, atMs] of this.#retries) {
      if (atMs > nowMs) break;
      this.#retries.delete(resource);
      this.#toFollow.add(resource);
    }
    const [resource] = this.#toFollow;
    if (resource === undefined) return undefined;
    this.#toFollow.delete(resource);
    resource.isFollowing = true;
    this.#followsInFlight++;
    return resource;
  }

  /** What the server needs not tell any more. */
  takeUnfollow(): NacosResource | undefined {
    if (!this.#isOpen) return undefined;
    const [resource] = this.#toUnfollow;
    if (resource === undefined) return undefined;
    this.#toUnfollow.delete(resource);
    const { kind, group, name } = resource;
    // Somebody follows it anew.
    return this.#resources.has(keyOf(kind, group, name)) ? this.takeUnfollow() : resource;
  }

  /** What is to be asked for now; it has to be told to `polled`. */
  takePoll(nowMs: number): NacosResource | undefined {
    if (nowMs < this.pollDueMs) return undefined;
    const resource = this.#nextPoll!;
    this.#unread.delete(resource);
    this.#turns.delete(resource);
    this.#turns.add(resource);
    resource.isPolling = true;
    this.#pollsInFlight++;
    this.#polledAtMs = nowMs;
    return resource;
  }

  /** When something is to be asked for; infinite where nothing is. */
  get pollDueMs(): number {
    const isFull = this.#pollsInFlight >= Math.min(MAX_POLLS, this.#options.maxInFlight);
    if (isFull || this.#nextPoll === undefined) return Number.POSITIVE_INFINITY;
    // While there is no session nothing else says what is in it.
    if (!this.#isOpen && this.#unread.size > 0) return Number.NEGATIVE_INFINITY;
    const { pollMs, quickPollMs } = this.#options;
    const count = this.#turns.size;
    const isTold = this.#isOpen && !this.#isPushMissing;
    const gapMs = isTold
      ? Math.max(SHORTEST_GAP_MS, pollMs / count)
      : Math.max(SHORTEST_QUICK_GAP_MS, quickPollMs / count);
    return this.#polledAtMs + gapMs;
  }

  /** When something is to be done in the session; infinite where nothing is. */
  get followDueMs(): number {
    if (!this.#isOpen) return Number.POSITIVE_INFINITY;
    const [suspectMs = Number.POSITIVE_INFINITY] = this.#isPushMissing ? [] : this.#suspects.values();
    if (this.#toUnfollow.size > 0) return Number.NEGATIVE_INFINITY;
    if (this.#followsInFlight >= this.#options.maxInFlight) return suspectMs;
    if (this.#toFollow.size > 0) return Number.NEGATIVE_INFINITY;
    const [retryMs = Number.POSITIVE_INFINITY] = this.#retries.values();
    return Math.min(suspectMs, retryMs);
  }

  /** The answer to what was to be followed. */
  followed(resource: NacosResource, reading: NacosReading, nowMs: number): void {
    if (!resource.isFollowing) return;
    resource.isFollowing = false;
    this.#followsInFlight--;
    if (!this.#isKnown(resource)) return;
    resource.isFollowed = reading.outcome === 'hosts' || reading.outcome === 'text' || reading.outcome === 'absent';
    if (!resource.isFollowed) this.#retries.set(resource, nowMs + RETRY_MS);
    const isOlder = reading.outcome === 'hosts' && reading.refTimeMs < resource.refTimeMs;
    this.#settle(resource, !isOlder && this.#take(resource, reading));
  }

  /**
   * The answer to what was to be asked for.
   *
   * @param stamp of the resource when it was asked for
   */
  polled(resource: NacosResource, reading: NacosReading, stamp: number, nowMs: number): void {
    resource.isPolling = false;
    this.#pollsInFlight--;
    if (!this.#isKnown(resource)) return;
    if (reading.outcome === 'unanswered') {
      if (!resource.isSettled) this.#unread.add(resource);
      return;
    }
    if (stamp !== resource.stamp) return;
    const isChanged = this.#take(resource, reading);
    // The server tells changes of what is followed, so it is about to tell this one.
    if (isChanged && resource.isFollowed && !this.#suspects.has(resource)) {
      this.#suspects.set(resource, nowMs + TOLD_WITHIN_MS);
    }
    if (isChanged || !this.#isOpen) this.#settle(resource, isChanged);
  }

  /** The server told what the instances of a service are now. */
  toldHosts(group: string, name: string, reading: NacosReading): void {
    this.#told();
    const resource = this.#resources.get(keyOf('service', group, name));
    if (resource === undefined || reading.outcome !== 'hosts' || reading.refTimeMs < resource.refTimeMs) return;
    // What was asked for meanwhile is older.
    resource.stamp++;
    this.#settle(resource, this.#take(resource, reading));
  }

  /** The server told that an entry has another text. */
  toldEntry(group: string, name: string): void {
    this.#told();
    const resource = this.#resources.get(keyOf('entry', group, name));
    if (resource !== undefined) this.#toFollow.add(resource);
  }

  /**
   * Says whether it shows now that the server does not tell changes. Everything is followed anew then, as it may only
   * have forgotten what is.
   */
  noticesMissingPush(nowMs: number): boolean {
    const [dueMs = Number.POSITIVE_INFINITY] = this.#suspects.values();
    if (this.#isPushMissing || nowMs < dueMs) return false;
    this.#isPushMissing = true;
    this.#suspects.clear();
    for (const resource of this.#resources.values()) this.#toFollow.add(resource);
    return true;
  }

  get #nextPoll(): NacosResource | undefined {
    const [resource] = !this.#isOpen && this.#unread.size > 0 ? this.#unread : this.#turns;
    return resource === undefined || resource.isPolling ? undefined : resource;
  }

  #told(): void {
    this.#isPushMissing = false;
    this.#suspects.clear();
  }

  #isKnown(resource: NacosResource): boolean {
    return this.#resources.get(keyOf(resource.kind, resource.group, resource.name)) === resource;
  }

  /** Takes a reading over; says whether it differs. */
  #take(resource: NacosResource, reading: NacosReading): boolean {
    resource.isDenied = reading.outcome === 'denied';
    if (reading.outcome === 'hosts') {
      resource.refTimeMs = Math.max(resource.refTimeMs, reading.refTimeMs);
      const fingerprint = hostsFingerprint(reading.hosts);
      if (fingerprint === resource.fingerprint) return false;
      resource.fingerprint = fingerprint;
      resource.hosts = reading.hosts;
    } else if (reading.outcome === 'text' || reading.outcome === 'absent') {
      const text = reading.outcome === 'text' ? reading.text : undefined;
      if (text === resource.text) return false;
      resource.text = text;
    } else {
      return false;
    }
    resource.stamp++;
    return true;
  }

  #settle(resource: NacosResource, isChanged: boolean): void {
    resource.isSettled = true;
    this.#unread.delete(resource);
    for (const listener of [...resource.listeners]) listener.onResource(resource, isChanged);
  }
}

function keyOf(kind: ResourceKind, group: string, name: string): string {
  return `${kind} ${group} ${name}`;
}
