import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import * as grpc from '@grpc/grpc-js';
import { decodeNacosPayload, encodeNacosPayload } from '../../src/registry/nacos/nacos-payload.ts';

/** How a server shall behave; all can be changed while it runs. */
export interface FakeNacosBehaviour {
  /** Whether it tells changes. */
  pushes: boolean;
  /** Whether it has the HTTP interface of version 3. */
  hasVersion3: boolean;
  /** Whether it negotiates abilities when a stream is set up. */
  acknowledges: boolean;
  /** Answers nothing any more, over HTTP and gRPC. */
  isFrozen: boolean;
  /** Who has to log in, and how long a token holds in seconds. */
  user: { name: string; password: string; ttlS: number } | undefined;
  /** Namespaces that it knows. */
  namespaces: string[];
}

type Fields = Record<string, unknown>;

const FIRST_PORTS = 20;
const identity = (bytes: Buffer): Buffer => bytes;
const method = (path: string, isStream: boolean) => ({
  path,
  requestStream: isStream,
  responseStream: isStream,
  requestSerialize: identity,
  requestDeserialize: identity,
  responseSerialize: identity,
  responseDeserialize: identity,
});

/** A stand-in for a Nacos server: naming and configuration over gRPC and HTTP, as far as they are read by a gateway. */
export class FakeNacos {
  readonly behaviour: FakeNacosBehaviour;
  /** Types of the gRPC requests and paths of the HTTP requests that came. */
  readonly seen: string[] = [];
  /** Types of the answers to what was told, with their requestIds. */
  readonly acknowledged: string[] = [];
  port = 0;
  /** Tokens that were given out, and until when they hold by the machine's clock. */
  readonly #tokens = new Map<string, number>();
  readonly #services = new Map<string, Fields[]>();
  readonly #entries = new Map<string, string>();
  readonly #streams = new Set<grpc.ServerDuplexStream<Buffer, Buffer>>();
  #http: Server | undefined;
  #grpc: grpc.Server | undefined;
  #nextId = 1;

  private constructor(behaviour: Partial<FakeNacosBehaviour>) {
    this.behaviour = {
      pushes: true,
      hasVersion3: true,
      acknowledges: true,
      isFrozen: false,
      user: undefined,
      namespaces: ['public'],
      ...behaviour,
    };
  }

  /** @param hasGrpc false for a server before 2.0 */
  static async start(behaviour: Partial<FakeNacosBehaviour> = {}, hasGrpc = true): Promise<FakeNacos> {
    const fake = new FakeNacos(behaviour);
    for (let i = 0; ; i++) {
      await fake.#listen(0);
      try {
        if (hasGrpc) await fake.listenForGrpc();
        return fake;
      } catch (error) {
        await fake.stop();
        if (i === FIRST_PORTS) throw error;
      }
    }
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  /** Sets the instances of a service, and tells it. */
  setHosts(service: string, hosts: readonly Fields[]): void {
    this.#services.set(service, [...hosts]);
    if (!this.behaviour.pushes) return;
    this.tell('NotifySubscriberRequest', { serviceInfo: this.#serviceInfo(service) });
  }

  setEntry(group: string, dataId: string, text: string): void {
    this.#entries.set(`${group} ${dataId}`, text);
    if (this.behaviour.pushes) this.tell('ConfigChangeNotifyRequest', { group, dataId, tenant: '' });
  }

  /** Tells something on all streams. */
  tell(type: string, body: Fields): void {
    for (const stream of this.#streams) {
      stream.write(encodeNacosPayload(type, { requestId: String(this.#nextId++), ...body }, {}));
    }
  }

  /** Forgets all connections without telling. */
  endStreams(): void {
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
  }

  /** No token holds any more. */
  forgetTokens(): void {
    this.#tokens.clear();
  }

  /** Ends all connections and stops listening. */
  async stop(): Promise<void> {
    this.endStreams();
    this.#grpc?.forceShutdown();
    this.#grpc = undefined;
    const http = this.#http;
    this.#http = undefined;
    if (http === undefined) return;
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  }

  /** Listens again on the port it had. */
  async restart(): Promise<void> {
    await this.#listen(this.port);
    await this.listenForGrpc();
  }

  async listenForGrpc(): Promise<void> {
    const server = new grpc.Server();
    server.addService(
      { request: method('/Request/request', false), stream: method('/BiRequestStream/requestBiStream', true) },
      {
        request: (call: grpc.ServerUnaryCall<Buffer, Buffer>, callback: grpc.sendUnaryData<Buffer>) => {
          if (this.behaviour.isFrozen) return;
          const { type, json } = decodeNacosPayload(call.request);
          this.seen.push(type);
          const [answerType, body] = this.#answer(type, JSON.parse(json.toString()) as Fields, tokenOf(call.request));
          callback(null, encodeNacosPayload(answerType, body, {}));
        },
        stream: (stream: grpc.ServerDuplexStream<Buffer, Buffer>) => this.#onStream(stream),
      },
    );
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.port + 1_000}`, grpc.ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      );
    });
    this.#grpc = server;
  }

  async #listen(port: number): Promise<void> {
    const http = createServer((request, response) => void this.#onRequest(request, response));
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen(port, '127.0.0.1', resolve);
    });
    this.#http = http;
    this.port = (http.address() as { port: number }).port;
  }

  #onStream(stream: grpc.ServerDuplexStream<Buffer, Buffer>): void {
    stream.on('data', (bytes: Buffer) => {
      if (this.behaviour.isFrozen) return;
      const { type, json } = decodeNacosPayload(bytes);
      const body = JSON.parse(json.toString()) as Fields;
      if (type !== 'ConnectionSetupRequest') {
        this.acknowledged.push(`${type} ${String(body.requestId)}`);
        return;
      }
      this.seen.push(type);
      this.#streams.add(stream);
      if (this.behaviour.acknowledges) stream.write(encodeNacosPayload('SetupAckRequest', { abilityTable: {} }, {}));
    });
    const end = (): void => {
      this.#streams.delete(stream);
      stream.end();
    };
    stream.on('end', end);
    stream.on('cancelled', end);
    stream.on('error', end);
  }

  #answer(type: string, body: Fields, token: string | undefined): [string, Fields] {
    const success = { resultCode: 200, errorCode: 0, success: true };
    const failure = (errorCode: number) => ({ resultCode: 500, errorCode, success: false });
    if (type === 'ServerCheckRequest') {
      return ['ServerCheckResponse', { ...success, supportAbilityNegotiation: this.behaviour.acknowledges }];
    }
    if (this.#streams.size === 0) return ['ErrorResponse', failure(301)];
    if (type === 'HealthCheckRequest') return ['HealthCheckResponse', success];
    if (!this.#isAllowed(token)) return ['ErrorResponse', failure(403)];
    if (type === 'SubscribeServiceRequest') {
      const serviceInfo = this.#serviceInfo(String(body.serviceName));
      return ['SubscribeServiceResponse', { ...success, serviceInfo }];
    }
    if (type === 'ConfigQueryRequest') {
      const content = this.#entries.get(`${body.group} ${body.dataId}`);
      return ['ConfigQueryResponse', content === undefined ? failure(300) : { ...success, content }];
    }
    return ['ConfigChangeBatchListenResponse', { ...success, changedConfigs: [] }];
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.behaviour.isFrozen) return;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    this.seen.push(pathname);
    let text = '';
    for await (const chunk of request) text += chunk;
    const [status, body] = this.#httpAnswer(pathname, searchParams, new URLSearchParams(text), request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  #httpAnswer(
    path: string,
    query: URLSearchParams,
    form: URLSearchParams,
    { headers }: IncomingMessage,
  ): [number, Fields | string] {
    const { user, hasVersion3, namespaces } = this.behaviour;
    if (path.startsWith('/nacos/v3/') && !hasVersion3) return [404, '<html>Not Found</html>'];
    if (path === '/nacos/v3/auth/user/login' || path === '/nacos/v1/auth/login') {
      if (user === undefined) return [404, { status: 404 }];
      if (form.get('username') !== user.name || form.get('password') !== user.password) return [403, { status: 403 }];
      const accessToken = `token-${this.#nextId++}`;
      this.#tokens.set(accessToken, Date.now() + user.ttlS * 1_000);
      return [200, { accessToken, tokenTtl: user.ttlS, globalAdmin: false }];
    }
    if (!this.#isAllowed(headers.authorization?.replace('Bearer ', ''))) return [403, { status: 403 }];
    const hosts = this.#services.get(query.get('serviceName') ?? '') ?? [];
    const text = this.#entries.get(`${query.get('group')} ${query.get('dataId')}`);
    switch (path) {
      case '/nacos/v3/client/ns/instance/list':
        return [200, { code: 0, message: 'success', data: hosts }];
      case '/nacos/v1/ns/instance/list':
        return [200, { name: query.get('serviceName'), hosts, lastRefTime: 1 }];
      case '/nacos/v3/client/cs/config':
        return [200, text === undefined ? { code: 20004, data: null } : { code: 0, data: { content: text } }];
      case '/nacos/v1/cs/configs':
        return text === undefined ? [404, 'config data not exist'] : [200, text];
      case '/nacos/v3/admin/core/namespace':
        return namespaces.includes(query.get('namespaceId') ?? '') ? [200, { code: 0 }] : [404, { code: 22001 }];
      default:
        return [404, { status: 404 }];
    }
  }

  #serviceInfo(name: string): Fields {
    return {
      name,
      groupName: 'DEFAULT_GROUP',
      hosts: this.#services.get(name) ?? [],
      lastRefTime: this.#nextId++,
    };
  }

  #isAllowed(token: string | undefined): boolean {
    if (this.behaviour.user === undefined) return true;
    return token !== undefined && (this.#tokens.get(token) ?? 0) > Date.now();
  }
}

/** An instance as Nacos writes it. */
export function fakeHost(port: number, more: Fields = {}): Fields {
  return {
    ip: '10.0.0.1',
    port,
    weight: 1,
    healthy: true,
    enabled: true,
    ephemeral: true,
    clusterName: 'DEFAULT',
    metadata: { protocol: 'dubbo', application: 'demo', category: 'providers' },
    ...more,
  };
}

/** The header `accessToken` of a message; found as text, so that it does not depend on the reader under test. */
function tokenOf(bytes: Buffer): string | undefined {
  return /accessToken[\s\S]{2}(token-\d+)/.exec(bytes.toString('latin1'))?.[1];
}
