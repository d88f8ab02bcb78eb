import * as z from 'zod';
import { type Answer, count, dateTime, groupPart } from './answer.ts';
import { methodKey } from './method-answer.ts';
import { listSource, providerList, type registriesAnswer } from './provider-lists-answer.ts';

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
      ...listSource,
      providers: z
        .strictObject({
          total: count,
          usable: count.describe('Those that calls go to; one never called counts.'),
          disabled: count.describe('Taken out by an operator, or of weight 0.'),
          ejected: count.describe('Left out for the outcome of their calls.'),
          unusable: count.describe('Failing or about to stop.'),
        })
        .describe('Those of its version and group.'),
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
  ...groupPart,
});
export type ServicesAnswer = Answer<typeof servicesAnswer>;
export type RegistriesAnswer = Answer<typeof registriesAnswer>;

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
    reconnects: count.describe('Connections opened after the first one, without renewed ones.'),
    connectFailures: count.describe('Attempts that ended without a connection.'),
    recycled: count.describe('Connections replaced because their calls kept timing out.'),
    renewed: count.describe('Connections replaced for their age or the number of their calls.'),
    idleClosed: count.describe('Connections closed because there were no calls.'),
  })
  .describe('Since the first call to the provider.');

/** The addresses that calls go to, and the lists of services. */
export const providersAnswer = z.strictObject({
  lists: z.array(providerList).describe('What the registries say of each service, and what becomes of it.'),
  nextAfter: z.string().nullable().describe('What `after` of the next page of lists is; null on the last one.'),
  providers: z
    .array(
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
    )
    .describe(
      'Each address with its connections, of all services or the one that was asked for; on the first page only.',
    ),
  ...groupPart,
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
      worker: count.optional().describe('Number of the worker that has it; only where there are workers.'),
    }),
  ),
  ...groupPart,
});
export type ConnectionsAnswer = Answer<typeof connectionsAnswer>;

const conditions = z.record(z.string(), z.union([z.string(), z.boolean()]));
const oneOrMore = z.union([z.string(), z.array(z.string())]);

const callArguments = z.array(z.strictObject({ source: z.string(), type: z.string().describe('Java type.') }));

const routeCall = {
  share: z.number().describe('Part of the requests, from 0 to 1.'),
  service: serviceName,
  method: methodKey,
  timeoutMs,
  arguments: callArguments,
};

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
      arguments: callArguments,
      split: z
        .array(z.strictObject({ ...routeCall, name: z.string().describe('Name of the side.') }))
        .nullable()
        .describe('The calls of which each request makes one, the one above first; null where there is one only.'),
      mirror: z
        .strictObject(routeCall)
        .nullable()
        .describe('The call that some requests make as well, whose answer nobody gets; null where there is none.'),
    }),
  ),
  ...groupPart,
});
export type RoutesAnswer = Answer<typeof routesAnswer>;
