import type { ServerAddress } from '../../config/server-address.ts';
import type { Clock } from '../../time/clock.ts';
import { ReconnectBackoff } from '../../time/reconnect-backoff.ts';
import type { JsonRecord } from '../json-record.ts';
import type { RegistryEvent } from '../registry-event.ts';
import { SessionKeeper } from '../session-keeper.ts';
import { NacosHttp } from './nacos-http.ts';
import { NacosHttpApi, type NacosLogin } from './nacos-http-api.ts';
import { PUBLIC_NAMESPACE } from './nacos-names.ts';
import type { NacosRegistryOptions } from './nacos-registry-options.ts';
import { parseNacosServer } from './nacos-server.ts';
import { type GrpcLibrary, NacosSession, type NacosSessionListener } from './nacos-session.ts';
import { NacosSubscriber } from './nacos-subscriber.ts';
import type { NacosReading, NacosResource, ResourceMirror } from './resource-mirror.ts';
import { TokenKeeper } from './token-keeper.ts';

/** What a link tells of itself. Nothing is told after `close`. */
export interface NacosLinkListener {
  /** The registry answers. */
  onUp(): void;
  /** It does not answer any more, or not at all; in words without addresses. */
  onDown(reason: string): void;
  /** Something arrived: `tick` is to be called soon. */
  onProgress(): void;
  tell(type: RegistryEvent['type'], message: string): void;
}

/** After some tries a session is tried again so many ms later, while the registry answers over HTTP. */
const RETRY_SESSION_MS = 5_000;
const QUICK_RETRIES = 6;

/**
 * The way to a Nacos: logs in, keeps a session with one of the servers by which changes are told, and asks over HTTP
 * beside it, or instead of it where there is none. What is read goes into the mirror.
 */
export class NacosLink implements NacosSessionListener {
  readonly #options: NacosRegistryOptions;
  readonly #servers: readonly ServerAddress[];
  readonly #mirror: ResourceMirror;
  readonly #listener: NacosLinkListener;
  readonly #clock: Clock;
  readonly #http: NacosHttp;
  readonly #api: NacosHttpApi;
  readonly #subscriber: NacosSubscriber;
  readonly #token: TokenKeeper;
  readonly #keeper: SessionKeeper;
  readonly #httpBackoff: ReconnectBackoff;
  #library: GrpcLibrary | undefined;
  #session: NacosSession | undefined;
  /** Which one is asked. */
  #server: number;
  /** Which one the session is with. */
  #sessionServer = 0;
  #isUp = false;
  #isClosed = false;
  #retrySessionMs = Number.NEGATIVE_INFINITY;
  #isNamespaceChecked: boolean;
  #loginProblem: string | undefined;
  #sessionProblem: string | undefined;
  #namespaceProblem: string | undefined;
  #answeredAtMs: number | undefined;

  /** @throws ServerAddressError */
  constructor(options: NacosRegistryOptions, clock: Clock, mirror: ResourceMirror, listener: NacosLinkListener) {
    const random = options.random ?? Math.random;
    const namespace = options.namespace ?? PUBLIC_NAMESPACE;
    const connectTimeoutMs = options.connectTimeoutMs ?? 3_000;
    const maxPauseMs = options.maxPauseMs ?? 2_000;
    const warn = (problem: string): void => listener.tell('node-skipped', problem);
    this.#options = { ...options, connectTimeoutMs };
    this.#servers = options.servers.map(parseNacosServer);
    this.#server = Math.floor(random() * this.#servers.length);
    this.#mirror = mirror;
    this.#listener = listener;
    this.#clock = clock;
    this.#http = new NacosHttp(connectTimeoutMs);
    this.#api = new NacosHttpApi(this.#http, { contextPath: options.contextPath ?? '/nacos', namespace });
    this.#subscriber = new NacosSubscriber(namespace, warn);
    this.#token = new TokenKeeper(options.credentials !== undefined, random);
    this.#keeper = new SessionKeeper({ connectTimeoutMs, maxPauseMs, random });
    this.#httpBackoff = new ReconnectBackoff({ maxMs: maxPauseMs, random });
    this.#isNamespaceChecked = namespace === PUBLIC_NAMESPACE;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** When the registry last answered, by the wall clock in ms. */
  get answeredAtMs(): number | undefined {
    return this.#answeredAtMs;
  }

  /** What is wrong though the registry may answer. */
  get problem(): string | undefined {
    if (this.#loginProblem !== undefined) return this.#loginProblem;
    if (!this.#isUp) return undefined;
    if (this.#keeper.phase !== 'open' && this.#sessionProblem !== undefined) {
      return `changes are found by asking only, as its gRPC interface cannot be used: ${this.#sessionProblem}`;
    }
    return this.#mirror.isAllEmpty ? this.#namespaceProblem : undefined;
  }

  /** Does what is due; says when to come again. */
  tick(nowMs: number): number {
    if (this.#token.dueMs <= nowMs) this.#login();
    if (this.#token.isReady(nowMs)) {
      if (this.#options.protocol !== 'http') this.#keep(nowMs);
      this.#follow();
      this.#poll();
      this.#checkNamespace();
    } else if (this.#isUp) {
      this.#endSession(nowMs);
      this.#down('it refuses user and password');
    }
    return this.#dueMs(nowMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#session?.close();
    this.#session = undefined;
    this.#http.close();
  }

  onOpened(): void {
    this.#keeper.opened(this.#clock.nowMs(), this.#options.aliveMs ?? 15_000);
    this.#sessionProblem = undefined;
    this.#server = this.#sessionServer;
    this.#answered();
    this.#mirror.opened();
    this.#listener.onProgress();
  }

  onLost(reason: string): void {
    this.#lost(reason);
  }

  onTold(type: string, body: JsonRecord): void {
    this.#answered();
    this.#subscriber.told(type, body, this.#mirror);
    this.#listener.onProgress();
  }

  #dueMs(nowMs: number): number {
    if (!this.#token.isReady(nowMs)) return this.#token.dueMs;
    const sessionMs =
      this.#options.protocol === 'http'
        ? Number.POSITIVE_INFINITY
        : Math.max(this.#keeper.dueMs, this.#keeper.phase === 'idle' ? this.#retrySessionMs : this.#keeper.dueMs);
    const pollMs = this.#mayPoll
      ? Math.max(this.#mirror.pollDueMs, this.#httpBackoff.retryAtMs)
      : Number.POSITIVE_INFINITY;
    return Math.min(this.#token.dueMs, sessionMs, this.#mirror.followDueMs, pollMs);
  }

  /** While a session is about to begin, it will say everything. */
  get #mayPoll(): boolean {
    return this.#keeper.phase === 'open' || this.#options.protocol === 'http' || this.#keeper.failures > 0;
  }

  #keep(nowMs: number): void {
    const duty = this.#keeper.due(nowMs);
    if (duty === 'open') {
      if (nowMs >= this.#retrySessionMs) this.#open(nowMs);
    } else if (duty === 'probe') {
      this.#keeper.probed(nowMs);
      this.#session?.request('HealthCheckRequest', {}, (answer) => {
        if (answer !== undefined) this.#answered();
      });
    } else if (duty === 'abandon') {
      this.#lost(this.#keeper.phase === 'open' ? 'it stopped answering' : 'it does not answer in time');
    }
  }

  #open(nowMs: number): void {
    this.#keeper.opening(nowMs);
    if (this.#library === undefined) {
      this.#load();
      return;
    }
    this.#sessionServer = this.#server;
    const server = this.#servers[this.#server]!;
    const requestTimeoutMs = this.#options.connectTimeoutMs!;
    this.#session = new NacosSession(this.#library, server, { requestTimeoutMs, token: () => this.#token.token }, this);
  }

  #load(): void {
    import('./grpc-library.ts').then(
      ({ GRPC_LIBRARY }) => {
        this.#library = GRPC_LIBRARY;
        if (!this.#isClosed && this.#keeper.phase === 'opening' && this.#session === undefined) {
          this.#open(this.#clock.nowMs());
        }
      },
      () => this.#lost('the client library cannot be loaded'),
    );
  }

  #lost(reason: string): void {
    if (this.#isClosed) return;
    const wasOpen = this.#keeper.phase === 'open';
    const nowMs = this.#clock.nowMs();
    this.#endSession(nowMs);
    this.#sessionProblem = reason;
    if (wasOpen || !this.#isUp) {
      this.#down(reason);
    } else if (this.#keeper.failures > QUICK_RETRIES) {
      this.#retrySessionMs = nowMs + RETRY_SESSION_MS;
    }
  }

  #endSession(nowMs: number): void {
    this.#session?.close();
    this.#session = undefined;
    this.#keeper.lost(nowMs);
  }

  #down(reason: string): void {
    // While it is still up the listener sees what was confirmed until now.
    this.#listener.onDown(reason);
    this.#isUp = false;
    this.#server = (this.#server + 1) % this.#servers.length;
    this.#retrySessionMs = Number.NEGATIVE_INFINITY;
    this.#mirror.lost();
    this.#listener.onProgress();
  }

  #answered(): void {
    this.#keeper.answered(this.#clock.nowMs());
    this.#answeredAtMs = this.#clock.wallMs();
    if (this.#isUp) return;
    this.#isUp = true;
    this.#isNamespaceChecked = (this.#options.namespace ?? PUBLIC_NAMESPACE) === PUBLIC_NAMESPACE;
    this.#listener.onUp();
  }

  #follow(): void {
    const session = this.#session;
    if (session === undefined) return;
    const nowMs = this.#clock.nowMs();
    if (this.#mirror.noticesMissingPush(nowMs)) {
      this.#listener.tell('push-missing', 'the registry answers but does not tell changes; they are found by asking');
    }
    for (let gone = this.#mirror.takeUnfollow(); gone !== undefined; gone = this.#mirror.takeUnfollow()) {
      this.#subscriber.unfollow(session, gone);
    }
    for (let next = this.#mirror.takeFollow(nowMs); next !== undefined; next = this.#mirror.takeFollow(nowMs)) {
      const resource = next;
      this.#subscriber.follow(session, resource, (reading) => {
        if (reading.outcome !== 'unanswered') this.#answered();
        this.#mirror.followed(resource, reading, this.#clock.nowMs());
        this.#seen(reading);
      });
    }
  }

  #poll(): void {
    const nowMs = this.#clock.nowMs();
    if (!this.#mayPoll || this.#httpBackoff.isWaiting(nowMs)) return;
    const resource = this.#mirror.takePoll(nowMs);
    if (resource === undefined) return;
    const { stamp } = resource;
    const server = this.#servers[this.#server]!;
    this.#read(server, resource).then(
      (reading) => this.#polled(resource, reading, stamp),
      (error: unknown) => {
        this.#polled(resource, { outcome: 'unanswered' }, stamp);
        this.#unreachable(server, error);
      },
    );
    this.#poll();
  }

  #read(server: ServerAddress, { kind, group, name }: NacosResource): Promise<NacosReading> {
    const { token } = this.#token;
    if (kind === 'entry') return this.#api.readEntry(server, token, group, name);
    return this.#api.readService(server, token, group, name, (problem) => this.#listener.tell('node-skipped', problem));
  }

  #polled(resource: NacosResource, reading: NacosReading, stamp: number): void {
    if (this.#isClosed) return;
    if (reading.outcome !== 'unanswered') {
      this.#httpBackoff.succeeded();
      if (this.#keeper.phase !== 'open') this.#answered();
    }
    this.#mirror.polled(resource, reading, stamp, this.#clock.nowMs());
    this.#seen(reading);
  }

  #seen({ outcome }: NacosReading): void {
    if (outcome === 'denied') {
      this.#token.refused(this.#clock.nowMs());
      const isUser = this.#options.credentials !== undefined;
      const problem = isUser ? 'does not let the user read what is asked for' : 'asks for user and password';
      this.#listener.tell('refused', `the registry ${problem}`);
    }
    this.#listener.onProgress();
  }

  /** No answer over HTTP. */
  #unreachable(server: ServerAddress, error: unknown): void {
    const nowMs = this.#clock.nowMs();
    // Several that were asked at the same moment are one failure.
    if (this.#isClosed || this.#httpBackoff.isWaiting(nowMs) || server !== this.#servers[this.#server]) return;
    this.#httpBackoff.failed(nowMs);
    if (this.#keeper.phase !== 'open') this.#down(reasonOf(error));
  }

  #login(): void {
    this.#token.asking();
    const { user, password } = this.#options.credentials!;
    const server = this.#servers[this.#server]!;
    this.#api.login(server, user, password).then(
      (login) => this.#loggedIn(login),
      (error: unknown) => {
        if (this.#isClosed) return;
        this.#token.unanswered(this.#clock.nowMs());
        if (this.#isUp) this.#listener.onProgress();
        else this.#down(reasonOf(error));
      },
    );
  }

  #loggedIn(login: NacosLogin): void {
    if (this.#isClosed) return;
    const nowMs = this.#clock.nowMs();
    if (login.outcome === 'token') this.#token.obtained(login.token, login.ttlMs, nowMs);
    else if (login.outcome === 'none') this.#token.notNeeded();
    else this.#token.failed(nowMs);
    const isRefused = login.outcome === 'refused';
    if (isRefused && this.#loginProblem === undefined) {
      this.#listener.tell('refused', 'the registry refuses user and password');
    }
    this.#loginProblem = isRefused ? 'the registry refuses user and password' : undefined;
    this.#listener.onProgress();
  }

  /** A namespace that does not exist looks like one without providers. */
  #checkNamespace(): void {
    if (this.#isNamespaceChecked || !this.#isUp || !this.#mirror.isAllEmpty) return;
    this.#isNamespaceChecked = true;
    const namespace = JSON.stringify(this.#options.namespace);
    this.#api.knowsNamespace(this.#servers[this.#server]!, this.#token.token).then(
      (isKnown) => {
        if (this.#isClosed || isKnown === true) return;
        const problem =
          isKnown === false
            ? `the registry knows no namespace ${namespace}: give its identifier, not its name`
            : `nothing is found in namespace ${namespace}: give its identifier, not its name`;
        this.#namespaceProblem = problem;
        this.#listener.tell('namespace-unknown', problem);
      },
      () => {
        this.#isNamespaceChecked = false;
      },
    );
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it cannot be asked';
}
