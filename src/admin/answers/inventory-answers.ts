import { z } from 'zod';
import { type Answer, count, dateTime } from './answer.ts';
import { methodKey } from './method-answer.ts';

const serviceName = z.string().describe('Its key under `services`.');
const providerAddress = z.string().describe('`host:port`.');
const timeoutMs = z.number().describe('Time in ms from sending a call to its answer.');

/** The configured services. */
export const servicesAnswer = z.strictObject({
  services: z.array(
    z.strictObject({
      name: serviceName,
      interface: z.string(),
      version: z.string().nullable(),
      group: z.string().nullable(),
      generic: z.enum(['true', 'raw.return']),
      timeoutMs,
      providers: z.strictObject({
        total: count,
        usable: count.describe('Providers that are neither failing nor about to stop; one never called counts.'),
      }),
      methods: z.array(
        z.strictObject({
          name: z.string().describe("Its key under the service's `methods`."),
          key: methodKey,
          timeoutMs: timeoutMs.describe('Time in ms where a route sets none of its own.'),
          oneway: z.boolean(),
        }),
      ),
    }),
  ),
});
export type ServicesAnswer = Answer<typeof servicesAnswer>;

const counters = z
  .strictObject({
    sent: count.describe('Calls given to a socket.'),
    answered: count.describe('Two-way calls answered, whatever the status.'),
    timedOut: count,
    failed: count.describe('Calls that ended with any other failure.'),
    cancelled: count.describe('Calls given up by the caller.'),
    late: count.describe('Answers to calls that had timed out, failed or were given up.'),
    duplicate: count.describe('Second answers to a call.'),
    unknown: count.describe('Answers to calls never sent or too long ago to tell, and requests of the provider.'),
    oversized: count.describe('Answers larger than `maxFrameBytes`.'),
    heartbeatsSent: count,
    heartbeatsAnswered: count.describe('Answers of the provider to our heartbeats.'),
    pingsAnswered: count.describe('Heartbeats of the provider that we answered.'),
    connected: count.describe('Connections opened.'),
    reconnects: count.describe('Connections opened after the first one.'),
    connectFailures: count.describe('Attempts that ended without a connection.'),
    recycled: count.describe('Connections replaced because their calls kept timing out.'),
  })
  .describe('Since the first call to the provider.');

/** The addresses that calls go to. */
export const providersAnswer = z.strictObject({
  providers: z.array(
    z.strictObject({
      address: providerAddress,
      services: z.array(serviceName).describe('Empty for one that only ends its last calls.'),
      state: z
        .enum(['idle', 'connecting', 'connected', 'draining', 'failing'])
        .describe(
          'Idle: no call has needed it. Draining: it is about to stop, or ends its last calls. Failing: calls go elsewhere, or fail at once.',
        ),
      connections: count,
      pending: count.describe('Calls in flight.'),
      lastFailure: z
        .strictObject({ message: z.string(), at: dateTime })
        .nullable()
        .describe('How a connection ended that the gateway did not close by itself.'),
      counters,
    }),
  ),
});
export type ProvidersAnswer = Answer<typeof providersAnswer>;

/** The connections to providers. */
export const connectionsAnswer = z.strictObject({
  connections: z.array(
    z.strictObject({
      provider: providerAddress,
      state: z.enum(['connecting', 'open', 'draining', 'closed']),
      since: dateTime.describe('When it began to connect.'),
      pending: count.describe('Calls in flight.'),
    }),
  ),
});
export type ConnectionsAnswer = Answer<typeof connectionsAnswer>;

const conditions = z.record(z.string(), z.union([z.string(), z.boolean()]));
const oneOrMore = z.union([z.string(), z.array(z.string())]);

/** The routes. */
export const routesAnswer = z.strictObject({
  routes: z.array(
    z.strictObject({
      id: z.string(),
      match: z
        .strictObject({
          method: oneOrMore,
          path: z.string(),
          host: oneOrMore.nullable(),
          headers: conditions,
          query: conditions,
          cookie: conditions,
        })
        .describe('As in the configuration; `***` stands for what came from a variable.'),
      service: serviceName,
      method: methodKey,
      pool: z
        .enum(['normal', 'slow'])
        .nullable()
        .describe('Where a call that comes now runs, unless it is a probe; null where bulkheads are off.'),
      timeoutMs,
      arguments: z.array(z.strictObject({ source: z.string(), type: z.string().describe('Java type.') })),
    }),
  ),
});
export type RoutesAnswer = Answer<typeof routesAnswer>;
