import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type JsonDocument, parseJson } from '../../../src/json/json-document.ts';
import { JsonDepthError, JsonSyntaxError } from '../../../src/json/json-errors.ts';
import { fastestMs } from '../../support/fastest-ms.ts';
import { toJavaScript } from '../../support/json-to-javascript.ts';

const MAX_DEPTH = 64;

function parse(text: string | Buffer): JsonDocument {
  return parseJson(Buffer.isBuffer(text) ? text : Buffer.from(text), MAX_DEPTH);
}

function syntaxError(text: string | Buffer): JsonSyntaxError {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof JsonSyntaxError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: `accepted ${JSON.stringify(text.toString())}` });
}

describe('parseJson: same language as JSON.parse', () => {
  it('gives the same value for valid documents, compact or with white space', () => {
    const space = fc.constantFrom(undefined, 1, 3, '\t', ' \n');
    fc.assert(
      fc.property(fc.json({ maxDepth: 8, stringUnit: 'binary' }), space, (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), undefined, indent);
        assert.deepEqual(toJavaScript(parse(spaced)), JSON.parse(spaced));
      }),
      { numRuns: 500 },
    );
  });

  it('accepts and refuses the same mutated documents', () => {
    const bytes = fc.constantFrom(...'{}[]",:\\/-+.eEu0159 \n\t\u0001\u007ftrfalsnKé😀'.split(''));
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 4 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(2), bytes), { minLength: 1, maxLength: 4 }),
        (text, edits) => {
          let mutated = text;
          for (const [place, removed, inserted] of edits) {
            const at = place % (mutated.length + 1);
            mutated = mutated.slice(0, at) + inserted + mutated.slice(at + removed);
          }
          // Cutting may leave a lone surrogate, which has no UTF-8 form: compare what the bytes say.
          const buffer = Buffer.from(mutated);
          const expected = attempt(() => JSON.parse(buffer.toString()));
          const actual = attempt(() => toJavaScript(parse(buffer)));
          assert.equal(actual.accepted, expected.accepted, mutated);
          assert.deepEqual(actual.value, expected.value, mutated);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('refuses every strict prefix of an object', () => {
    const text = '{"a":[1,-2.5e+3,true,null,"x\\u00e9\\n😀"],"b":{}}';
    const whole = Buffer.from(text);
    for (let length = 0; length < whole.length; length++) syntaxError(whole.subarray(0, length));
    assert.deepEqual(toJavaScript(parse(whole)), JSON.parse(text));
  });

  for (const text of ['01', '-', '+1', '.5', '5.', '1e', '1e+', '0x10', 'NaN', 'Infinity', '-Infinity', '00', '-01']) {
    it(`refuses the number ${text}`, () => {
      syntaxError(text);
    });
  }
  for (const text of ['0', '-0', '1', '10', '-1.5', '1e5', '1E-5', '0.0', '0e0', '1.5e+30', '9'.repeat(500)]) {
    it(`keeps the lexeme of ${text.slice(0, 20)}`, () => {
      const doc = parse(` ${text} `);
      assert.equal(doc.numberText(doc.root), text);
      assert.equal(doc.isIntegerText(doc.root), /^-?\d+$/.test(text));
    });
  }
  for (const text of [
    '',
    ' ',
    '[1,]',
    '{"a":1,}',
    '[,1]',
    '{,}',
    '{a:1}',
    "['x']",
    '[1 2]',
    '{"a" 1}',
    '{"a":}',
    '1 2',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      syntaxError(text);
    });
  }
  for (const text of ['tru', 'nul', 'True', 'undefined', '[true false]', '// x\n1', '/* */1', '\u00a01', '\u20281']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      syntaxError(text);
    });
  }
});

describe('parseJson: strings', () => {
  it('undoes each escape', () => {
    const text = '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\ud83d\\ude00\\u0000"';
    const doc = parse(text);
    assert.equal(doc.stringValue(doc.root), '"\\/\b\f\n\r\tAé€😀\u0000');
    assert.equal(doc.hasEscapes(doc.root), true);
    assert.equal(doc.isAscii(doc.root), true);
  });

  it('finds what is special at every place of a string, in short and long documents', () => {
    const specials = ['"', '\\', '\u0000', '\u001f', '\u0020', '\u007f', '\u0080', 'é', '中', '😀', '!', '#', '[', ']'];
    for (const special of specials) {
      for (let before = 0; before <= 12; before++) {
        const json = `["${'x'.repeat(before)}${special}yz","\\n"]`;
        const bytes = Buffer.from(json);
        const expected = attempt(() => JSON.parse(json));
        const short = attempt(() => toJavaScript(parse(bytes)));
        assert.deepEqual(short, expected, json);
        for (let spaces = 256; spaces < 260; spaces++) {
          const long = Buffer.concat([Buffer.alloc(spaces, ' '), bytes]);
          assert.deepEqual(
            attempt(() => toJavaScript(parse(long))),
            expected,
            json,
          );
          if (expected.accepted) assert.equal(isFirstAscii(parse(long)), isFirstAscii(parse(bytes)), json);
          else assert.equal(syntaxError(long).offset, spaces + syntaxError(bytes).offset);
        }
      }
    }
  });

  it('keeps lone surrogates that are written as escapes', () => {
    for (const text of ['"\\ud800"', '"\\udc00x"', '"x\\udbff\\u0041"', '"\\ude00\\ud83d"']) {
      const doc = parse(text);
      assert.equal(doc.stringValue(doc.root), JSON.parse(text));
    }
  });

  it('refuses raw control characters and unknown escapes', () => {
    for (let code = 0; code < 0x20; code++) syntaxError(`"a${String.fromCharCode(code)}"`);
    for (const text of ['"\\x41"', '"\\u12"', '"\\u12G4"', '"\\', '"\\u', '"\\u123', '"\\U0041"', '"\\\'"'])
      syntaxError(text);
  });

  it('accepts DEL, U+2028 and every character beyond', () => {
    const text = '"\u007f\u0080\u2028\uffff😀"';
    const doc = parse(text);
    assert.equal(doc.stringValue(doc.root), JSON.parse(text));
    assert.equal(doc.isAscii(doc.root), false);
  });

  it('refuses invalid UTF-8 anywhere and says where', () => {
    const cases: [Buffer, number][] = [
      [Buffer.from([0x22, 0x80, 0x22]), 1],
      [Buffer.from([0x22, 0x41, 0xc3, 0x22]), 2],
      [Buffer.from([0x22, 0xc0, 0x80, 0x22]), 1],
      [Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 1],
      [Buffer.from([0x22, 0xc3, 0xa9, 0xf4, 0x90, 0x80, 0x80, 0x22]), 3],
      [Buffer.from([0x31, 0xff]), 1],
      [Buffer.concat([Buffer.from(`"${'é'.repeat(9000)}`), Buffer.from([0xff])]), 18_001],
    ];
    for (const [bytes, offset] of cases) {
      const error = syntaxError(bytes);
      assert.match(error.message, /UTF-8/);
      assert.equal(error.offset, offset);
    }
  });

  it('skips a byte order mark at the start only', () => {
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    const doc = parse(Buffer.concat([mark, Buffer.from('{"a":1}')]));
    assert.deepEqual(toJavaScript(doc), { a: 1 });
    assert.equal(syntaxError(Buffer.concat([mark, mark, Buffer.from('1')])).offset, 3);
    assert.equal(syntaxError(Buffer.concat([Buffer.from('1'), mark])).offset, 1);
  });
});

describe('parseJson: error places', () => {
  const cases: [string, number, RegExp][] = [
    ['', 0, /expected a value, got the end/],
    ['{"a":1 "b":2}', 7, /expected "," or "}"/],
    ['[1 2]', 3, /expected "," or "]"/],
    ['{"a":1,}', 7, /expected a key/],
    ['{"a";1}', 4, /expected ":"/],
    ['[01]', 2, /must not start with 0/],
    ['[1.]', 3, /expected a digit/],
    ['["a\nb"]', 3, /control character/],
    ['["a\\q"]', 3, /unknown escape/],
    ['["abc', 5, /inside a string/],
    ['[1] x', 4, /expected the end/],
    ['[', 1, /expected a value, got the end/],
  ];
  for (const [text, offset, message] of cases) {
    it(`names the byte in ${JSON.stringify(text)}`, () => {
      const error = syntaxError(text);
      assert.equal(error.offset, offset);
      assert.match(error.message, message);
    });
  }
});

describe('parseJson: bounds', () => {
  it('counts depth exactly', () => {
    assert.doesNotThrow(() => parse('1'));
    const nest = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
    assert.doesNotThrow(() => parse(nest(MAX_DEPTH)));
    assert.throws(() => parse(`[${nest(MAX_DEPTH)}]`), JsonDepthError);
    assert.throws(
      () => parseJson(Buffer.from('[[1]]'), 1),
      (error) => error instanceof JsonDepthError && error.maxDepth === 1 && error.offset === 1,
    );
    assert.doesNotThrow(() => parseJson(Buffer.from('[[],[],{}]'), 2));
  });

  it('refuses 200,000 nested arrays in less than 10 ms', () => {
    const bomb = Buffer.from('['.repeat(200_000));
    const ms = fastestMs(5, () => assert.throws(() => parse(bomb), JsonDepthError));
    assert.ok(ms < 10, `${ms} ms`);
  });

  it('needs no stack for depth', () => {
    const depth = 100_000;
    const doc = parseJson(Buffer.from(`${'['.repeat(depth)}${']'.repeat(depth)}`), depth);
    assert.equal(doc.childCount(doc.root), 1);
  });

  it('keeps documents apart, however many there are and whatever their size', () => {
    const texts = Array.from({ length: 300 }, (_, index) => {
      if (index % 50 === 49) return `[${'{"a":[0]},'.repeat(index * 20)}${index}]`;
      return index % 7 === 3 ? `[${'0,'.repeat(index)}${index}]` : `{"id":${index},"more":[{"x":{}},[],"y"]}`;
    });
    const documents = texts.map((text) => parse(text));
    syntaxError('{"id":1,"more":[');
    for (const [index, doc] of documents.entries()) assert.deepEqual(toJavaScript(doc), JSON.parse(texts[index]!));
  });

  it('reads many values of one byte', () => {
    const doc = parse(`[${'0,'.repeat(99_999)}0]`);
    assert.equal(doc.childCount(doc.root), 100_000);
  });
});

function isFirstAscii(array: JsonDocument): boolean {
  return array.isAscii(array.firstChild(array.root));
}

function attempt(parser: () => unknown): { accepted: boolean; value?: unknown } {
  try {
    return { accepted: true, value: parser() };
  } catch (error) {
    assert.ok(error instanceof SyntaxError || error instanceof JsonSyntaxError, String(error));
    return { accepted: false };
  }
}
