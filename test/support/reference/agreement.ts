import assert from 'node:assert/strict';
import type { ResponseConfig } from '../../../src/config/schema.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import type { AnswerDecoder, AnswerPlan } from '../../../src/invocation/answer-decoder.ts';
import type { AnswerShapes } from '../../../src/transcoder/answer-shapes.ts';
import { answerFrame, answerPlan, responseConfig } from '../answer-decoding.ts';
import { type ReferenceOptions, type ReferenceOutcome, referenceOutcome } from './reference-transcoder.ts';

/** The response options under which the gateway's transcoder and the slow reference are compared. */
export const OPTION_SETS: readonly Partial<ResponseConfig>[] = [
  {},
  { longs: 'string-if-unsafe', decimals: 'string', dates: 'epoch-ms', nulls: 'omit', nonFinite: 'string' },
  { longs: 'string', mapKeys: 'pairs', classKey: 'keep' },
  { jdkValues: 'as-is', classKey: 'keep', nulls: 'omit', mapKeys: 'pairs' },
  { cycles: 'error', jdkValues: 'as-is' },
  { nulls: 'omit', void: 'null' },
];

/** The classes that the configuration of the comparison declares. */
export const DECLARED_CLASSES: readonly string[] = ['com.acme.Named'];

/** What the gateway makes of an answer's body: its text, or the error with all that is logged of it. */
export interface Reading {
  readonly text: string | undefined;
  readonly error: { readonly code: string; readonly detail: string; readonly log: unknown } | undefined;
}

/** An option set that is ready for use. */
interface Prepared {
  readonly plan: AnswerPlan;
  readonly options: ReferenceOptions;
}

const prepared = new Map<Partial<ResponseConfig>, Prepared>();

/**
 * @param shapes what was learnt of earlier answers; default: one memory for all answers of the process
 * @param behind bytes that follow the body in the buffer it stands in
 */
export function readingOf(
  decoder: AnswerDecoder,
  body: Buffer,
  response: Partial<ResponseConfig>,
  shapes?: AnswerShapes,
  behind?: Buffer,
): Reading {
  const { plan } = prepare(response);
  const frame = answerFrame(behind === undefined ? body : Buffer.concat([body, behind]));
  if (behind !== undefined) frame.end -= behind.length;
  try {
    const { body: json } = decoder.decode(frame, shapes === undefined ? plan : { ...plan, shapes });
    return { text: json?.toString() ?? 'null', error: undefined };
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    const { code, detail, log } = thrown;
    return { text: undefined, error: { code, detail, log } };
  }
}

/** What the reference said of a body; `refused`: it made a text where the gateway gave up to read parts again and again. */
export type Agreement = ReferenceOutcome['kind'] | 'refused';

/** Fails where the reference makes another text of the body, or only one of the two an error. */
export function assertAgrees(
  { text, error }: Reading,
  body: Buffer,
  response: Partial<ResponseConfig>,
  name = '',
): Agreement {
  const expected = referenceOutcome(body, prepare(response).options, DECLARED_CLASSES);
  const place = () => `${name} ${body.toString('hex')}: ${JSON.stringify(expected)}`;
  if (expected.kind === 'text' && /too much to read again/.test(JSON.stringify(error))) return 'refused';
  if (expected.kind === 'text') {
    if ((text ?? JSON.stringify(error)) !== expected.text) {
      assert.equal(text ?? JSON.stringify(error), expected.text, place());
    }
  } else if (expected.kind !== 'too-big' && !(expected.kind === 'error' && expected.orJdk)) {
    assert.ok(error !== undefined, error === undefined ? place() : '');
  }
  return expected.kind;
}

function prepare(response: Partial<ResponseConfig>): Prepared {
  let ready = prepared.get(response);
  if (ready === undefined) {
    ready = { plan: answerPlan(response), options: responseConfig(response) as ReferenceOptions };
    prepared.set(response, ready);
  }
  return ready;
}
