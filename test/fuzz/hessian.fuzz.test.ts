import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HessianError } from '../../src/hessian/hessian-error.ts';
import { HessianReader } from '../../src/hessian/hessian-reader.ts';
import { type HessianList, type HessianValue, readTree } from '../../src/hessian/hessian-tree.ts';
import { skipValue } from '../../src/hessian/skip-value.ts';
import { cpuMs } from '../support/fastest-ms.ts';
import { handMadeBodies, recordedBodies } from './hessian-corpus.ts';
import { mutate, SeededRandom } from './hessian-mutator.ts';

const MAX_BODY_MS = 50;
/** Large valid bodies may take time in proportion to their size. */
const MAX_LARGE_BODY_MS = 2000;
const MAX_REWINDS = 64;

const FAULTS = ['truncated', 'unknown-tag', 'invalid', 'limit'];

type Walk = (reader: HessianReader) => unknown;

describe('Fuzz: Hessian reader', () => {
  const corpus = [...recordedBodies(), ...handMadeBodies()];

  it('reads its own corpus to the end', () => {
    assert.ok(corpus.length > 100);
    for (const body of corpus) {
      assert.equal(outcome(skipValue, body), 'end', body.toString('hex'));
      assert.equal(outcome(readWhole, body), 'end', body.toString('hex'));
    }
  });

  it('ends every changed body cleanly or with a HessianError, and in time', () => {
    const count = Number(process.env.FUZZ_HESSIAN_BODIES ?? 20_000);
    const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 0x7fff_ffff));
    const seen = { end: 0, fault: 0 };
    for (let index = 0; index < count; index++) {
      const random = new SeededRandom(seed + index);
      const body = mutate(random.pick(corpus), corpus, random);
      const place = `FUZZ_SEED=${seed}, body ${index}: ${body.toString('hex')}`;
      try {
        const skipped = timed(skipValue, body, MAX_BODY_MS);
        const read = timed(readWhole, body, MAX_BODY_MS);
        assert.equal(read, skipped, 'skipping and reading see the same');
        if (skipped === 'end') checkRewinds(body);
        seen[skipped === 'end' ? 'end' : 'fault']++;
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${place}`, { cause: error });
      }
    }
    assert.equal(seen.end + seen.fault, count);
    // Both kinds happen often, or the mutator is too mild or too wild to find anything.
    assert.ok(count < 1000 || Math.min(seen.end, seen.fault) > count / 50, JSON.stringify(seen));
  });

  it('ends every prefix of a recorded body with a fault or between two values', () => {
    for (const body of corpus.filter(({ length }) => length < 600)) {
      const ends = new Set([0]);
      const reader = new HessianReader();
      reader.reset(body);
      while (reader.position < reader.end) {
        skipValue(reader);
        ends.add(reader.position);
      }
      for (let length = 0; length < body.length; length++) {
        const result = outcome(skipValue, body.subarray(0, length));
        assert.equal(result === 'end', ends.has(length), `${length} bytes of ${body.toString('hex')}: ${result}`);
      }
    }
  });
});

describe('Fuzz: Hessian bombs', () => {
  const deep = 200_000;
  const refused: [name: string, body: () => Buffer, fault: string][] = [
    ['nested lists', () => hex('79'.repeat(deep)), 'limit'],
    ['nested open lists', () => hex('57'.repeat(deep)), 'limit'],
    ['nested lists with a length', () => hex('5891'.repeat(deep)), 'limit'],
    ['nested maps as keys', () => hex('48'.repeat(deep)), 'limit'],
    ['nested maps as values', () => hex('4890'.repeat(deep)), 'limit'],
    ['nested typed maps', () => hex(`4d017490${'4d9090'.repeat(deep)}`), 'limit'],
    ['nested typed lists', () => hex(`710174${'7190'.repeat(deep)}`), 'limit'],
    ['nested objects', () => hex(`4301439101 61${'60'.repeat(deep)}`.replace(' ', '')), 'limit'],
    ['typed heads inside typed heads', () => hex('4d'.repeat(deep)), 'invalid'],
    ['typed list heads inside typed list heads', () => hex('56'.repeat(deep)), 'invalid'],
    ['definitions inside definitions', () => hex('43'.repeat(deep)), 'invalid'],
    ['objects whose class number is an object', () => hex('4f'.repeat(deep)), 'invalid'],
    ['references to references', () => hex('51'.repeat(deep)), 'invalid'],
    ['list of 2^31 - 1', () => hex('58497fffffff90'), 'truncated'],
    ['list of -2^31', () => hex('584980000000'), 'invalid'],
    ['typed list of 2^31 - 1', () => hex('560174497fffffff90'), 'truncated'],
    ['class of 2^31 - 1 fields', () => hex('430143497fffffff016160'), 'limit'],
    ['class of -1 fields', () => hex('43014349ffffffff016160'), 'invalid'],
    ['text of 65,535 units in nothing', () => hex('53ffff'), 'truncated'],
    ['binary of 65,535 bytes in nothing', () => hex('42ffff'), 'truncated'],
    ['a million definitions', () => hex('43016390'.repeat(1_000_000)), 'limit'],
    ['a million type names', () => hex('700174'.repeat(1_000_000)), 'limit'],
    ['text chunks without an end', () => hex('520000'.repeat(100_000)), 'truncated'],
    ['binary chunks without an end', () => hex('410000'.repeat(100_000)), 'truncated'],
  ];

  for (const [name, make, fault] of refused) {
    it(`refuses ${name} at once`, () => {
      const body = make();
      for (const walk of [skipValue, readWhole]) {
        assert.match(timed(walk, body, MAX_BODY_MS), new RegExp(`^${fault} at \\d+$`));
      }
    });
  }

  it('refuses more containers than a body may have', () => {
    const body = Buffer.alloc(1_000_001, 0x78);
    assert.equal(timed(skipValue, body, MAX_LARGE_BODY_MS), 'limit at 1000001');
  });

  it('reserves no memory for what is only announced', () => {
    for (const announced of ['58497fffffff90', '560174497fffffff90', '430143497fffffff0161', '53ffff61', '42ffff61']) {
      const before = process.memoryUsage();
      for (let i = 0; i < 100; i++) outcome(readWhole, hex(announced));
      const after = process.memoryUsage();
      assert.ok(after.arrayBuffers - before.arrayBuffers < 16 * 1024 * 1024, announced);
      assert.ok(after.heapUsed - before.heapUsed < 16 * 1024 * 1024, announced);
    }
  });

  const large: [name: string, body: () => Buffer][] = [
    ['100,000 empty text chunks', () => hex(`${'520000'.repeat(100_000)}0161`)],
    ['100,000 empty binary chunks', () => hex(`${'410000'.repeat(100_000)}2161`)],
    ['a million text chunks of one character', () => hex(`${'52000161'.repeat(1_000_000)}00`)],
    ['a type name of 100,000 chunks', () => hex(`70${'52000161'.repeat(100_000)}00${'7090'.repeat(100_000)}`)],
    ['8 MiB of text', () => hex(`${`52ffff${'61'.repeat(65_535)}`.repeat(128)}00`)],
    ['8 MiB of text beyond ASCII', () => hex(`${`525555${'e4b8ad'.repeat(0x5555)}`.repeat(128)}00`)],
    [
      'many objects of a class with a name of a megabyte',
      () => hex(`58d40fa043${`52ffff${'61'.repeat(65_535)}`.repeat(16)}00910161${'604e'.repeat(4000)}`),
    ],
    [
      'many objects of a class with 4,096 fields without names',
      () => hex(`58c8ff430143d41000${'00'.repeat(4096)}${`60${'4e'.repeat(4096)}`.repeat(255)}`),
    ],
    ['4,096 classes of 1,000 fields', () => hex(`${`430143cbe8${'00'.repeat(1000)}`.repeat(4096)}4e`)],
    ['a million containers', () => Buffer.alloc(1_000_000, 0x78)],
  ];

  for (const [name, make] of large) {
    it(`reads ${name} in time that grows with its size`, () => {
      const body = make();
      assert.equal(timed(skipValue, body, MAX_LARGE_BODY_MS), 'end');
      assert.equal(timed(readWhole, body, MAX_LARGE_BODY_MS), 'end');
    });
  }

  it('reads lists that refer to each other 2^28 times as what they are: a few lists', () => {
    let nested = '78';
    for (let level = 0; level < 28; level++) nested = `7a${nested}5190`;
    const wide = hex(nested);
    assert.equal(timed(skipValue, wide, MAX_BODY_MS), 'end');
    const reader = new HessianReader();
    reader.reset(wide);
    const list = readTree(reader) as HessianList;
    assert.equal(list.items[1], list);
    assert.equal(reader.references.count, 29);
  });
});

/** A tree without its own limit, which would hide those of the reader. */
function readWhole(reader: HessianReader): HessianValue {
  return readTree(reader, Number.MAX_SAFE_INTEGER);
}

/** What comes of all values of a body: 'end', or the fault and its place. Any error but `HessianError` is thrown on. */
function outcome(walk: Walk, body: Buffer): string {
  const reader = new HessianReader();
  reader.reset(body);
  let last = -1;
  try {
    while (reader.position < reader.end) {
      assert.ok(reader.position > last, 'the reader moves on');
      last = reader.position;
      walk(reader);
    }
  } catch (error) {
    if (!(error instanceof HessianError)) throw error;
    assert.ok(FAULTS.includes(error.fault), error.fault);
    assert.ok(error.offset >= 0 && error.offset <= body.length, `offset ${error.offset} of ${body.length}`);
    return `${error.fault} at ${error.offset}`;
  }
  assert.equal(reader.position, reader.end);
  return 'end';
}

/** The outcome, which must come within the time; other work on the machine may disturb some attempts, not all. */
function timed(walk: Walk, body: Buffer, maxMs: number): string {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 4; attempt++) {
    const start = cpuMs();
    const result = outcome(walk, body);
    best = Math.min(best, cpuMs() - start);
    if (best <= maxMs) return result;
  }
  throw new Error(`a body of ${body.length} bytes took ${best.toFixed(0)} ms`);
}

/** Each container of a whole body can be read again from its mark, and the tables end as they were. */
function checkRewinds(body: Buffer): void {
  const reader = new HessianReader();
  reader.reset(body);
  while (reader.position < reader.end) skipValue(reader);
  const { typeCount, classCount } = reader;
  const { count } = reader.references;
  for (let reference = 0; reference < Math.min(count, MAX_REWINDS); reference++) {
    reader.rewindTo(reference);
    while (reader.position < reader.end) {
      const start = reader.position;
      // Past the end of the container follow the ends of those around it.
      if (body[start] === 0x5a) reader.position++;
      else skipValue(reader);
    }
    assert.deepEqual([reader.references.count, reader.typeCount, reader.classCount], [count, typeCount, classCount]);
  }
}

function hex(digits: string): Buffer {
  return Buffer.from(digits, 'hex');
}
