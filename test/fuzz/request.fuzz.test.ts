import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteWriter } from '../../src/bytes/byte-writer.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import { HessianReader } from '../../src/hessian/hessian-reader.ts';
import { HessianList, HessianMap, type HessianValue, readTree } from '../../src/hessian/hessian-tree.ts';
import { HessianWriter } from '../../src/hessian/hessian-writer.ts';
import { type JsonDocument, parseJson } from '../../src/json/json-document.ts';
import { JsonDepthError, JsonSyntaxError } from '../../src/json/json-errors.ts';
import type { ArgumentPlan } from '../../src/transcoder/arguments/argument-plan.ts';
import type { RequestView } from '../../src/transcoder/request-view.ts';
import { cpuMs } from '../support/fastest-ms.ts';
import { writeReferenceJson } from '../support/reference/reference-untyped-json.ts';
import { BODY, merge, object, plan, query, source } from '../unit/transcoder/arguments/argument-cases.ts';
import { mutate, SeededRandom } from './hessian-mutator.ts';

const BODIES = Number(process.env.FUZZ_REQUEST_BODIES ?? 100_000);
const MAX_BODY_MS = 50;
const ATTEMPTS = 12;
/** Between attempts, so that whatever keeps the machine busy may pass. */
const PAUSE_MS = 20;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const MAX_DEPTH = 64;
const MAX_HEAP_BYTES = 512 * 1024 * 1024;
const CODES: ReadonlySet<string> = new Set(['REQUEST_INVALID', 'REQUEST_CLASS_KEY']);

const CORPUS: readonly Buffer[] = [
  '{"name":"Ann","age":30,"tags":["a","b"],"address":{"city":"Springfield","houseNumber":7}}',
  '{"id":9007199254740993,"price":1.10,"balance":"1E+3","birthday":"2024-02-29T13:14:15.016Z","avatar":"AAH/"}',
  '{"items":[{"sku":"x","count":1},{"sku":"y","count":2}],"scores":{"1":2,"-5":3},"total":-0.0,"note":null}',
  '[1,-1,0,2147483647,-2147483648,2147483648,9223372036854775807,-9223372036854775808,9223372036854775808,1e400,1.5e-7]',
  '["","\\u0000\\ud83d\\ude00\\ud800","é中😀","\\"\\\\\\/\\b\\f\\n\\r\\t","\\u00e9"]',
  '{"__proto__":{"isAdmin":true},"constructor":1,"toString":2,"a":1,"a":2}',
  '{"class":"com.acme.User","name":"x","child":{"class":"java.util.HashMap"}}',
  `${'['.repeat(60)}1${']'.repeat(60)}`,
  `{"a":${'{"b":'.repeat(40)}true${'}'.repeat(40)}}`,
  ' \t\r\n{ "a" : [ true , false , null ] } \n',
  '\ufeff{"a":1}',
  '"just text"',
  '-12.5E+3',
].map((text) => Buffer.from(text));

const DICTIONARY: readonly Buffer[] = [
  ...'{ } [ ] , : " \\ / - + . e E 0 1 9 t true false null \n \t \r \0 \x7f [] {} "" [[ ]] {"a": ,"a":1 "class": "__proto__": \\u \\ud83d \\u0000 1e9 9223372036854775808 0.1 -0'.split(
    ' ',
  ),
  ' ',
]
  .map((text) => Buffer.from(text))
  .concat(
    ['ff', 'c080', 'eda0bd', 'f09f9880', 'e4b8', 'efbbbf', '80', 'f4908080'].map((hex) => Buffer.from(hex, 'hex')),
  );

const SPACES = Buffer.alloc(256, ' ');
const SCALAR = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/g;
const VALUES: readonly string[] = [
  ...'0 -1 2147483648 9223372036854775808 1.10 1e3 1e400 5.0 true false null [] {} [1,"2",null] {"name":"x","age":"7"}'.split(
    ' ',
  ),
  ...'"" "7" "AAH/" "2024-02-29T13:14:15Z" "name" "items" "class" "__proto__" "\\ud83d" "\\u0063lass" "é中😀"'.split(
    ' ',
  ),
];

/** A long text is scanned and copied several bytes at once: half of the bodies are made long. */
function changedBody(random: SeededRandom): Buffer {
  const body = changedText(random);
  return random.below(2) === 0 ? body : Buffer.concat([body, SPACES]);
}

/** Half of the bodies get other values in their places and mostly stay JSON; the others are changed byte by byte. */
function changedText(random: SeededRandom): Buffer {
  const body = random.pick(CORPUS);
  if (random.below(2) === 0) return mutate(body, CORPUS, random, DICTIONARY);
  return Buffer.from(
    body.toString().replaceAll(SCALAR, (scalar) => (random.below(3) === 0 ? random.pick(VALUES) : scalar)),
  );
}

const TYPES = {
  'com.acme.User': {
    name: 'String',
    age: 'int',
    id: 'long',
    price: 'java.math.BigDecimal',
    balance: 'java.math.BigDecimal',
    birthday: 'java.util.Date',
    avatar: 'byte[]',
    scores: 'Map<Integer, Long>',
    items: 'List<com.acme.User>',
    child: 'com.acme.User',
  },
};

describe('Fuzz: requests', () => {
  const untyped = plan(BODY, 'Object');
  const plans: readonly ArgumentPlan[] = [
    untyped,
    plan(BODY, 'com.acme.User', TYPES),
    plan(BODY, 'com.acme.User', TYPES, ['com.acme.User']),
    plan(BODY, 'List<Long>'),
    plan(BODY, 'Map<String, Object>'),
    plan(BODY, 'String[]'),
    plan(BODY, 'java.math.BigDecimal'),
    plan(source({ kind: 'body', path: ['items', 0, 'sku'] }), 'String'),
    plan(merge(BODY, object({ id: query('id') })), 'com.acme.User', TYPES),
  ];
  const writer = new HessianWriter(new ByteWriter(1024, 8 * 1024 * 1024));

  it('agrees with JSON.parse on every changed body, and encodes it whole or refuses it, in time', () => {
    const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 0x7fff_ffff));
    const seen = { encoded: 0, refused: 0, malformed: 0, deep: 0 };
    for (let index = 0; index < BODIES; index++) {
      const random = new SeededRandom(seed + index);
      const body = changedBody(random);
      const argument = random.pick(plans);
      try {
        seen[timedOutcome(body, argument)]++;
      } catch (error) {
        const place = `FUZZ_SEED=${seed}, body ${index}, plan ${plans.indexOf(argument)}: ${body.toString('hex')}`;
        throw new Error(`${(error as Error).message}\n${place}`, { cause: error });
      }
      if (index % 10_000 === 0) {
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        assert.ok(heapUsed + arrayBuffers < MAX_HEAP_BYTES, `${heapUsed} + ${arrayBuffers} bytes of memory`);
      }
    }
    // All that can happen happens often, or the mutator is too mild or too wild to find anything.
    if (BODIES >= 10_000) {
      for (const count of [seen.encoded, seen.refused, seen.malformed]) {
        assert.ok(count > BODIES / 50, JSON.stringify(seen));
      }
    }
  });

  function timedOutcome(body: Buffer, argument: ArgumentPlan): keyof ReturnType<typeof counts> {
    const expected = parsed(body);
    let fastest = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const start = cpuMs();
      const document = documentOf(body);
      const bytes = typeof document === 'string' ? document : encode(document, argument);
      fastest = Math.min(fastest, cpuMs() - start);
      if (fastest > MAX_BODY_MS) {
        Atomics.wait(sleeper, 0, 0, PAUSE_MS);
        continue;
      }
      if (document === 'deep') {
        assert.ok(expected === undefined || depthOf(expected.value) > MAX_DEPTH, 'not too deep');
        return 'deep';
      }
      assert.equal(typeof document !== 'string', expected !== undefined, 'valid or not');
      if (document === 'malformed') return 'malformed';
      if (typeof bytes === 'string') return 'refused';
      const value = wholeValue(bytes);
      if (argument === untyped) {
        assertSame(value, expected!.value);
        assert.deepEqual(bytes, referenceBytes(document as JsonDocument), 'the bytes of the obvious way');
      }
      return 'encoded';
    }
    throw new Error(`took ${fastest.toFixed(0)} ms`);
  }

  function encode(document: JsonDocument, argument: ArgumentPlan): Buffer | 'refused' {
    writer.out.reset();
    writer.reset();
    try {
      argument.write(requestWith(document), writer);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      assert.ok(CODES.has(error.code), error.code);
      assert.ok(error.detail.length < 1_000, 'a long detail');
      return 'refused';
    }
    return writer.out.take();
  }
});

/** A document as an untyped argument, by the slow and obvious way. */
function referenceBytes(document: JsonDocument): Buffer {
  const out = new HessianWriter(new ByteWriter());
  writeReferenceJson(document, document.root, out);
  return out.out.take();
}

function counts(): { encoded: number; refused: number; malformed: number; deep: number } {
  return { encoded: 0, refused: 0, malformed: 0, deep: 0 };
}

function documentOf(body: Buffer): JsonDocument | 'malformed' | 'deep' {
  try {
    return parseJson(body, MAX_DEPTH);
  } catch (error) {
    if (error instanceof JsonDepthError) return 'deep';
    if (!(error instanceof JsonSyntaxError)) throw error;
    assert.ok(error.offset >= 0 && error.offset <= body.length, `offset ${error.offset} of ${body.length}`);
    return 'malformed';
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What JavaScript makes of the bytes; undefined where they are no JSON. A byte order mark is skipped by both. */
function parsed(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(utf8.decode(body)) };
  } catch {
    return undefined;
  }
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let deepest = 0;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner));
  return deepest + 1;
}

function wholeValue(bytes: Buffer): HessianValue {
  const reader = new HessianReader();
  reader.reset(bytes);
  const value = readTree(reader);
  assert.equal(reader.position, reader.end, 'one value and nothing more');
  return value;
}

/** The value an untyped argument carries is that of the JSON; beyond 64 bits it is text of the same digits. */
function assertSame(value: HessianValue, json: unknown): void {
  if (value instanceof HessianList) {
    assert.ok(Array.isArray(json) && json.length === value.items.length, 'a list');
    for (const [index, item] of value.items.entries()) assertSame(item, json[index]);
  } else if (value instanceof HessianMap) {
    assert.ok(typeof json === 'object' && json !== null && !Array.isArray(json), 'an object');
    const members = new Map(Object.entries(json));
    assert.equal(value.entries.length, members.size, 'as many members');
    for (const [key, item] of value.entries) {
      assert.ok(typeof key === 'string' && members.has(key), 'the same key');
      assertSame(item, members.get(key));
    }
  } else if (typeof json === 'number') {
    // An integer has no negative zero.
    assert.equal(Number(value) + 0, json + 0);
    assert.ok(typeof value !== 'string' || /^-?\d{19,}$/.test(value), 'text only for long digits');
  } else {
    assert.equal(value, json);
  }
}

function requestWith(body: JsonDocument): RequestView {
  return {
    pathParameter: () => undefined,
    query: () => '7',
    queryAll: () => ['7'],
    header: () => undefined,
    cookie: () => undefined,
    body,
    claims: undefined,
    clientIp: '192.0.2.7',
    requestId: 'r-1',
  };
}
