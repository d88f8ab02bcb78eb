import * as z from 'zod';
import { byteSize, durationMs, port } from './scalar-schemas.ts';

const http = z.strictObject({
  host: z.string().default('0.0.0.0').describe('Address the gateway listens on.'),
  port: port.default(8080).describe('Port of the gateway; 0 takes a free one.'),
});

const admin = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address of the admin port.'),
  port: port.default(9090).describe('Port of health, metrics and admin API; 0 takes a free one.'),
  metrics: z
    .boolean()
    .default(true)
    .describe('Whether requests and calls are counted; without, `/metrics` shows only what is counted anyway.'),
  token: z
    .string()
    .default('')
    .describe(
      'Bearer token that metrics and admin API ask for, 16 characters at least; empty: none, and then the host must be a loopback address. Health endpoints never ask.',
    ),
  allowedHosts: z
    .array(z.string())
    .default([])
    .describe(
      'Host names by which the admin port may be called beside IP addresses, `localhost` and its own `host`; any other is refused, so that no web page can reach it by DNS rebinding.',
    ),
});

const compression = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether answers are compressed for clients that accept br or gzip.'),
  minBytes: byteSize.prefault(1024).describe('Smallest answer in bytes that is compressed.'),
  maxLoopUtilization: z
    .number()
    .gt(0)
    .max(1)
    .default(0.9)
    .describe(
      'Share of the time the event loop may be busy; above it nothing is compressed until it has fallen by a tenth.',
    ),
});

const connections = z.strictObject({
  maxRequests: z
    .int()
    .positive()
    .default(10_000)
    .describe('Requests after which a client connection is closed, so that load follows new instances.'),
  maxAgeMs: durationMs
    .default(600_000)
    .describe(
      'Age in ms after which a client connection is closed with its next answer; up to 10 % is taken off at random.',
    ),
});

const limits = z.strictObject({
  headersTimeoutMs: durationMs.default(10_000).describe('Time in ms a client has to send its headers.'),
  requestTimeoutMs: durationMs.default(30_000).describe('Time in ms a client has to send the whole request.'),
  keepAliveTimeoutMs: durationMs
    .default(65_000)
    .describe('Time in ms an idle connection stays open; longer than the 60 s of common load balancers.'),
  maxHeaderBytes: byteSize.prefault('16KiB').describe('Bytes of all request headers together; more is a 431.'),
  maxHeaders: z.int().positive().default(100).describe('Number of request headers; more is a 431.'),
  maxUrlBytes: byteSize.prefault('8KiB').describe('Bytes of the request target; more is a 414.'),
  maxBodyBytes: byteSize
    .prefault('1MiB')
    .describe('Bytes of a request body; more is a 413. A route can lower or raise it.'),
  maxJsonDepth: z.int().min(1).max(512).default(64).describe('Nesting of objects and arrays in a request body.'),
  answerTimeoutMs: durationMs
    .default(120_000)
    .describe('Time in ms a client has to take the whole answer; then it is cut off.'),
  maxConnections: z
    .int()
    .positive()
    .default(20_000)
    .describe('Client connections open at a time; further ones are refused.'),
});

const workers = z
  .union([z.literal('auto'), z.int().min(1).max(64)])
  .default(1)
  .describe(
    'Processes that serve; `auto`: one for each processor. With more than one, a further process owns the admin port and the files. Sizes of pools, queues and limits are those of all together.',
  );

/** The section `server`: listeners, and what clients may do. */
export const server = z.strictObject({
  workers,
  http: http.prefault({}).describe('Where clients connect.'),
  admin: admin.prefault({}).describe('Where health checks connect.'),
  trustedProxies: z
    .array(z.string())
    .default([])
    .describe(
      'Addresses or CIDR ranges of the hops in front whose X-Forwarded-For is believed; `client.ip` is the first address from the right that is not among them.',
    ),
  connections: connections.prefault({}).describe('How long client connections live.'),
  limits: limits.prefault({}).describe('What a client may send, and how long it may take.'),
  compression: compression.prefault({}).describe('When answers are compressed.'),
  drainTimeoutMs: durationMs.default(15_000).describe('Time in ms that running requests have to end after SIGTERM.'),
});
