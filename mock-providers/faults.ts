import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const MAX_DELAY_MS = 3_600_000;
const MAX_BYTES = 256 * 1024 * 1024;

const delayMs = z.int().min(0).max(MAX_DELAY_MS);
const byteCount = z.int().min(1).max(MAX_BYTES);

const faultSchema = z
  .strictObject({
    delayMs: delayMs.optional().describe('answers this much later'),
    stall: z.literal(true).optional().describe('never answers; the connection stays'),
    dropConnection: z
      .enum(['before', 'after', 'mid-frame'])
      .optional()
      .describe('cuts the connection: before the method runs, after it, or within the answer'),
    wrongId: z.literal(true).optional().describe('answers under an id nobody asked with'),
    duplicate: z.literal(true).optional().describe('sends the answer twice at once'),
    answerTwiceLate: delayMs.optional().describe('sends the answer a second time this much later'),
    truncated: z.literal(true).optional().describe('sends half of the answer, then closes'),
    garbage: byteCount.optional().describe('sends this many random bytes in place of the answer'),
    corruptBody: byteCount.optional().describe('flips bits in this many bytes of the body'),
    trailingBytes: byteCount.optional().describe('makes the body longer by this many random bytes'),
    hugeLength: z.enum(['max', 'negative']).optional().describe('announces 2^31-1 or -1 bytes of body'),
    exception: z
      .strictObject({ class: z.string().min(1), message: z.string().nullable() })
      .optional()
      .describe('answers with this business exception; the method does not run'),
    status: z
      .strictObject({ code: z.int().min(0).max(255), text: z.string() })
      .optional()
      .describe('answers with this status and text; the method does not run'),
    id23: z.literal(true).optional().describe('the status (70 when none is given) is written in fastjson2'),
    readonly: z.literal(true).optional().describe('sends READONLY before the answer'),
    nestedLists: z.int().min(1).max(5_000_000).optional().describe('the result is this many lists within each other'),
    referenceBomb: z.int().min(1).max(1_000).optional().describe('the result is a list of 2^n leaves, by references'),
    oversize: byteCount.optional().describe('the result is a text of this many characters, whatever the payload limit'),
    bodyHex: z
      .string()
      .regex(/^([0-9a-fA-F]{2})*$/, 'pairs of hex digits')
      .optional()
      .describe('these bytes are the body, with status 20'),
    slowWrite: z
      .strictObject({ chunkBytes: byteCount, everyMs: delayMs })
      .optional()
      .describe('the answer goes out in small pieces'),
    closeAfterAnswer: z.literal(true).optional().describe('closes the connection behind the answer'),
  })
  .refine((fault) => Object.keys(fault).length > 0, 'names no fault');

const ruleSchema = z.strictObject({
  method: z
    .string()
    .regex(/^(\*|[^#\s]+#([^#\s]+))$/, 'is `*`, `interface#method` or `interface#*`')
    .describe('which calls'),
  fault: faultSchema,
  times: z.int().min(1).optional().describe('how often it happens; without it, always'),
  probability: z.number().min(0).max(1).optional().describe('share of the calls it happens to; without it, all'),
});

const fileSchema = z.strictObject({ seed: z.int().default(1), faults: z.array(ruleSchema) });

/** Names of all faults. */
export const FAULT_NAMES: readonly string[] = Object.keys(faultSchema.shape);

/** What goes wrong with an answer. Several can be told together, such as a delay and a status. */
export type Fault = z.infer<typeof faultSchema>;

/** Which calls go wrong, and how. The first rule that fits a call decides. */
export type FaultRule = z.infer<typeof ruleSchema>;

export interface FaultFile {
  readonly seed: number;
  readonly faults: FaultRule[];
}

/**
 * Reads fault rules from a JSON or YAML file: a list of rules, or `{ seed, faults }`.
 *
 * @throws Error that names the file and each mistake in it
 */
export async function readFaultFile(path: string): Promise<FaultFile> {
  let content: unknown;
  try {
    content = parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`cannot read the faults in ${path}: ${(error as Error).message}`);
  }
  const result = fileSchema.safeParse(Array.isArray(content) ? { faults: content } : content);
  if (!result.success) throw new Error(`wrong faults in ${path}:\n${z.prettifyError(result.error)}`);
  return result.data;
}

/** Decides for each call whether a rule fits. The same seed and calls give the same faults. */
export class FaultScript {
  readonly #rules: { rule: FaultRule; rest: number }[];
  readonly random: () => number;

  /** @throws Error that says which rule is wrong */
  constructor(rules: readonly FaultRule[], seed = 1) {
    const result = z.array(ruleSchema).safeParse(rules);
    if (!result.success) throw new Error(`wrong faults:\n${z.prettifyError(result.error)}`);
    this.#rules = result.data.map((rule) => ({ rule, rest: rule.times ?? Number.POSITIVE_INFINITY }));
    this.random = seededRandom(seed);
  }

  /** The fault for the next call of this method, null for none. Uses up one of the rule's `times`. */
  next(service: string, method: string): Fault | null {
    if (this.#rules.length === 0) return null;
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (entry.rest === 0 || !fits(rule.method, service, method)) continue;
      if (rule.probability !== undefined && this.random() >= rule.probability) continue;
      entry.rest--;
      return rule.fault;
    }
    return null;
  }
}

function fits(pattern: string, service: string, method: string): boolean {
  return pattern === '*' || pattern === `${service}#${method}` || pattern === `${service}#*`;
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
