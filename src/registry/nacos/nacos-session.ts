import type * as grpc from '@grpc/grpc-js';
import type { ServerAddress } from '../../config/server-address.ts';
import { type JsonRecord, parseJsonRecord } from '../json-record.ts';
import { decodeNacosPayload, encodeNacosPayload, type NacosPayload, NacosPayloadError } from './nacos-payload.ts';
import { grpcTarget } from './nacos-server.ts';

/** The gRPC library; loaded only where there is a registry to be read. */
export type GrpcLibrary = Pick<typeof grpc, 'Client' | 'Metadata' | 'credentials'>;

/** What a session tells of itself. None of it is called after `close`. */
export interface NacosSessionListener {
  onOpened(): void;
  /** The session is over, or did not begin. Told once, in words without addresses. */
  onLost(reason: string): void;
  /** The server told something of itself; it is answered already. */
  onTold(type: string, body: JsonRecord): void;
}

export interface NacosSessionOptions {
  /** Time in ms a request may take. */
  readonly requestTimeoutMs: number;
  /** The token of who is logged in, at the moment of a request; undefined for nobody. */
  readonly token: () => string | undefined;
}

/** Error codes in answers (`NacosException`). */
const UNREGISTERED = 301;

const CALL_PATH = '/Request/request';
const STREAM_PATH = '/BiRequestStream/requestBiStream';
/** An answer larger than this ends the session: a list of 20,000 instances is smaller. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** A server that does not negotiate abilities says nothing when the stream is set up; this long it is given. */
const SETUP_MS = 500;
/** What was sent last gets this long to arrive. */
const CLOSED_WITHIN_MS = 100;
const CLIENT_VERSION = 'Sluice:v1.0.0';

/**
 * One session with one server, Nacos 2.0 or later: a stream by which the server tells changes, and calls beside it, on
 * one connection, since that is what the server ties subscriptions to. It never connects again by itself.
 */
export class NacosSession {
  readonly #listener: NacosSessionListener;
  readonly #options: NacosSessionOptions;
  readonly #library: GrpcLibrary;
  readonly #client: grpc.Client;
  #stream: grpc.ClientDuplexStream<Buffer, Buffer> | undefined;
  #setupTimer: NodeJS.Timeout | undefined;
  #isOpen = false;
  #isOver = false;

  constructor(
    library: GrpcLibrary,
    server: ServerAddress,
    options: NacosSessionOptions,
    listener: NacosSessionListener,
  ) {
    this.#library = library;
    this.#options = options;
    this.#listener = listener;
    this.#client = new library.Client(grpcTarget(server), library.credentials.createInsecure(), {
      // A connection of its own: a new session must not be taken for the old one.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_http_proxy': 0,
      'grpc.enable_retries': 0,
      'grpc.service_config_disable_resolution': 1,
      'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
    });
    this.request('ServerCheckRequest', { module: 'internal' }, (answer) => {
      if (answer !== undefined) this.#setUp(answer.supportAbilityNegotiation === true);
    });
  }

  /**
   * Sends a request. `done` is told its answer, whose member `errorCode` is 0 if it is one, or undefined where there
   * was none in time; nothing any more once the session is over.
   */
  request(type: string, body: object, done: (answer: JsonRecord | undefined) => void): void {
    const token = this.#options.token();
    const bytes = encodeNacosPayload(type, body, token === undefined ? {} : { accessToken: token });
    const deadline = Date.now() + this.#options.requestTimeoutMs;
    this.#client.makeUnaryRequest(
      CALL_PATH,
      asIs,
      asIs,
      bytes,
      new this.#library.Metadata(),
      { deadline },
      (error, answer) => {
        if (this.#isOver) return;
        if (error !== null) {
          // Without its first answer there is no session.
          if (!this.#isOpen) this.#end(reasonOf(error));
          else done(undefined);
          return;
        }
        const record = this.#read(answer)?.[1];
        if (record === undefined) return;
        if (record.errorCode === UNREGISTERED) this.#end('the server forgot the connection');
        else done(record);
      },
    );
  }

  /** Ends the session silently. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#setupTimer);
    const stream = this.#stream;
    // The server sees the end of the stream after what was sent on it, unless it is frozen.
    stream?.end();
    setTimeout(() => {
      stream?.cancel();
      this.#client.close();
    }, CLOSED_WITHIN_MS).unref();
  }

  #setUp(isAcknowledged: boolean): void {
    const stream = this.#client.makeBidiStreamRequest(STREAM_PATH, asIs, asIs, new this.#library.Metadata());
    this.#stream = stream;
    stream.on('data', (bytes: Buffer) => this.#onMessage(bytes));
    stream.on('error', (error: grpc.ServiceError) => this.#end(reasonOf(error)));
    stream.on('end', () => this.#end('the server ended the connection'));
    this.#send('ConnectionSetupRequest', {
      clientVersion: CLIENT_VERSION,
      tenant: '',
      labels: { source: 'sdk', module: 'naming' },
      abilityTable: {},
    });
    if (isAcknowledged) return;
    this.#setupTimer = setTimeout(() => this.#opened(), SETUP_MS);
    this.#setupTimer.unref();
  }

  #opened(): void {
    if (this.#isOpen || this.#isOver) return;
    this.#isOpen = true;
    this.#listener.onOpened();
  }

  #onMessage(bytes: Buffer): void {
    if (this.#isOver) return;
    const message = this.#read(bytes);
    if (message === undefined) return;
    const [{ type }, body] = message;
    if (type === 'SetupAckRequest') {
      this.#opened();
      return;
    }
    if (!type.endsWith('Request')) return;
    const answer = { resultCode: 200, errorCode: 0, requestId: body.requestId, success: true };
    this.#send(type.replace(/Request$/, 'Response'), answer);
    if (type === 'ConnectResetRequest') this.#end('the server asked to connect anew');
    else this.#listener.onTold(type, body);
  }

  #send(type: string, body: object): void {
    const token = this.#options.token();
    this.#stream?.write(encodeNacosPayload(type, body, token === undefined ? {} : { accessToken: token }));
  }

  /** What cannot be read ends the session. */
  #read(bytes: Buffer | undefined): readonly [NacosPayload, JsonRecord] | undefined {
    try {
      const payload = decodeNacosPayload(bytes ?? Buffer.alloc(0));
      const body = parseJsonRecord(payload.json.toString('utf8'));
      if (body !== undefined) return [payload, body];
    } catch (error) {
      if (!(error instanceof NacosPayloadError)) throw error;
    }
    this.#end('the server answered what no Nacos answers');
    return undefined;
  }

  #end(reason: string): void {
    if (this.#isOver) return;
    this.close();
    this.#listener.onLost(reason);
  }
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}

/** In words without addresses. */
function reasonOf({ code, details }: grpc.ServiceError): string {
  const systemCode = /\b(E[A-Z]{4,})\b/.exec(details)?.[1];
  if (systemCode !== undefined) return systemCode;
  if (/name resolution/i.test(details)) return 'its host name cannot be resolved';
  return REASONS[code] ?? 'its gRPC interface cannot be used';
}

/** By gRPC status code. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'the server ended the connection',
  4: 'it does not answer in time',
  8: 'the server sent too large an answer',
  12: 'what listens on its gRPC port is no Nacos',
  14: 'the server ended the connection',
};
