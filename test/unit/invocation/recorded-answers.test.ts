import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { FrameSplitter } from '../../../src/dubbo/frame-splitter.ts';
import type { AnswerFrame } from '../../../src/rpc/answer-frame.ts';
import { answerFrame, answerPlan, createDecoder, outcomeOf } from '../../support/answer-decoding.ts';
import { RECORDED_VERSIONS, type RecordedCall, recordedCalls } from '../../support/recorded-frames.ts';

/** What each recorded answer must become, checked by hand once; UPDATE_GOLDEN=1 writes it anew, to be checked again. */
const goldenUrl = new URL('../../fixtures/dubbo-frames/expected-outcomes.json', import.meta.url);
const golden = JSON.parse(readFileSync(goldenUrl, 'utf8')) as Record<string, Record<string, string>>;
/** Larger answers are only decoded whole; their bytes are split in the splitter's own test. */
const MAX_SPLIT_BYTES = 1_500;

const answered = RECORDED_VERSIONS.flatMap((version) => recordedCalls(version)).filter(isTwoWayAnswer);

describe('answers recorded from real providers', () => {
  if (process.env.UPDATE_GOLDEN === '1') updateGolden();

  it('has some of every version', () => {
    for (const version of RECORDED_VERSIONS) {
      assert.ok(answered.filter((call) => call.version === version).length >= 60, version);
    }
  });

  for (const version of RECORDED_VERSIONS) {
    it(`become the right JSON or error: ${version}`, () => {
      for (const call of answered.filter((candidate) => candidate.version === version)) {
        assert.equal(outcomeOf(frameOf(call.response)), golden[call.name]![version], `${version} ${call.name}`);
      }
    });
  }

  it('come out the same wherever the stream was cut', () => {
    const decoder = createDecoder();
    const plan = answerPlan();
    let cuts = 0;
    for (const call of answered.filter(({ response }) => response.length <= MAX_SPLIT_BYTES)) {
      const expected = golden[call.name]![call.version];
      for (let cut = 1; cut < call.response.length; cut++, cuts++) {
        const outcomes: string[] = [];
        const splitter = new FrameSplitter(16 * 1024 * 1024);
        const sink = {
          onFrame: (frame: { status: number; serialization: number; buffer: Buffer; start: number; end: number }) =>
            outcomes.push(outcomeOf(frame as AnswerFrame, plan, decoder)),
          onOversized: () => assert.fail('oversized'),
        };
        splitter.push(Buffer.from(call.response.subarray(0, cut)), sink as never);
        splitter.push(Buffer.from(call.response.subarray(cut)), sink as never);
        assert.deepEqual(outcomes, [expected], `${call.version} ${call.name} cut at ${cut}`);
      }
    }
    assert.ok(cuts > 10_000);
  });

  it('leak no stack, address or service list', () => {
    for (const call of answered) {
      const outcome = outcomeOf(frameOf(call.response));
      assert.doesNotMatch(
        outcome,
        /\tat |\bat [a-z.]+\([A-Z]\w+\.java|127\.0\.0\.1:\d|Not found exported service: /,
        call.name,
      );
    }
  });
});

type AnsweredCall = RecordedCall & { readonly response: Buffer };

function isTwoWayAnswer(call: RecordedCall): call is AnsweredCall {
  const { response } = call;
  return response !== undefined && (response[2]! & 0xa0) === 0;
}

function frameOf(response: Buffer): AnswerFrame {
  return answerFrame(response.subarray(16), response[3], response[2]! & 0x1f);
}

function updateGolden(): void {
  const outcomes: Record<string, Record<string, string>> = {};
  for (const call of answered) {
    outcomes[call.name] ??= {};
    outcomes[call.name]![call.version] = outcomeOf(frameOf(call.response));
  }
  writeFileSync(goldenUrl, `${JSON.stringify(outcomes, undefined, 2)}\n`);
  assert.fail('expected-outcomes.json was written anew: check it by hand');
}
