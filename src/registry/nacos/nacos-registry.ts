import { type Clock, systemClock } from '../../time/clock.ts';
import { Ticker } from '../../time/ticker.ts';
import { MetadataFetcher } from '../metadata-fetcher.ts';
import type { ProviderSnapshot, Registry, RegistryStatus, RegistrySubscription, ServiceQuery } from '../registry.ts';
import type { RegistryEvent } from '../registry-event.ts';
import { WarningLimiter } from '../warning-limiter.ts';
import { SETTLE_MS, WatchedLists } from '../watched-lists.ts';
import { NacosApplicationWatch } from './nacos-application-watch.ts';
import { NacosInterfaceWatch, type NacosInterfaceWatchOwner } from './nacos-interface-watch.ts';
import { NacosLink, type NacosLinkListener } from './nacos-link.ts';
import type { NacosRegistryOptions } from './nacos-registry-options.ts';
import { ResourceMirror } from './resource-mirror.ts';

const DEFAULT_GROUP = 'DEFAULT_GROUP';
const LONGEST_TICK_MS = 1_000;

/**
 * Providers as Dubbo registers them in a Nacos, at the level of interfaces and of applications. One session serves all
 * subscriptions. Whatever happens to it, the last known lists stay; a new session reads everything again and only what
 * differs is told.
 */
export class NacosRegistry implements Registry, NacosInterfaceWatchOwner, NacosLinkListener {
  readonly #options: NacosRegistryOptions;
  readonly #clock: Clock;
  readonly #log: (event: RegistryEvent) => void;
  readonly #mirror: ResourceMirror;
  readonly #metadata: MetadataFetcher;
  readonly #link: NacosLink;
  readonly #lists: WatchedLists;
  readonly #warnings = new WarningLimiter();
  readonly #ticker: Ticker;
  readonly #applications = new Map<string, NacosApplicationWatch>();
  #state: RegistryStatus['state'] = 'connecting';
  #stateSinceMs: number;
  /** Why the registry does not answer; undefined while it does. */
  #absence: string | undefined;

  /**
   * Connects as soon as something is subscribed to.
   *
   * @throws ServerAddressError
   */
  constructor(options: NacosRegistryOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? ignore;
    this.#mirror = new ResourceMirror({
      pollMs: options.pollMs ?? 20_000,
      quickPollMs: options.quickPollMs ?? 5_000,
      maxInFlight: options.maxRequestsInFlight ?? 64,
    });
    this.#metadata = new MetadataFetcher(
      options.fetchMetadata,
      () => this.#clock.nowMs(),
      (message) => {
        this.#wake(SETTLE_MS);
        this.tell('metadata-failed', message);
      },
    );
    this.#link = new NacosLink(options, this.#clock, this.#mirror, this);
    this.#lists = new WatchedLists({
      keyOf: ({ interfaceName, version, group }) => `${interfaceName} ${version} ${group}`,
      watch: (query) => this.#watch(query),
      answeredAtMs: () => (this.#link.isUp ? this.#link.answeredAtMs : undefined),
      onThrow: (interfaceName, error) =>
        this.#log({ type: 'callback-threw', message: 'a subscriber of a list threw', interfaceName, error }),
    });
    this.#stateSinceMs = this.#clock.wallMs();
    this.#ticker = new Ticker(() => this.#tick());
  }

  subscribe(query: ServiceQuery, onChange: (snapshot: ProviderSnapshot) => void): RegistrySubscription {
    if (this.#state === 'closed') throw new Error('the registry is closed');
    const subscription = this.#lists.subscribe(query, onChange);
    this.#wake(0);
    return subscription;
  }

  status(): RegistryStatus {
    return {
      state: this.#state,
      sinceMs: this.#stateSinceMs,
      subscriptions: this.#lists.size,
      problem: this.#problem(),
    };
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#enter('closed');
    this.#ticker.stop();
    this.#lists.close();
    this.#link.close();
  }

  onUp(): void {
    this.#absence = undefined;
    this.#enter('connected');
    this.#log({ type: 'connected', message: 'the registry answers' });
    this.#wake(0);
  }

  onDown(reason: string): void {
    this.#lists.lost();
    if (this.#absence === undefined) {
      this.#log({ type: 'lost', message: `the registry cannot be reached: ${reason}; the last known lists stay` });
    }
    this.#absence = `the registry cannot be reached: ${reason}`;
    if (this.#state === 'connected') this.#enter('away');
  }

  onProgress(): void {
    this.#wake(0);
  }

  tell(type: RegistryEvent['type'], message: string): void {
    if (!this.#warnings.admits(message, this.#clock.nowMs())) return;
    const suppressed = this.#warnings.takeSuppressed();
    this.#log({
      type,
      message: suppressed === 0 ? message : `${message} (${suppressed} other warnings were left out)`,
    });
  }

  onStale(watch: NacosInterfaceWatch): void {
    this.#lists.markStale(watch, this.#clock.nowMs());
    this.#wake(SETTLE_MS);
  }

  retainApplication(application: string, onChange: () => void): NacosApplicationWatch {
    let watch = this.#applications.get(application);
    if (watch === undefined) {
      watch = new NacosApplicationWatch(application, this.#context);
      this.#applications.set(application, watch);
    }
    watch.users.add(onChange);
    return watch;
  }

  releaseApplication(watch: NacosApplicationWatch, onChange: () => void): void {
    watch.users.delete(onChange);
    if (watch.users.size > 0) return;
    this.#applications.delete(watch.application);
    watch.close();
  }

  get #context() {
    return {
      group: this.#options.group ?? DEFAULT_GROUP,
      mirror: this.#mirror,
      metadata: this.#metadata,
      warn: (problem: string, type: RegistryEvent['type'] = 'node-skipped') => this.tell(type, problem),
    };
  }

  #watch(query: ServiceQuery): NacosInterfaceWatch {
    return new NacosInterfaceWatch(query, this.#context, this, this.#options.emptyGraceMs ?? 600_000);
  }

  /** Does what is due, and says after how many ms to come again. */
  #tick(): number {
    const nowMs = this.#clock.nowMs();
    const linkDueMs = this.#lists.size > 0 ? this.#link.tick(nowMs) : Number.POSITIVE_INFINITY;
    this.#lists.publish(nowMs);
    this.#metadata.tick(nowMs);
    const dueMs = Math.min(linkDueMs, this.#metadata.nextDueMs, this.#lists.settledMs);
    return Math.min(Math.max(dueMs - nowMs, 1), LONGEST_TICK_MS);
  }

  #problem(): string | undefined {
    const { problem } = this.#link;
    if (this.#absence !== undefined) return problem ?? this.#absence;
    const denied = this.#mirror.deniedCount;
    if (denied > 0 && problem === undefined) {
      const who = this.#options.credentials === undefined ? 'the registry asks for a user' : 'the user lacks the right';
      return `${denied} services or entries may not be read: ${who}`;
    }
    if (problem === undefined && this.#mirror.isPushMissing) {
      return 'the registry answers but does not tell changes; they are found by asking';
    }
    return problem;
  }

  #enter(state: RegistryStatus['state']): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#stateSinceMs = this.#clock.wallMs();
  }

  #wake(inMs: number): void {
    if (this.#state !== 'closed') this.#ticker.wake(Math.max(inMs, 1));
  }
}

function ignore(): void {}
