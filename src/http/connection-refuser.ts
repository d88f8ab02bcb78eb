import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { GatewayError } from '../errors/gateway-error.ts';
import { PROBLEM_CONTENT_TYPE, toProblem } from '../errors/problem.ts';
import type { Logger } from '../telemetry/logger.ts';
import { knownConnectionOf } from './client-connection.ts';

/** Time in ms a refused client has to read its answer before the connection is cut. */
const LINGER_MS = 1_000;

/** Answers connections whose input is not a request: broken HTTP, headers too large or too late, CONNECT. */
export class ConnectionRefuser {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** A `clientError` of the server. */
  refuseInput(error: Error & { code?: string }, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const refusal = refusalOf(error.code);
    const connection = knownConnectionOf(socket);
    const newest = connection?.running.at(-1);
    if (connection !== undefined && newest !== undefined) {
      // Answers keep the order of requests: those that run are answered first, the last of them ends the connection.
      connection.isClosing = true;
      if (newest.isReceived) return;
      if (error.code === 'HPE_INVALID_EOF_STATE') socket.destroy();
      else newest.refuse(refusal);
    } else if (connection?.isClosing) {
      // The last answer is written, but maybe not yet sent.
      socket.destroySoon();
    } else {
      this.#answer(socket, refusal, error.code);
    }
  }

  /** A CONNECT request; the server has let go of the socket. */
  refuseTunnel(socket: Socket): void {
    const isBusy = (knownConnectionOf(socket)?.running.length ?? 0) > 0;
    if (isBusy) socket.destroy();
    else {
      const detail = 'The gateway opens no tunnels.';
      this.#answer(socket, new GatewayError('METHOD_NOT_ALLOWED', detail, { headers: { allow: '' } }), 'CONNECT');
    }
  }

  #answer(socket: Socket, error: GatewayError, reason: string | undefined): void {
    const requestId = randomUUID();
    const { status, code, body, headers } = toProblem(error, requestId);
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`),
      'Connection: close',
    ];
    this.#logger.info('connection refused', { requestId, client: socket.remoteAddress, status, code, reason });
    socket.on('error', () => socket.destroy());
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
    socket.resume();
  }
}

function refusalOf(code: string | undefined): GatewayError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new GatewayError('REQUEST_HEADERS_TOO_LARGE', 'The request line and headers are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new GatewayError('REQUEST_TIMEOUT', 'The request was not received completely in time.');
    default:
      return new GatewayError('REQUEST_HTTP', 'The bytes received are not valid HTTP/1.1.');
  }
}
