import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { describe, it } from 'node:test';
import { ByteText } from '../../src/bytes/byte-text.ts';
import type { ResponseConfig } from '../../src/config/schema.ts';
import { FrameError } from '../../src/dubbo/frame-error.ts';
import { type FrameSink, FrameSplitter } from '../../src/dubbo/frame-splitter.ts';
import type { FrameView } from '../../src/dubbo/frame-view.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import type { Answer, AnswerPlan } from '../../src/invocation/answer-decoder.ts';
import { AnswerFrame } from '../../src/rpc/answer-frame.ts';
import { AnswerShapes } from '../../src/transcoder/answer-shapes.ts';
import { ShapeBudget } from '../../src/transcoder/shape-budget.ts';
import { answerPlan, createDecoder, responseConfig } from '../support/answer-decoding.ts';
import { cpuMs } from '../support/fastest-ms.ts';
import { type ReferenceOptions, referenceOutcome } from '../support/reference/reference-transcoder.ts';
import { answerFrameBytes, answerFrames, withRightLength } from './answer-corpus.ts';
import { mutate, SeededRandom } from './hessian-mutator.ts';
import { ValueMutator } from './value-mutator.ts';

const FRAMES = Number(process.env.FUZZ_ANSWER_FRAMES ?? 100_000);
const MAX_FRAME_MS = 50;
const ATTEMPTS = 12;
/** Between attempts, so that whatever keeps the machine busy may pass. */
const PAUSE_MS = 20;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
/** Every so many frames the slow reference looks as well. */
const REFERENCE_EVERY = Number(process.env.FUZZ_REFERENCE_EVERY ?? 1);
/** A key is learnt when it comes a second time; the answers of the corpus nest less deep. */
const TIMES_TO_LEARN = 40;
/** Only what grows by so much as text may be refused for its references. */
const LEAST_BOMB = 100;
const MAX_HEAP_BYTES = 512 * 1024 * 1024;
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** What a broken answer may be to the caller. */
const CODES: ReadonlySet<string> = new Set([
  'PROVIDER_NONE',
  'PROVIDER_TIMEOUT',
  'PROVIDER_CONNECTION_LOST',
  'PROVIDER_BUSY',
  'PROVIDER_EXCEPTION',
  'PROVIDER_REFUSED',
  'PROVIDER_PROTOCOL',
  'RESPONSE_TOO_LARGE',
  'REQUEST_INVALID',
]);

const OPTION_SETS: readonly Partial<ResponseConfig>[] = [
  { attachments: { 'x-dubbo': 'dubbo' } },
  { mapKeys: 'pairs', classKey: 'keep', nulls: 'omit', longs: 'string', dates: 'epoch-ms' },
  { jdkValues: 'as-is', cycles: 'error', nonFinite: 'string', void: 'null' },
];

type Outcome = { readonly text: string } | { readonly code: string } | 'no content';

describe('Fuzz: answers', () => {
  const corpus = answerFrames();
  const values = new ValueMutator(corpus.filter((frame) => frame[3] === 20).map((frame) => frame.subarray(16)));
  const decoder = createDecoder();
  /** Has seen all frames, but remembers the shapes of none. */
  const forgetful = createDecoder();
  const plans = OPTION_SETS.map((options) => answerPlan(options, { maxResponseBytes: 1024 * 1024 }));
  const referenceOptions = OPTION_SETS.map((options) => responseConfig(options) as ReferenceOptions);
  const budget = new ShapeBudget();
  const routes = {
    frames: corpus.map(routeThatKnows),
    values: bodiesOf(values).map(answerFrameBytes).map(routeThatKnows),
  };
  const answer = new AnswerFrame('127.0.0.1:20880');

  it('takes its own corpus', () => {
    assert.ok(corpus.length > 250, `${corpus.length} frames`);
    const kinds = new Set<string>();
    for (const frame of corpus) for (const outcome of outcomes(frame, plans[0]!)) kinds.add(kindOf(outcome));
    for (const kind of ['text', 'no content', 'PROVIDER_EXCEPTION', 'PROVIDER_REFUSED', 'RESPONSE_TOO_LARGE']) {
      assert.ok(kinds.has(kind), kind);
    }
  });

  it('makes of every changed frame a JSON text or a documented error, in time, and never another value', () => {
    const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 0x7fff_ffff));
    const seen: Record<string, number> = {};
    let compared = 0;
    for (let index = 0; index < FRAMES; index++) {
      const random = new SeededRandom(seed + index);
      const { frame, shapes } = changedFrame(random);
      const which = random.below(plans.length);
      const plan = { ...plans[which]!, shapes };
      try {
        const found = timedOutcomes(frame, plan);
        for (const outcome of found) {
          const kind = kindOf(outcome);
          seen[kind] = (seen[kind] ?? 0) + 1;
        }
        const fresh = { ...plan, shapes: new AnswerShapes(new ShapeBudget()) };
        assert.deepEqual(outcomes(frame, fresh, forgetful), found, 'what was learnt shows');
        if (index % REFERENCE_EVERY === 0 && agreesWithReference(frame, which, plan)) compared++;
      } catch (error) {
        const place = `FUZZ_SEED=${seed}, frame ${index}, options ${which}: ${frame.toString('hex')}`;
        throw new Error(`${(error as Error).message}\n${place}`, { cause: error });
      }
      if (index % 10_000 === 0) {
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        assert.ok(heapUsed + arrayBuffers < MAX_HEAP_BYTES, `${heapUsed} + ${arrayBuffers} bytes of memory`);
      }
    }
    // Values and errors are both common, or the mutator is too mild or too wild to find anything.
    if (FRAMES >= 10_000) {
      assert.ok((seen.text ?? 0) > FRAMES / 20 && (seen.PROVIDER_PROTOCOL ?? 0) > FRAMES / 20, JSON.stringify(seen));
      assert.ok(compared > FRAMES / REFERENCE_EVERY / 20, `${compared} values compared`);
      assert.ok(budget.learnt > 1_000 && budget.recognised > FRAMES / 50, `${budget.learnt}, ${budget.recognised}`);
    }
  });

  /**
   * Half of them by whole values, the others by bytes; of those some keep a length that no longer fits. With each comes
   * what the route of the unchanged frame has learnt.
   */
  function changedFrame(random: SeededRandom): { frame: Buffer; shapes: AnswerShapes } {
    if (random.below(2) === 0) {
      const index = random.below(values.count);
      return { frame: answerFrameBytes(values.mutate(index, random)), shapes: routes.values[index]! };
    }
    const index = random.below(corpus.length);
    const mutated = mutate(corpus[index]!, corpus, random);
    const frame = random.below(8) === 0 ? mutated : withRightLength(mutated);
    return { frame, shapes: routes.frames[index]! };
  }

  /** The shapes of a route that had this frame some times. */
  function routeThatKnows(frame: Buffer): AnswerShapes {
    const shapes = new AnswerShapes(budget);
    for (let i = 0; i < TIMES_TO_LEARN; i++) resultsOf(frame, { ...plans[0]!, shapes });
    return shapes;
  }

  /** What comes of the frames in these bytes. */
  function outcomes(bytes: Buffer, plan: AnswerPlan, by = decoder): Outcome[] {
    return resultsOf(bytes, plan, by).map(checked);
  }

  /** What the splitter and the decoder make of the bytes, as they give it. */
  function resultsOf(bytes: Buffer, plan: AnswerPlan, by = decoder): (Answer | Error)[] {
    const found: (Answer | Error)[] = [];
    const sink: FrameSink = {
      onFrame: (frame) => {
        if (!frame.isRequest && !frame.isEvent) found.push(resultOf(frame, plan, by));
      },
      onOversized: () => undefined,
    };
    try {
      new FrameSplitter(MAX_BODY_BYTES).push(bytes, sink);
    } catch (error) {
      found.push(error as Error);
    }
    return found;
  }

  function resultOf(frame: FrameView, plan: AnswerPlan, by = decoder): Answer | Error {
    answer.status = frame.status;
    answer.serialization = frame.serialization;
    answer.buffer = frame.buffer;
    answer.start = frame.start;
    answer.end = frame.end;
    try {
      return by.decode(answer, plan);
    } catch (error) {
      return error as Error;
    }
  }

  /** The outcomes, which must come in time; other work on the machine may disturb some attempts, not all. */
  function timedOutcomes(frame: Buffer, plan: AnswerPlan): Outcome[] {
    let fastest = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const start = cpuMs();
      const found = resultsOf(frame, plan);
      fastest = Math.min(fastest, cpuMs() - start);
      if (fastest <= MAX_FRAME_MS) return found.map(checked);
      Atomics.wait(sleeper, 0, 0, PAUSE_MS);
    }
    throw new Error(`took ${fastest.toFixed(0)} ms`);
  }

  /** Whether there was a value to compare. */
  function agreesWithReference(frame: Buffer, which: number, plan: AnswerPlan): boolean {
    let compared = false;
    const sink: FrameSink = {
      onFrame: (view) => {
        if (view.isRequest || view.isEvent || view.status !== 20 || view.serialization !== 2) return;
        const bytes = view.buffer.subarray(view.start, view.end);
        const expected = referenceOutcome(bytes, referenceOptions[which]!);
        if (expected.kind === 'too-big' || (expected.kind === 'error' && expected.orJdk)) return;
        const result = resultOf(view, plan);
        if (expected.kind === 'text' && isBombRefusal(result)) {
          assert.ok(expected.text.length > LEAST_BOMB * bytes.length, 'refused as a bomb');
          return;
        }
        const actual = checked(result);
        compared = expected.kind === 'text';
        const isTooLarge = expected.kind === 'text' && Buffer.byteLength(expected.text) > plan.maxResponseBytes;
        if (expected.kind !== 'text' || isTooLarge)
          assert.ok(actual !== 'no content' && 'code' in actual, JSON.stringify(expected));
        else if (expected.isNull && actual === 'no content') assert.equal(expected.text, 'null');
        else
          assert.equal(
            actual === 'no content' || 'code' in actual ? JSON.stringify(actual) : actual.text,
            expected.text,
          );
      },
      onOversized: () => undefined,
    };
    try {
      new FrameSplitter(MAX_BODY_BYTES).push(frame, sink);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
    }
    return compared;
  }
});

function bodiesOf(values: ValueMutator): Buffer[] {
  return Array.from({ length: values.count }, (_, index) => values.body(index));
}

/** An answer is one JSON text in UTF-8, or nothing; an error has a documented code and shows nothing it should not. */
function checked(result: Answer | Error): Outcome {
  if (result instanceof FrameError) return { code: 'PROVIDER_PROTOCOL' };
  if (result instanceof GatewayError) {
    assert.ok(CODES.has(result.code), result.code);
    assert.doesNotMatch(result.detail, /127\.0\.0\.1:20880|\n\s*at /);
    if (result.jsonExtensions?.exception !== undefined) JSON.parse(result.jsonExtensions.exception);
    return { code: result.code };
  }
  if (result instanceof Error) throw result;
  for (const value of Object.values(result.headers ?? {})) assert.match(value, /^[\t\x20-\x7e]+$/);
  if (result.body === undefined) return 'no content';
  assert.ok(isUtf8(result.body instanceof ByteText ? result.body.toBuffer() : result.body), 'UTF-8');
  const text = result.body.toString();
  JSON.parse(text);
  return { text };
}

/** Whether the answer was given up because too much of it would have to be read again and again. */
function isBombRefusal(result: Answer | Error): boolean {
  return result instanceof GatewayError && /too much to read again/.test(String(result.log?.reason));
}

function kindOf(outcome: Outcome): string {
  if (outcome === 'no content') return outcome;
  return 'code' in outcome ? outcome.code : 'text';
}
