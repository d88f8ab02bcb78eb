import type { ServerAddress } from '../../config/server-address.ts';
import { type Clock, systemClock } from '../../time/clock.ts';
import { Ticker } from '../../time/ticker.ts';
import { MetadataFetcher } from '../metadata-fetcher.ts';
import type { ProviderSnapshot, Registry, RegistryStatus, RegistrySubscription, ServiceQuery } from '../registry.ts';
import type { RegistryEvent } from '../registry-event.ts';
import { SessionKeeper } from '../session-keeper.ts';
import { WarningLimiter } from '../warning-limiter.ts';
import { SETTLE_MS, WatchedLists } from '../watched-lists.ts';
import { ApplicationWatch } from './application-watch.ts';
import { InterfaceWatch, type InterfaceWatchOwner } from './interface-watch.ts';
import { NodeMirror } from './node-mirror.ts';
import { parseZookeeperServer } from './parse-zookeeper-server.ts';
import { ZookeeperPaths } from './zookeeper-paths.ts';
import type { ZookeeperRegistryOptions } from './zookeeper-registry-options.ts';
import { type ZookeeperLibrary, ZookeeperSession, type ZookeeperSessionListener } from './zookeeper-session.ts';

const RETRY_NODE_MS = 5_000;
const LONGEST_TICK_MS = 1_000;

/**
 * Providers as Dubbo registers them in a ZooKeeper, at the level of interfaces and of applications. One session serves
 * all subscriptions. Whatever happens to it, the last known lists stay; a new session reads everything again and only
 * what differs is told.
 */
export class ZookeeperRegistry implements Registry, InterfaceWatchOwner, ZookeeperSessionListener {
  readonly #options: ZookeeperRegistryOptions;
  readonly #servers: readonly ServerAddress[];
  readonly #clock: Clock;
  readonly #log: (event: RegistryEvent) => void;
  readonly #paths: ZookeeperPaths;
  readonly #mirror: NodeMirror;
  readonly #metadata: MetadataFetcher;
  readonly #keeper: SessionKeeper;
  readonly #warnings = new WarningLimiter();
  readonly #ticker: Ticker;
  readonly #lists: WatchedLists;
  readonly #applications = new Map<string, ApplicationWatch>();
  #library: ZookeeperLibrary | undefined;
  #session: ZookeeperSession | undefined;
  #nextServer: number;
  #state: RegistryStatus['state'] = 'connecting';
  #stateSinceMs: number;
  #problem: string | undefined;
  #isChrootMissing = false;
  /** By the wall clock. */
  #lastAnswerAtMs: number | undefined;

  /**
   * Connects as soon as something is subscribed to.
   *
   * @throws ServerAddressError
   */
  constructor(options: ZookeeperRegistryOptions) {
    this.#options = options;
    this.#servers = options.servers.map(parseZookeeperServer);
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? ignore;
    const random = options.random ?? Math.random;
    this.#nextServer = Math.floor(random() * this.#servers.length);
    this.#paths = new ZookeeperPaths(options);
    this.#mirror = new NodeMirror({
      debounceMs: options.debounceMs ?? 150,
      maxReadsInFlight: options.maxReadsInFlight ?? 64,
      retryMs: RETRY_NODE_MS,
    });
    this.#metadata = new MetadataFetcher(
      options.fetchMetadata,
      () => this.#clock.nowMs(),
      (message) => {
        this.#wake(SETTLE_MS);
        this.#tell('metadata-failed', message);
      },
    );
    this.#keeper = new SessionKeeper({
      connectTimeoutMs: options.connectTimeoutMs ?? 3_000,
      maxPauseMs: options.maxPauseMs ?? 2_000,
      random,
    });
    this.#lists = new WatchedLists({
      keyOf: ({ interfaceName }) => interfaceName,
      watch: ({ interfaceName }) => this.#watchInterface(interfaceName),
      answeredAtMs: () => (this.#state === 'connected' ? this.#lastAnswerAtMs : undefined),
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
      problem: this.#presentProblem(),
    };
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#enter('closed');
    this.#ticker.stop();
    this.#lists.close();
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  onOpened(sessionTimeoutMs: number): void {
    this.#keeper.opened(this.#clock.nowMs(), sessionTimeoutMs);
    this.#answered();
    this.#problem = undefined;
    this.#enter('connected');
    this.#log({ type: 'connected', message: 'the registry answers' });
    this.#mirror.sessionOpened();
    this.#readDue();
    if (this.#paths.hasChroot) this.#ask();
    this.#wake(SETTLE_MS);
  }

  onLost(reason: string): void {
    this.#lost(reason);
  }

  onNodeEvent(path: string): void {
    this.#answered();
    this.#mirror.changed(path, this.#clock.nowMs());
    this.#wake(this.#options.debounceMs ?? 150);
  }

  onStale(watch: InterfaceWatch): void {
    this.#lists.markStale(watch, this.#clock.nowMs());
    this.#wake(SETTLE_MS);
  }

  retainApplication(application: string, onChange: () => void): ApplicationWatch {
    let watch = this.#applications.get(application);
    if (watch === undefined) {
      watch = new ApplicationWatch(application, this.#context);
      this.#applications.set(application, watch);
    }
    watch.users.add(onChange);
    return watch;
  }

  releaseApplication(watch: ApplicationWatch, onChange: () => void): void {
    watch.users.delete(onChange);
    if (watch.users.size > 0) return;
    this.#applications.delete(watch.application);
    watch.close();
  }

  get #context() {
    return {
      paths: this.#paths,
      mirror: this.#mirror,
      metadata: this.#metadata,
      warn: (problem: string, type: RegistryEvent['type'] = 'node-skipped') => this.#tell(type, problem),
    };
  }

  #watchInterface(interfaceName: string): InterfaceWatch {
    return new InterfaceWatch(interfaceName, this.#context, this, this.#options.emptyGraceMs ?? 600_000);
  }

  /** Does what is due, and says after how many ms to come again. */
  #tick(): number {
    const nowMs = this.#clock.nowMs();
    this.#keep(nowMs);
    this.#readDue();
    this.#lists.publish(nowMs);
    this.#metadata.tick(nowMs);
    return Math.min(Math.max(this.#nextDueMs(nowMs) - nowMs, 1), LONGEST_TICK_MS);
  }

  #nextDueMs(nowMs: number): number {
    return Math.min(this.#keeper.dueMs, this.#mirror.nextDueMs(nowMs), this.#metadata.nextDueMs, this.#lists.settledMs);
  }

  #keep(nowMs: number): void {
    const duty = this.#keeper.due(nowMs);
    if (duty === 'open') this.#open(nowMs);
    else if (duty === 'probe') this.#probe(nowMs);
    else if (duty === 'abandon')
      this.#lost(this.#keeper.phase === 'open' ? 'it stopped answering' : 'it does not answer');
  }

  #open(nowMs: number): void {
    this.#keeper.opening(nowMs);
    if (this.#library === undefined) {
      this.#load();
      return;
    }
    const server = this.#servers[this.#nextServer++ % this.#servers.length]!;
    const sessionTimeoutMs = this.#options.sessionTimeoutMs ?? 10_000;
    this.#session = new ZookeeperSession(this.#library, server, this.#options.credentials, sessionTimeoutMs, this);
  }

  #load(): void {
    import('./zookeeper-library.ts').then(
      ({ ZOOKEEPER_LIBRARY }) => {
        this.#library = ZOOKEEPER_LIBRARY;
        if (this.#state !== 'closed' && this.#keeper.phase === 'opening' && this.#session === undefined) {
          this.#open(this.#clock.nowMs());
        }
      },
      () => this.#lost('the client library cannot be loaded'),
    );
  }

  #probe(nowMs: number): void {
    this.#keeper.probed(nowMs);
    this.#ask();
  }

  /** Asks for the chroot: without it there is nothing, which looks as if nobody had registered yet. */
  #ask(): void {
    this.#session?.probe(this.#paths.top, (isThere) => {
      this.#answered();
      this.#isChrootMissing = isThere === false;
      if (this.#isChrootMissing) this.#tell('namespace-unknown', this.#chrootProblem);
    });
  }

  #lost(reason: string): void {
    this.#session?.destroy();
    this.#session = undefined;
    if (this.#state === 'closed') return;
    this.#keeper.lost(this.#clock.nowMs());
    this.#mirror.sessionLost();
    this.#lists.lost();
    if (this.#state === 'connected' || this.#problem === undefined) {
      this.#log({ type: 'lost', message: `the registry cannot be reached: ${reason}; the last known lists stay` });
    }
    this.#problem = `the registry cannot be reached: ${reason}`;
    if (this.#state === 'connected') this.#enter('away');
    this.#wake(0);
  }

  #answered(): void {
    this.#keeper.answered(this.#clock.nowMs());
    this.#lastAnswerAtMs = this.#clock.wallMs();
  }

  #readDue(): void {
    const session = this.#session;
    if (session === undefined) return;
    for (;;) {
      const node = this.#mirror.takeDue(this.#clock.nowMs());
      if (node === undefined) return;
      session.read(node.kind, node.path, (reading) => {
        this.#answered();
        if (reading.outcome === 'denied') this.#tell('refused', `not every node may be read: ${this.#denial}`);
        this.#mirror.answered(node, reading, this.#clock.nowMs());
        this.#readDue();
      });
    }
  }

  #presentProblem(): string | undefined {
    if (this.#problem !== undefined) return this.#problem;
    if (this.#isChrootMissing) return this.#chrootProblem;
    const denied = this.#mirror.deniedCount;
    return denied === 0 ? undefined : `${denied} nodes may not be read: ${this.#denial}`;
  }

  get #chrootProblem(): string {
    return `the registry has no node ${JSON.stringify(this.#paths.top)}, which is configured as chroot`;
  }

  get #denial(): string {
    return this.#options.credentials === undefined
      ? 'the registry asks for user and password'
      : 'user or password are wrong or lack the right';
  }

  #tell(type: RegistryEvent['type'], message: string): void {
    if (!this.#warnings.admits(message, this.#clock.nowMs())) return;
    const suppressed = this.#warnings.takeSuppressed();
    this.#log({
      type,
      message: suppressed === 0 ? message : `${message} (${suppressed} other warnings were left out)`,
    });
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
