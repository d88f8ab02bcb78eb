import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import type { Answer, AnswerPlan } from '../../../src/invocation/answer-decoder.ts';
import { answerFrame, answerPlan, createDecoder, outcomeOf } from '../../support/answer-decoding.ts';
import { body } from '../hessian/bodies.ts';

const ATTACHMENTS = "48 05'dubbo' 05'2.0.2' 5a";

function decode(notation: string, plan: AnswerPlan = answerPlan()): Answer {
  return createDecoder().decode(answerFrame(body(notation)), plan);
}

function failure(notation: string, serialization = 2): GatewayError {
  try {
    createDecoder().decode(answerFrame(body(notation), 20, serialization), answerPlan());
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: `${notation} was accepted` });
}

describe('the flag of an answer', () => {
  const withValue: readonly (readonly [notation: string, outcome: string])[] = [
    ['91 97', '7'],
    [`94 97 ${ATTACHMENTS}`, '7'],
    ['92', '(no content)'],
    [`95 ${ATTACHMENTS}`, '(no content)'],
    ['91 4e', '(no content)'],
    [`94 4e ${ATTACHMENTS}`, '(no content)'],
    ['94 97 4e', '7'],
    [`94 97 48 5a`, '7'],
    ['91 00', '""'],
    ['c801 97', '7'],
  ];
  for (const [notation, outcome] of withValue) {
    it(`${notation} gives ${outcome}`, () => {
      assert.equal(outcomeOf(answerFrame(body(notation))), outcome);
    });
  }

  it('may tell of an exception, with attachments or without', () => {
    for (const notation of [
      "90 43 05'a.E_x' 91 0d'detailMessage' 60 02'no'",
      `93 43 05'a.E_x' 91 0d'detailMessage' 60 02'no' ${ATTACHMENTS}`,
    ]) {
      const error = failure(notation);
      assert.deepEqual([error.code, error.status, error.detail], ['PROVIDER_EXCEPTION', 500, 'no']);
      assert.equal(error.jsonExtensions?.exception, '{"class":"a.E_x","message":"no"}');
    }
  });

  it('gives null as a body where a route wants that', () => {
    const plan = answerPlan({ void: 'null' });
    assert.equal(decode('92', plan).body?.toString(), 'null');
    assert.equal(decode('91 4e', plan).body?.toString(), 'null');
    assert.equal(decode('91 97', plan).body?.toString(), '7');
  });

  for (const notation of ['', '96 97', '8f', 'c806', '4e', '54', '00', '48 5a', 'e1 97', '5c 97']) {
    it(`"${notation}" is no flag`, () => {
      const error = failure(notation);
      assert.deepEqual([error.code, error.status], ['PROVIDER_PROTOCOL', 502]);
    });
  }
});

describe('bytes after an answer', () => {
  it('may be the one null that dubbo-go puts there', () => {
    assert.equal(outcomeOf(answerFrame(body(`94 97 ${ATTACHMENTS} 4e`))), '7');
    assert.equal(outcomeOf(answerFrame(body('91 97 4e'))), '7');
    assert.equal(outcomeOf(answerFrame(body('92 4e'))), '(no content)');
    assert.match(
      outcomeOf(answerFrame(body("90 43 05'a.E_x' 91 0d'detailMessage' 60 02'no' 4e"))),
      /^PROVIDER_EXCEPTION/,
    );
  });

  for (const notation of [
    '91 97 4e4e',
    '91 97 90',
    `94 97 ${ATTACHMENTS} 5a`,
    `94 97 ${ATTACHMENTS} 00`,
    '92 4e4e',
    '91 97 97',
  ]) {
    it(`are an error otherwise: ${notation}`, () => {
      const error = failure(notation);
      assert.equal(error.code, 'PROVIDER_PROTOCOL');
      assert.match(String(error.log?.reason), /bytes after the answer/);
    });
  }
});

describe('an answer that is not what it should be', () => {
  it('is refused in any serialization but Hessian', () => {
    for (const serialization of [0, 3, 6, 16, 21, 23, 31]) {
      const error = failure('91 97', serialization);
      assert.equal(error.code, 'PROVIDER_PROTOCOL');
      assert.match(error.detail, new RegExp(`serialization id ${serialization} instead of 2`));
      assert.deepEqual(error.log, { provider: '127.0.0.1:20880' });
    }
  });

  it('tells the log where it is wrong, and the caller nothing', () => {
    const error = failure('91 7a 91');
    assert.equal(error.detail, 'The answer of the provider is not valid Hessian 2, or past its limits.');
    assert.deepEqual(error.log, {
      provider: '127.0.0.1:20880',
      fault: 'truncated',
      offset: 2,
      reason: error.log?.reason,
    });
    assert.match(String(error.log?.reason), /announced|early/);
  });

  for (const notation of [
    '94 97',
    '94 97 48',
    "94 97 48 05'dubbo'",
    '91',
    '91 51 90',
    '91 40',
    '94 5a',
    '91 03616263'.slice(0, 9),
  ]) {
    it(`such as ${notation} is a PROVIDER_PROTOCOL`, () => {
      assert.equal(failure(notation).code, 'PROVIDER_PROTOCOL');
    });
  }

  it('does not spoil the next one', () => {
    const decoder = createDecoder();
    const plan = answerPlan();
    for (const notation of ['91 7a 91', "91 48 01'a'", '91 48 78 90 5a', '96', `94 97 ${ATTACHMENTS} 5a`]) {
      assert.match(outcomeOf(answerFrame(body(notation)), plan, decoder), /^PROVIDER_PROTOCOL/);
      assert.equal(outcomeOf(answerFrame(body("91 48 01'a' 79 91 5a")), plan, decoder), '{"a":[1]}');
    }
  });

  it('gives a body that later answers do not touch', () => {
    const decoder = createDecoder();
    const { body: first } = decoder.decode(answerFrame(body("91 03'one'")), answerPlan());
    decoder.decode(answerFrame(body("91 03'two'")), answerPlan());
    assert.equal(first?.toString(), '"one"');
  });
});

describe('answer attachments as headers', () => {
  const plan = answerPlan({ attachments: { 'x-a': 'a', 'x-b': 'b' } });

  it('take text, numbers and booleans', () => {
    assert.deepEqual(decode("94 90 48 01'a' 03'abc' 01'b' 4c0020000000000001 01'c' 90 5a", plan).headers, {
      'x-a': 'abc',
      'x-b': '9007199254740993',
    });
    assert.deepEqual(decode("94 90 48 01'a' 97 01'b' 54 5a", plan).headers, { 'x-a': '7', 'x-b': 'true' });
    assert.deepEqual(decode("95 48 01'a' 5d05 5a", plan).headers, { 'x-a': '5' });
  });

  it('leave out what no header can carry', () => {
    const values = [
      "04'a' 0d0a 'b'",
      '01 0a',
      '01 00',
      '01 7f',
      '01 c3a9',
      '00',
      '4e',
      '78',
      '485a',
      '4a0000000000000000',
    ];
    for (const value of values) {
      assert.equal(decode(`94 90 48 01'a' ${value} 5a`, plan).headers, undefined, value);
    }
    assert.deepEqual(decode("94 90 48 01'a' 03 61 09 62 5a", plan).headers, { 'x-a': 'a\tb' });
    assert.equal(decode(`94 90 48 01'a' 53 1001 '${'x'.repeat(4097)}' 5a`, plan).headers, undefined);
    assert.equal(decode(`94 90 48 01'a' 53 1000 '${'x'.repeat(4096)}' 5a`, plan).headers?.['x-a']?.length, 4096);
  });

  it('are none where the answer has no attachments, or no map of them', () => {
    for (const notation of ['91 90', '92', '94 90 4e', '94 90 485a', '94 90 78', '94 78 51 90']) {
      assert.equal(decode(notation, plan).headers, undefined, notation);
    }
    assert.equal(decode("94 90 48 01'a' 03'abc' 5a").headers, undefined, 'and none is asked for');
  });

  it('take the last of two values', () => {
    assert.deepEqual(decode("94 90 48 01'a' 01'1' 01'a' 01'2' 5a", plan).headers, { 'x-a': '2' });
  });
});
