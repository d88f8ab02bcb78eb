import * as z from 'zod';
import { type Answer, count, dateTime } from './answer.ts';

/** The configuration that is served, with defaults. */
export const configAnswer = z
  .record(z.string(), z.unknown())
  .describe('As in the file, with defaults and in base units; `***` stands for secrets and what came from a variable.');

/** Something that is wrong with a configuration, or may be. */
export const configFinding = z.strictObject({
  severity: z.enum(['error', 'warning']),
  file: z.string().optional().describe('Name of the file, where there may be several.'),
  line: count.describe('From 1; 0 where there is no place.'),
  column: count.describe('From 1; 0 where there is no place.'),
  path: z.string().describe('Such as `routes[2].call.service`; empty for the whole.'),
  message: z.string(),
  suggestion: z.string().optional().describe('The nearest known name.'),
});
export type ConfigFinding = Answer<typeof configFinding>;

const names = z.array(z.string());
const namedChanges = z.strictObject({ added: names, removed: names, changed: names });

/** What differs between two configurations. */
const configChanges = z.strictObject({
  routes: namedChanges.describe('By id.'),
  services: namedChanges,
  sections: names.describe('Other sections that differ, such as `bulkhead`.'),
  restartRequired: names.describe('Keys whose new values hold only after a restart, such as `server.http.port`.'),
});

/** What was found in a configuration. */
export const validationAnswer = z.strictObject({
  valid: z.boolean().describe('Whether there is no error. Values of variables were not known, and so not checked.'),
  errors: count,
  warnings: count,
  diagnostics: z.array(configFinding).describe('The first 200, by place.'),
  changes: configChanges
    .nullable()
    .describe(
      'What would change. Values of variables and secrets, in this configuration or in the one that is served, are not compared. Null where this one is not valid, or cannot be read whole without its variables.',
    ),
});
export type ValidationAnswer = Answer<typeof validationAnswer>;

/** What became of a new configuration. */
export const replacementAnswer = z.strictObject({
  changes: configChanges.describe('What has changed; nothing where the new file says the same as the one before.'),
  generation: count.describe('Number of the configuration that is served now.'),
  entityTag: z.string().describe('What `If-Match` of the next change has to name; the header `ETag` has it too.'),
  warnings: z.array(configFinding).describe('The first 200, by place.'),
});
export type ReplacementAnswer = Answer<typeof replacementAnswer>;

const source = z
  .enum(['start', 'file', 'signal', 'admin', 'application'])
  .describe('Who brought it: the start, a change of the files, SIGHUP, this API, or the program around the gateway.');

/** The configurations that were served, and the last reading of the files. */
export const generationsAnswer = z.strictObject({
  generations: z
    .array(
      z.strictObject({
        number: count.describe('From 1.'),
        source,
        since: dateTime.describe('When it began to serve.'),
        routes: count,
        services: count,
        state: z
          .enum(['serving', 'draining', 'gone'])
          .describe('Draining: a newer one serves, and its last requests have not ended. Gone: they have.'),
        inFlight: count.describe('Requests that it still serves.'),
      }),
    )
    .describe('Newest first: the last 20, and older ones that still serve requests.'),
  lastReload: z
    .strictObject({
      source,
      at: dateTime,
      successful: z.boolean().describe('Whether the files were good and are in force.'),
      errors: z.array(configFinding).describe('What is wrong with them, the first 20; empty where nothing is.'),
    })
    .nullable()
    .describe(
      'The last reading of the files; null before the first one after the start, and where there are no files.',
    ),
});
export type GenerationsAnswer = Answer<typeof generationsAnswer>;
