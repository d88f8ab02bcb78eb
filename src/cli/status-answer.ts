import * as z from 'zod';
import { printable } from './terminal-text.ts';

/**
 * What the admin API answers, as the command line needs it: the members it shows, with text made safe for a terminal.
 * Members it does not know are let by, so that it gets on with a newer gateway.
 */

const count = z.number();
const text = z.string().transform(printable);
const date = z.iso.datetime();

const pool = z.object({ size: count, active: count, waiting: count, rejectedTotal: count });

const admission = z.object({
  inFlight: count,
  inFlightBytes: count,
  waiting: count,
  timedOutTotal: count,
  queueFullTotal: count,
});

const method = z.object({
  key: text,
  state: text,
  since: date,
  pinned: z.boolean(),
  reason: text.nullable(),
  by: text.nullable(),
  active: z.object({ normal: count, slow: count, heartbeat: count }),
  window: z.object({ calls: count, timeouts: count, slow: count, failed: count }),
  latencyMs: z.object({ p50: count, p95: count, p99: count }).nullable(),
  probes: z.object({ passedInARow: count, needed: count }).nullable(),
  quarantinedTotal: count,
  earliestRelease: date.nullable(),
});

const event = z.object({ at: date, method: text, from: text, to: text, reason: text, by: text });

const status = z.object({
  pools: z.object({ normal: pool, slow: pool, heartbeat: pool }).nullable(),
  admission: admission.nullable(),
  methods: z.array(method),
  methodsTotal: count,
  nextAfter: z.string().nullable(),
  events: z.array(event),
  missingWorkers: z.array(count).optional(),
});

const worker = z.object({ worker: count, state: text, restarts: count });

const workers = z.object({ workers: z.array(worker) });

const generation = z.object({ number: count, source: text, since: date, routes: count, services: count });

const configuration = z.object({
  generations: z.tuple([generation], generation),
  lastReload: z
    .object({
      at: date,
      successful: z.boolean(),
      errors: z.array(z.object({ file: text.optional(), line: count, column: count, path: text, message: text })),
    })
    .nullable(),
});

/** The state of one pool. */
export type PoolAnswer = z.output<typeof pool>;
/** The requests in the gateway. */
export type AdmissionAnswer = z.output<typeof admission>;
/** The state of one method. */
export type MethodAnswer = z.output<typeof method>;
/** One change of state of a method. */
export type EventAnswer = z.output<typeof event>;
/**
 * The answer to `GET /admin/v1/bulkheads`. Pools or admission are null where they are off; `nextAfter` is what `after` of
 * the next page of methods is, null on the last one.
 */
export type StatusAnswer = z.output<typeof status>;

/** The answer to `GET /admin/v1/generations`: newest first. */
export type ConfigurationAnswer = z.output<typeof configuration>;

/** One process that serves. */
export type WorkerAnswer = z.output<typeof worker>;

/** The name of a pool. */
export type PoolKey = keyof NonNullable<StatusAnswer['pools']>;

/** JSON that is not what this part of the admin API answers. */
export class AnswerShapeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AnswerShapeError';
  }
}

/** Reads the answer to `GET /admin/v1/bulkheads`. Throws `AnswerShapeError`. */
export function readStatus(json: unknown): StatusAnswer {
  return read(status, json);
}

/** Reads the answer to `GET /admin/v1/generations`. Throws `AnswerShapeError`. */
export function readConfiguration(json: unknown): ConfigurationAnswer {
  return read(configuration, json);
}

/** Reads the answer to `GET /admin/v1/workers`: empty where one process does all. Throws `AnswerShapeError`. */
export function readWorkers(json: unknown): readonly WorkerAnswer[] {
  return read(workers, json).workers;
}

/** Reads one method, as the answer to a change of its state. Throws `AnswerShapeError`. */
export function readMethod(json: unknown): MethodAnswer {
  return read(method, json);
}

function read<Schema extends z.ZodType>(schema: Schema, json: unknown): z.output<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new AnswerShapeError(path.length === 0 ? message : `${printable(path.join('.'))}: ${message}`);
}
