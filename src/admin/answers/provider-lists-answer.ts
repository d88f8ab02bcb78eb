import * as z from 'zod';
import { count, dateTime, groupPart } from './answer.ts';

const nullableText = z.string().nullable();

/** Where the list of a service comes from, and when it was last known to hold. */
export const listSource = {
  registry: nullableText.describe('Its key under `registries`; null where the providers stand in the configuration.'),
  confirmedAt: dateTime
    .nullable()
    .describe('When the registry last said that the list holds; null before its first answer, and without a registry.'),
};

const listedProvider = z.strictObject({
  address: z.string().describe('`host:port`.'),
  version: nullableText,
  group: nullableText,
  application: nullableText.describe('Name of the application that serves it.'),
  tag: nullableText,
  zone: nullableText,
  weight: z.number().describe('Its weight now: less than it says while it warms up, 0 where it takes no calls.'),
  share: z
    .number()
    .describe('Part of the calls without a tag that goes to it by weight, from 0 to 1; load and latency move it.'),
  filter: z
    .enum(['version', 'group', 'tag', 'zone', 'disabled', 'ejected', 'unusable'])
    .nullable()
    .describe(
      'What keeps calls without a tag from it, the first that does: another version, group or tag; another zone than the preferred one; taken out by an operator; left out for its calls; failing or about to stop. Null where calls go to it.',
    ),
  ejection: nullableText.describe('Why it is ejected, or would be if too many were not; null where it is well.'),
  inFlight: count.describe('Calls of the service that it has not answered.'),
  keptOutBy: z
    .array(count)
    .optional()
    .describe('Numbers of the workers that send it no calls, where others do; only there.'),
});

/** The providers of one service, as its registry has them. */
export const providerList = z.strictObject({
  service: z.string().describe('Its key under `services`.'),
  ...listSource,
  hostNames: z
    .array(
      z.strictObject({
        name: z.string(),
        addresses: z.array(z.string()).readonly().describe('As last answered; each is a provider of its own.'),
        resolvedAt: dateTime.nullable().describe('When it was last answered; null before.'),
        problem: nullableText.describe(
          'Why the last look-up failed; the addresses before serve on. Null where it did not.',
        ),
      }),
    )
    .describe('Host names among the addresses of the list.'),
  providers: z.array(listedProvider).describe('In the order of the registry; those of other versions and groups last.'),
});

/** The registries in use. */
export const registriesAnswer = z.strictObject({
  registries: z
    .array(
      z.strictObject({
        name: z.string().describe('Its key under `registries`.'),
        type: z.string(),
        state: z
          .enum(['connecting', 'connected', 'away', 'closed', 'unused'])
          .describe(
            'Connecting: it has never answered. Away: it did, and the last known lists serve. Closed: its last requests end. Unused: no service is learnt from it.',
          ),
        since: dateTime.nullable().describe('When the state began; null for one that is not used.'),
        subscriptions: count.describe('Services followed in it.'),
        waiting: count.describe('Services of which it has not told a list yet.'),
        confirmedAt: dateTime.nullable().describe('When it last said that a list holds; null before it did.'),
        problem: nullableText.describe('What is wrong; null if nothing is.'),
      }),
    )
    .describe(
      'Without those of type `static`. One whose section has changed is there twice while requests still use it.',
    ),
  ...groupPart,
});
