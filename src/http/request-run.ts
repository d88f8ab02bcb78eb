import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission } from '../admission/admission.ts';
import type { AdmissionCaller, AdmissionTicket } from '../admission/admission-ticket.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { PROBLEM_CONTENT_TYPE, toProblem } from '../errors/problem.ts';
import { accessLine } from '../telemetry/access-log.ts';
import type { Logger } from '../telemetry/logger.ts';
import { traceIdOf } from '../telemetry/trace-id.ts';
import type { Clock } from '../time/clock.ts';
import type { CallOutcome, RouteTarget } from '../upstream/exchange.ts';
import { type AnswerCompression, codedHead } from './answer-compression.ts';
import { type Answer, headerValue, writeAnswer } from './answer-writer.ts';
import { readBody } from './body-reader.ts';
import type { ClientConnection, RunningRequest } from './client-connection.ts';
import type { GatewayRoutes } from './gateway-routes.ts';
import type { HeldRequests } from './held-requests.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { claimsDocument, parseJsonBody } from './json-body.ts';
import { checkRequest, hasBody } from './request-checks.ts';
import { RequestExchange } from './request-exchange.ts';
import type { SlowReaders } from './slow-readers.ts';

/**
 * Where a gateway is in its life. `draining`: requests are still served, each answer ends its connection. `stopped`:
 * the calls' connections are gone, requests get GATEWAY_STOPPING.
 */
export type GatewayPhase = 'serving' | 'draining' | 'stopped';

/**
 * Gives the claims of a caller that was verified, for `jwt.` sources; undefined for one that was not. What it throws is
 * answered like an error of the gateway, a `GatewayError` as it stands.
 */
export type ClaimsOf = (request: IncomingMessage) => Readonly<Record<string, unknown>> | undefined;

/** What all requests of a gateway share. */
export interface RunEnvironment {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly phase: () => GatewayPhase;
  /** Who lets requests in; undefined where nothing bounds them. */
  readonly admission: Admission | undefined;
  readonly slowReaders: SlowReaders;
  readonly heldRequests: HeldRequests;
  /** Undefined where nobody counts. */
  readonly metrics: HttpMetrics | undefined;
  readonly compression: AnswerCompression;
  /** Verified claims of the caller; default: nobody is verified. */
  readonly claims?: ClaimsOf;
}

type LogExtras = Readonly<Record<string, unknown>> | undefined;

/** How a request is logged whose client has gone; nothing is sent. */
const CLIENT_CLOSED = { status: 499, bodyBytes: 0 };

/** The least time in ms that a refused client is told to wait before it comes again. */
const HOLD_MS = 1_000;
const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';

/**
 * One request from its headers to its one answer and one log line. Whatever happens first decides: the answer, the
 * client going away, or a refusal from outside; what comes later is ignored.
 */
export class RequestRun implements RunningRequest, AdmissionCaller {
  readonly #environment: RunEnvironment;
  readonly #routes: GatewayRoutes;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #connection: ClientConnection;
  readonly #exchange: RequestExchange;
  readonly #startedMs: number;
  #ticket: AdmissionTicket | undefined = undefined;
  #endWait: ((error: GatewayError | undefined) => void) | undefined = undefined;
  #target: RouteTarget | undefined = undefined;
  #requestBytes = 0;
  /** Whether the request has passed its checks; if not, its connection cannot be trusted with another. */
  #isSound = false;
  #isEnded = false;

  constructor(
    environment: RunEnvironment,
    routes: GatewayRoutes,
    request: IncomingMessage,
    response: ServerResponse,
    connection: ClientConnection,
  ) {
    this.#environment = environment;
    this.#routes = routes;
    this.#request = request;
    this.#response = response;
    this.#connection = connection;
    this.#exchange = new RequestExchange(request, connection.address, routes.trustedProxies);
    this.#startedMs = environment.clock.nowMs();
    environment.metrics?.inFlight.add(1);
    routes.usage.begin();
    connection.begin(this, this.#startedMs, routes.connections.maxRequests);
  }

  get isReceived(): boolean {
    return this.#request.complete;
  }

  /** Never rejects. */
  async run(): Promise<void> {
    try {
      checkRequest(this.#request, this.#routes.limits);
      this.#isSound = true;
      if (this.#environment.phase() === 'stopped') {
        throw new GatewayError('GATEWAY_STOPPING', 'The gateway is stopping and takes no new requests.');
      }
      if (this.#environment.admission !== undefined) {
        const held = this.#hold();
        if (held !== undefined) await held;
        if (this.#isEnded) return;
        const wait = this.#enter(this.#environment.admission);
        if (wait !== undefined) await wait;
        if (this.#isEnded) return;
      }
      const target = this.#findTarget();
      if (target === undefined) return;
      const claims = this.#environment.claims?.(this.#request);
      if (claims !== undefined) this.#exchange.claims = claimsDocument(claims);
      if (hasBody(this.#request)) await this.#receiveBody(target);
      if (this.#isEnded) return;
      const outcome = await target.invoke(this.#exchange);
      if (!this.#isEnded) this.#succeed(outcome);
    } catch (error) {
      if (!this.#isEnded) this.#fail(error);
    }
  }

  onAdmitted(): void {
    this.#endWait?.(undefined);
  }

  onAdmissionRefused(error: GatewayError): void {
    this.#holdConnection();
    this.#endWait?.(error);
  }

  onClientGone(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#exchange.call?.cancel();
    this.#ticket?.leave();
    this.#record(CLIENT_CLOSED, 'CLIENT_CLOSED', undefined);
  }

  refuse(error: GatewayError): void {
    if (this.#isEnded) return;
    this.#exchange.call?.cancel();
    this.#isSound = false;
    this.#fail(error);
  }

  /** Undefined where the connection was not told to come again later, or it is later. */
  #hold(): Promise<void> | undefined {
    const { heldUntilMs } = this.#connection;
    if (heldUntilMs <= this.#startedMs) return undefined;
    return this.#environment.heldRequests.hold(heldUntilMs, this.#startedMs);
  }

  #holdConnection(): void {
    this.#connection.heldUntilMs = this.#environment.clock.nowMs() + HOLD_MS;
  }

  /** Undefined where the request may go on at once. */
  #enter(admission: Admission): Promise<void> | undefined {
    const nowMs = this.#environment.clock.nowMs();
    let ticket: AdmissionTicket;
    try {
      ticket = admission.enter(this, this.#expectedBodyBytes(), nowMs);
    } catch (error) {
      this.#holdConnection();
      throw error;
    }
    this.#ticket = ticket;
    if (ticket.state !== 'waiting') return undefined;
    return new Promise((resolve, reject) => {
      this.#endWait = (error) => (error === undefined ? resolve() : reject(error));
    });
  }

  /** A length that no route takes is refused later on; here it must not stand for memory that it will never get. */
  #expectedBodyBytes(): number {
    const { headers } = this.#request;
    const length = headers['content-length'];
    if (length !== undefined) return Math.min(Number(length), this.#routes.largestBodyBytes);
    return headers['transfer-encoding'] === undefined ? 0 : this.#routes.limits.maxBodyBytes;
  }

  /** Undefined when the request has been answered without a route. */
  #findTarget(): RouteTarget | undefined {
    const exchange = this.#exchange;
    const { router } = this.#routes;
    if (exchange.path === '*') {
      this.#answerOptions(router.methods);
      return undefined;
    }
    const match = router.find(exchange.method, exchange.path, exchange);
    switch (match.kind) {
      case 'found':
        this.#target = match.target;
        exchange.pathParameters = match.parameters;
        return match.target;
      case 'options':
        this.#answerOptions(match.allow);
        return undefined;
      case 'method-not-allowed':
        throw new GatewayError('METHOD_NOT_ALLOWED', `The path takes ${match.allow.join(', ')}.`, {
          headers: { allow: match.allow.join(', ') },
        });
      case 'not-found':
        throw new GatewayError('ROUTE_NOT_FOUND', 'No route matches the request.');
      case 'bad-encoding':
        throw new GatewayError('REQUEST_TARGET', 'The path is not valid percent-encoded UTF-8.');
    }
  }

  async #receiveBody(target: RouteTarget): Promise<void> {
    const isOpenEnded = this.#request.headers['content-length'] === undefined;
    if (isOpenEnded) this.#bookBytes(target.maxBodyBytes);
    const received = await readBody(this.#request, this.#response, {
      maxBodyBytes: target.maxBodyBytes,
      isWanted: target.readsBody,
    });
    this.#requestBytes = received.receivedBytes;
    if (isOpenEnded) this.#bookBytes(received.receivedBytes);
    if (received.bytes !== undefined) {
      this.#exchange.body = parseJsonBody(received.bytes, this.#routes.limits.maxJsonDepth);
    }
  }

  #bookBytes(bytes: number): void {
    const ticket = this.#ticket;
    ticket?.addBytes(bytes - ticket.bytes);
  }

  #answerOptions(allow: readonly string[]): void {
    this.#answer({ status: 204, headers: ['Allow', allow.join(', ')], body: undefined, bodyBytes: 0 });
  }

  #succeed({ status, headers, body }: CallOutcome): void {
    const rawHeaders = body === undefined ? [] : ['Content-Type', JSON_CONTENT_TYPE];
    if (headers !== undefined) {
      for (const name of Object.keys(headers)) rawHeaders.push(name, headerValue(headers[name]!));
    }
    this.#answer({ status, headers: rawHeaders, body, bodyBytes: body === undefined ? 0 : body.length });
  }

  #fail(error: unknown): void {
    const { requestId } = this.#exchange;
    const problem = toProblem(error, requestId);
    if (problem.isFault) this.#environment.logger.error('internal error', { requestId, ...problem.log });
    const headers = ['Content-Type', PROBLEM_CONTENT_TYPE];
    if (problem.headers !== undefined) {
      for (const [name, value] of Object.entries(problem.headers)) headers.push(name, headerValue(value));
    }
    const { status, code, body, log } = problem;
    const answer = { status, headers, body, bodyBytes: Buffer.byteLength(body) };
    if (this.#response.headersSent) {
      this.#isEnded = true;
      this.#response.destroy();
      this.#ticket?.leave();
      this.#record(answer, code, log);
    } else {
      this.#answer(answer, code, log);
    }
  }

  /** Answers, either at once or, when a large body is compressed, a little later. */
  #answer(answer: Answer, code?: string, error?: LogExtras): void {
    const { compression } = this.#environment;
    // A request that is not trusted, or is refused from outside, is answered without further ado.
    const coding =
      this.#isSound && (this.#target === undefined || this.#target.compresses)
        ? compression.codingFor(answer, this.#request.headers['accept-encoding'], this.#routes.compression)
        : undefined;
    if (coding === undefined) {
      this.#send(answer, code, error);
    } else if (this.#request.method === 'HEAD') {
      this.#send(codedHead(answer, coding), code, error);
    } else {
      // The call is over: from here on there is nothing to cancel, and what is held is the answer.
      this.#exchange.call = undefined;
      this.#bookBytes(answer.bodyBytes!);
      compression.compress(answer, coding, (coded) => this.#sendCoded(coded, code, error));
    }
  }

  /** Called from outside `run`, too, so it must not throw. */
  #sendCoded(answer: Answer, code: string | undefined, error: LogExtras): void {
    if (this.#isEnded) return;
    try {
      this.#send(answer, code, error);
    } catch (fault) {
      if (!this.#isEnded) this.#fail(fault);
    }
  }

  #send(answer: Answer, code: string | undefined, error: LogExtras): void {
    const request = this.#request;
    const connection = this.#connection;
    answer.headers.push('X-Request-Id', this.#exchange.requestId);
    const hasUnreadBody = !request.complete && hasBody(request);
    if (!this.#isSound || (hasUnreadBody && !this.#isWorthReading())) connection.isClosing = true;
    const isLastOne = connection.isClosing || this.#environment.phase() !== 'serving';
    const closes = isLastOne && connection.isNewest(this);
    writeAnswer(request, this.#response, answer, {
      closes,
      hasUnreadBody,
      stallTimeoutMs: this.#routes.limits.requestTimeoutMs,
    });
    this.#isEnded = true;
    this.#exchange.call = undefined;
    connection.end(this);
    this.#leave(answer.bodyBytes ?? 0);
    this.#record(answer, code, error);
  }

  /** Place and bytes are free when the system has taken the answer, or else when the client has. */
  #leave(bodyBytes: number): void {
    const response = this.#response;
    const { socket } = response;
    const unsentBytes = socket === null ? bodyBytes : socket.writableLength;
    this.#bookBytes(0);
    if (this.#ticket?.state === 'waiting') this.#ticket.leave();
    if (unsentBytes === 0 || response.destroyed || response.writableFinished) this.#ticket?.leave();
    else this.#environment.slowReaders.add(response, unsentBytes, this.#ticket, this.#environment.clock.nowMs());
  }

  /** Whether the rest of a body nobody wants is small enough to be read over, so that the connection can stay. */
  #isWorthReading(): boolean {
    const { headers } = this.#request;
    const length = headers['content-length'];
    const { maxBodyBytes } = this.#target ?? this.#routes.limits;
    return length !== undefined && headers.expect === undefined && Number(length) <= maxBodyBytes;
  }

  /** Counts and logs the request; once, at its end. */
  #record(
    { status, bodyBytes }: Pick<Answer, 'status' | 'bodyBytes'>,
    code: string | undefined,
    error: LogExtras,
  ): void {
    const { logger, clock, metrics } = this.#environment;
    const responseBytes = this.#request.method === 'HEAD' ? 0 : (bodyBytes ?? 0);
    const durationMs = clock.nowMs() - this.#startedMs;
    this.#routes.usage.end();
    if (metrics !== undefined) {
      metrics.inFlight.add(-1);
      const route = metrics.route(this.#target?.id);
      metrics.record(route, this.#exchange.method, status, durationMs / 1_000, this.#requestBytes, responseBytes);
    }
    if (!this.#routes.logRequests || !logger.infoEnabled) return;
    const exchange = this.#exchange;
    logger.writeLine(
      accessLine({
        wallMs: clock.wallMs(),
        requestId: exchange.requestId,
        traceId: traceIdOf(exchange.header('traceparent')),
        client: exchange.clientIp,
        method: exchange.method,
        path: exchange.path,
        route: exchange.routeText ?? this.#target?.logText,
        pool: exchange.pool,
        provider: exchange.provider,
        status,
        code,
        durationMs,
        requestBytes: this.#requestBytes,
        responseBytes,
        error,
      }),
    );
  }
}
