import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TranscodeError } from '../../../src/transcoder/transcode-error.ts';
import { toJson } from '../../support/transcoding.ts';
import {
  dateRecipe,
  doubleRecipe,
  intRecipe,
  listRecipe,
  longRecipe,
  mapRecipe,
  NULL_RECIPE,
  objectRecipe,
  type Recipe,
  referenceRecipe,
  SHAPES,
  type Shape,
  textRecipe,
} from '../../support/value-recipe.ts';
import { body } from '../hessian/bodies.ts';

const int = intRecipe;
const text = textRecipe;
const MAX = 2n ** 63n - 1n;

describe('scalars', () => {
  const plain: readonly (readonly [notation: string, json: string])[] = [
    ['4e', 'null'],
    ['54', 'true'],
    ['46', 'false'],
    ['90', '0'],
    ['80', '-16'],
    ['49 7fffffff', '2147483647'],
    ['49 80000000', '-2147483648'],
    ['c800', '0'],
    ['e0', '0'],
    ['4c 7fffffffffffffff', '9223372036854775807'],
    ['4c 8000000000000000', '-9223372036854775808'],
    ['4c 0020000000000001', '9007199254740993'],
    ['59 80000000', '-2147483648'],
    ['5b', '0'],
    ['5c', '1'],
    ['5d 80', '-128'],
    ['5e 8000', '-32768'],
    ['5f 0000044c', '1.1'],
    // What Java reads: it multiplies by 0.001, and writes this form only where that gives the very double.
    ['5f 000003e9', '1.0010000000000001'],
    ['44 8000000000000000', '-0'],
    ['44 3fb999999999999a', '0.1'],
    ['44 4415af1d78b58c40', '100000000000000000000'],
    ['44 444b1ae4d6e2ef50', '1e+21'],
    ['44 0000000000000001', '5e-324'],
    ['44 7fefffffffffffff', '1.7976931348623157e+308'],
    ['44 7ff8000000000000', 'null'],
    ['44 fff0000000000000', 'null'],
    ['4b 00000000', '"1970-01-01T00:00:00.000Z"'],
    ['20', '""'],
    ["23 'abc'", '"YWJj"'],
    ["41 0002 'ab' 41 0000 21 'c'", '"YWJj"'],
    ['00', '""'],
  ];
  for (const [notation, json] of plain) {
    it(`writes ${notation} as ${json}`, () => {
      assert.equal(toJson(body(notation)), json);
      assert.equal(Object.is(JSON.parse(json), JSON.parse(toJson(body(notation)))), true);
    });
  }

  it('writes longs as digits, as text, or as text where JavaScript would round', () => {
    const longs = [0n, 2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n) + 1n, -(2n ** 53n), MAX];
    const value = listRecipe(longs.map(longRecipe));
    assert.equal(toJson(value), `[${longs.join(',')}]`);
    assert.equal(toJson(value, { longs: 'string' }), `["${longs.join('","')}"]`);
    assert.equal(
      toJson(value, { longs: 'string-if-unsafe' }),
      `[0,9007199254740991,"9007199254740992",-9007199254740991,"-9007199254740992","${MAX}"]`,
    );
  });

  it('leaves ints numbers when longs become text', () => {
    assert.equal(toJson(listRecipe([int(7), longRecipe(7n)]), { longs: 'string' }), '[7,"7"]');
  });

  it('writes what is no number as null or as text', () => {
    const value = listRecipe([NaN, Infinity, -Infinity, 1.5].map(doubleRecipe));
    assert.equal(toJson(value), '[null,null,null,1.5]');
    assert.equal(toJson(value, { nonFinite: 'string' }), '["NaN","Infinity","-Infinity",1.5]');
    assert.equal(toJson(listRecipe([NaN, 1].map(doubleRecipe), '[float'), { nonFinite: 'string' }), '["NaN",1]');
  });

  it('writes elements of float lists as the shortest text of the float', () => {
    const floats = [1.1, 0.1, 3.4028234663852886e38, 16777216, 1.17549435e-38, 123456.79, 0.33333334, 8388609.5];
    const widened = floats.map(Math.fround).map(doubleRecipe);
    assert.equal(
      toJson(listRecipe(widened, '[float')),
      '[1.1,0.1,3.4028235e+38,16777216,1.1754944e-38,123456.79,0.33333334,8388610]',
    );
    assert.equal(toJson(listRecipe([doubleRecipe(Math.fround(1.1))])), '[1.100000023841858]');
    assert.equal(toJson(listRecipe([listRecipe([doubleRecipe(Math.fround(1.1))], '[float')], '[[float')), '[[1.1]]');
  });
});

describe('dates', () => {
  const moments: readonly (readonly [ms: bigint, iso: string])[] = [
    [894621091001n, '1998-05-08T09:51:31.001Z'],
    [-1n, '1969-12-31T23:59:59.999Z'],
    [253402300799999n, '9999-12-31T23:59:59.999Z'],
    [253402300800000n, '+010000-01-01T00:00:00.000Z'],
    [-62167219200000n, '0000-01-01T00:00:00.000Z'],
    [-62167219200001n, '-000001-12-31T23:59:59.999Z'],
    [8640000000000001n, '+275760-09-13T00:00:00.001Z'],
    [MAX, '+292278994-08-17T07:12:55.807Z'],
    [-MAX - 1n, '-292275055-05-16T16:47:04.192Z'],
  ];
  for (const [ms, iso] of moments) {
    it(`writes ${ms} as ${iso}`, () => {
      assert.equal(toJson(dateRecipe(ms)), `"${iso}"`);
      assert.equal(toJson(dateRecipe(ms), { dates: 'epoch-ms' }), String(ms));
    });
  }

  it('follow a pattern with its zone', () => {
    const dates = { pattern: "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", zone: 'Europe/Berlin' };
    assert.equal(toJson(dateRecipe(894621091001n), { dates }), '"1998-05-08T11:51:31.001+02:00"');
  });

  it('are ISO where a pattern cannot say them', () => {
    const dates = { pattern: 'yyyy', zone: 'UTC' };
    assert.equal(toJson(dateRecipe(MAX), { dates }), '"+292278994-08-17T07:12:55.807Z"');
  });

  it('inside sql types follow the same option', () => {
    const value = objectRecipe(SHAPES.timestamp, dateRecipe(894621091001n));
    assert.equal(toJson(value), '"1998-05-08T09:51:31.001Z"');
    assert.equal(toJson(value, { dates: 'epoch-ms' }), '894621091001');
    assert.equal(toJson(value, { jdkValues: 'as-is' }), '{"value":"1998-05-08T09:51:31.001Z"}');
  });
});

describe('decimals', () => {
  const decimal = (digits: string) => objectRecipe(SHAPES.decimal, text(digits));

  for (const digits of ['0', '-0.00', '1.10', '1E+3', '1E-7', '-12.5e10', '123456789012345678901234567890.123']) {
    it(`keeps the digits of ${digits}`, () => {
      assert.equal(toJson(decimal(digits)), digits);
      assert.equal(toJson(decimal(digits), { decimals: 'string' }), `"${digits}"`);
      assert.equal(toJson(decimal(digits), { jdkValues: 'as-is' }), digits);
    });
  }

  for (const digits of ['', '+5', '007', '.5', '5.', '0x10', 'NaN', '1 ', '1e', '--1', '1_000']) {
    it(`writes "${digits}", which is no JSON number, as text`, () => {
      assert.equal(toJson(decimal(digits)), JSON.stringify(digits));
    });
  }

  it('writes a BigDecimal without text as what it holds', () => {
    assert.equal(toJson(objectRecipe(SHAPES.decimal, int(5))), '{"value":5}');
    assert.equal(toJson(objectRecipe(SHAPES.decimal, NULL_RECIPE)), '{"value":null}');
  });

  it('puts a BigInteger together', () => {
    const big = (sign: number, ...words: number[]) =>
      objectRecipe(SHAPES.integer, int(sign), listRecipe(words.map(int), '[int'));
    assert.equal(toJson(big(-1, -1_420_514_932, -350_287_150)), '-12345678901234567890');
    assert.equal(toJson(big(0)), '0');
    assert.equal(toJson(big(1, 1, 0)), '4294967296');
    assert.equal(toJson(big(1, 1, 0), { decimals: 'string' }), '"4294967296"');
    assert.equal(toJson(big(1, 1, 0), { jdkValues: 'as-is' }), '4294967296');
  });
});

describe('text', () => {
  it('is escaped where JSON needs it, and nowhere else', () => {
    const all = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code)).join('');
    for (const value of [all, `é中\u2028\u2029${all}`, '"', '\\', '\u007f', '\u0000', 'a"b\\c\nd']) {
      assert.equal(toJson(text(value)), JSON.stringify(value));
    }
  });

  it('joins surrogates to UTF-8 and escapes those that stand alone', () => {
    assert.equal(toJson(text('a😀b')), '"a😀b"');
    assert.equal(toJson(text('\ud83d')), '"\\ud83d"');
    assert.equal(toJson(text('\ude00\ud83d')), '"\\ude00\\ud83d"');
    assert.equal(toJson(text('\ud83d\ud83d\ude00x')), '"\\ud83d😀x"');
  });

  it('comes out the same wherever its chunks end', () => {
    const value = 'ab"é😀\ud83d中\n';
    for (let first = 0; first <= value.length; first++) {
      for (let second = 0; first + second <= value.length; second++) {
        const recipe: Recipe = { kind: 'text', text: value, pieces: [first, second, 0] };
        assert.equal(toJson(recipe), JSON.stringify(value), `${first}, ${second}`);
      }
    }
  });

  it('is refused where it ends early or is no CESU-8', () => {
    for (const notation of [
      "03'a' c3a9",
      '02 c3',
      '01 c0',
      '01 f09f9880',
      "520002'a' c3a9",
      "520001'a' 90",
      "520001'a'",
      '01 ed',
    ]) {
      assert.throws(() => toJson(body(notation)), { name: 'HessianError' }, notation);
    }
  });

  it('may be long', () => {
    for (const unit of ['x', '"', '\u0001', 'é', '中', '😀']) {
      const value = unit.repeat(32_766 / unit.length);
      assert.equal(
        toJson({ kind: 'text', text: value + value, pieces: [value.length] }),
        JSON.stringify(value + value),
      );
    }
  });
});

describe('lists', () => {
  it('have every form the format knows', () => {
    for (const notation of [
      '7a 91 92',
      '58 92 91 92',
      '57 91 92 5a',
      "72 01't' 91 92",
      "56 01't' 92 91 92",
      "55 01't' 91 92 5a",
    ]) {
      assert.equal(toJson(body(notation)), '[1,2]', notation);
    }
    assert.equal(toJson(body('78')), '[]');
    assert.equal(toJson(body('57 5a')), '[]');
  });

  it('end only where they may', () => {
    assert.throws(() => toJson(body('7a 91 5a')), { name: 'HessianError' });
    assert.throws(() => toJson(body("48 01'a' 5a")), { name: 'HessianError' });
    assert.throws(() => toJson(body('5a')), { name: 'HessianError' });
  });
});

describe('maps', () => {
  it('keep the order of the wire, whatever their type', () => {
    const entries = { z: int(1), a: int(2), '1': int(3) };
    const ordered: Recipe = {
      kind: 'map',
      type: '',
      entries: [
        [text('z'), int(1)],
        [text('a'), int(2)],
        [text('1'), int(3)],
      ],
    };
    assert.equal(toJson(ordered), '{"z":1,"a":2,"1":3}');
    assert.deepEqual(JSON.parse(toJson(mapRecipe(entries, 'java.util.TreeMap'))), { 1: 3, a: 2, z: 1 });
    assert.equal(toJson(mapRecipe({})), '{}');
  });

  it('have keys that mean nothing here, however they are called', () => {
    const value: Recipe = {
      kind: 'map',
      type: '',
      entries: ['__proto__', 'constructor', 'toString', '', '"', 'é😀'].map((key) => [text(key), int(1)] as const),
    };
    assert.equal(toJson(value), '{"__proto__":1,"constructor":1,"toString":1,"":1,"\\"":1,"é😀":1}');
    const object = objectRecipe({ className: 'constructor', fields: ['__proto__', 'hasOwnProperty'] }, int(1), int(2));
    assert.equal(toJson(object), '{"__proto__":1,"hasOwnProperty":2}');
  });

  it('lose their null entries on demand', () => {
    const value = mapRecipe({ a: NULL_RECIPE, b: int(1), c: NULL_RECIPE, class: NULL_RECIPE });
    assert.equal(toJson(value), '{"a":null,"b":1,"c":null,"class":null}');
    assert.equal(toJson(value, { nulls: 'omit' }), '{"b":1}');
    assert.equal(toJson(listRecipe([NULL_RECIPE, value]), { nulls: 'omit' }), '[null,{"b":1}]');
    assert.equal(
      toJson(objectRecipe(SHAPES.user, NULL_RECIPE, text('x'), NULL_RECIPE), { nulls: 'omit' }),
      '{"name":"x"}',
    );
    assert.equal(toJson(objectRecipe(SHAPES.user, NULL_RECIPE, NULL_RECIPE, NULL_RECIPE), { nulls: 'omit' }), '{}');
  });

  const keys: readonly (readonly [name: string, key: Recipe, json: string])[] = [
    ['int', int(-5), '"-5"'],
    ['long', longRecipe(MAX), `"${MAX}"`],
    ['null', NULL_RECIPE, '"null"'],
    ['boolean', { kind: 'bytes', bytes: Buffer.of(0x54) }, '"true"'],
    ['double', doubleRecipe(1.5), '"1.5"'],
    ['NaN', doubleRecipe(NaN), '"null"'],
    ['date', dateRecipe(0n), '"1970-01-01T00:00:00.000Z"'],
    ['binary', { kind: 'bytes', bytes: Buffer.of(0x21, 0xff) }, '"/w=="'],
    ['enum object', objectRecipe(SHAPES.level, text('LOW')), '"LOW"'],
    ['UUID object', objectRecipe(SHAPES.uuid, text('0-1')), '"0-1"'],
    ['BigDecimal object', objectRecipe(SHAPES.decimal, text('1E+3')), '"1E+3"'],
    ['AtomicLong object', objectRecipe(SHAPES.atomic, longRecipe(9n)), '"9"'],
  ];
  for (const [name, key, json] of keys) {
    it(`write a key that is ${name} as its text`, () => {
      const value: Recipe = {
        kind: 'map',
        type: '',
        entries: [
          [text('a'), int(0)],
          [key, int(1)],
        ],
      };
      assert.equal(toJson(value), `{"a":0,${json}:1}`);
    });
  }

  it('cannot have objects or lists as keys', () => {
    for (const key of [mapRecipe({}), listRecipe([]), objectRecipe(SHAPES.user, int(1), int(2), int(3))]) {
      assert.throws(
        () => toJson({ kind: 'map', type: '', entries: [[key, int(1)]] }),
        (error) => error instanceof TranscodeError && error.reason === 'map-key',
      );
    }
  });

  it('become pairs on demand where a key is no text', () => {
    const key = objectRecipe(SHAPES.user, NULL_RECIPE, text('x'), int(3));
    const value: Recipe = {
      kind: 'map',
      type: '',
      entries: [
        [text('a'), int(0)],
        [key, NULL_RECIPE],
        [int(2), int(5)],
      ],
    };
    assert.equal(toJson(value, { mapKeys: 'pairs' }), '[["a",0],[{"address":null,"name":"x","age":3},null],[2,5]]');
    assert.equal(toJson(mapRecipe({ a: int(1) }), { mapKeys: 'pairs' }), '{"a":1}');
    assert.equal(toJson(mapRecipe({}), { mapKeys: 'pairs' }), '{}');
    const keyed: Recipe = { kind: 'map', type: '', entries: [[NULL_RECIPE, NULL_RECIPE]] };
    const nested: Recipe = { kind: 'map', type: '', entries: [[int(1), keyed]] };
    assert.equal(toJson(nested, { mapKeys: 'pairs', nulls: 'omit' }), '[[1,[[null,null]]]]');
  });
});

describe('the class key', () => {
  const classText = text('com.acme.User');
  const places: readonly (readonly [place: string, entries: readonly (readonly [string, Recipe])[], kept: string])[] = [
    [
      'first',
      [
        ['class', classText],
        ['a', int(1)],
        ['b', int(2)],
      ],
      '{"class":"com.acme.User","a":1,"b":2}',
    ],
    [
      'middle',
      [
        ['a', int(1)],
        ['class', classText],
        ['b', int(2)],
      ],
      '{"a":1,"class":"com.acme.User","b":2}',
    ],
    [
      'last',
      [
        ['a', int(1)],
        ['b', int(2)],
        ['class', classText],
      ],
      '{"a":1,"b":2,"class":"com.acme.User"}',
    ],
  ];
  for (const [place, entries, kept] of places) {
    it(`is dropped when it comes ${place}`, () => {
      const value: Recipe = {
        kind: 'map',
        type: '',
        entries: entries.map(([key, item]) => [text(key), item] as const),
      };
      assert.equal(toJson(value), '{"a":1,"b":2}');
      assert.equal(toJson(value, { classKey: 'keep' }), kept);
    });
  }

  it('may be all there is', () => {
    assert.equal(toJson(mapRecipe({ class: classText })), '{}');
  });

  it('of business data stays', () => {
    for (const item of ['Economy', 'a.b c', '', 'v1.', '1.2', 'https://a.b', '😀']) {
      assert.equal(toJson(mapRecipe({ class: text(item) })), `{"class":${JSON.stringify(item)}}`);
    }
    assert.equal(toJson(mapRecipe({ class: int(3) })), '{"class":3}');
    assert.equal(toJson(mapRecipe({ class: listRecipe([int(3)]) })), '{"class":[3]}');
    assert.equal(
      toJson(mapRecipe({ clasz: classText, Class: classText, classes: classText })),
      '{"clasz":"com.acme.User","Class":"com.acme.User","classes":"com.acme.User"}',
    );
    assert.equal(
      toJson(objectRecipe({ className: 'com.acme.Seat', fields: ['class', 'row'] }, classText, int(1))),
      '{"class":"com.acme.User","row":1}',
    );
  });

  it('of JDK values that are left as they are goes all the same', () => {
    const value = mapRecipe({ class: text('java.util.UUID'), mostSignificantBits: longRecipe(1n) });
    assert.equal(toJson(value, { jdkValues: 'as-is' }), '{"mostSignificantBits":1}');
    assert.equal(
      toJson(value, { jdkValues: 'as-is', classKey: 'keep' }),
      '{"class":"java.util.UUID","mostSignificantBits":1}',
    );
  });
});

describe('objects', () => {
  it('have the fields of their definition, in its order', () => {
    assert.equal(
      toJson(objectRecipe(SHAPES.user, NULL_RECIPE, text('Ann'), int(3))),
      '{"address":null,"name":"Ann","age":3}',
    );
    assert.equal(toJson(objectRecipe({ className: 'com.acme.Empty', fields: [] })), '{}');
  });

  it('of classes with the same name and other fields do not mix', () => {
    const first: Shape = { className: 'com.acme.A', fields: ['x', 'y'] };
    const second: Shape = { className: 'com.acme.A', fields: ['y', 'x'] };
    const value = listRecipe([
      objectRecipe(first, int(1), int(2)),
      objectRecipe(second, int(1), int(2)),
      objectRecipe(first, int(3), int(4)),
    ]);
    assert.equal(toJson(value), '[{"x":1,"y":2},{"y":1,"x":2},{"x":3,"y":4}]');
  });

  it('have the last of a repeated field, which is the most derived class', () => {
    assert.equal(toJson(objectRecipe(SHAPES.child, int(1), text('e'), int(2))), '{"extra":"e","code":2}');
  });

  it('of inner classes do not show the object around them', () => {
    const around: Shape = { className: 'com.acme.Order', fields: ['note', 'number'] };
    const value = objectRecipe(around, objectRecipe(SHAPES.inner, referenceRecipe(0), text('t')), text('A-1'));
    assert.equal(toJson(value, { cycles: 'error' }), '{"note":{"text":"t"},"number":"A-1"}');
    const alone = objectRecipe(SHAPES.inner, objectRecipe(around, referenceRecipe(0), text('A-1')), text('t'));
    assert.equal(toJson(alone, { cycles: 'error' }), '{"text":"t"}');
    assert.equal(toJson(mapRecipe({ this$0: int(1) })), '{"this$0":1}');
  });

  it('with a name and nothing else are enum constants, unless configured otherwise', () => {
    const value = objectRecipe(SHAPES.level, text('LOW'));
    assert.equal(toJson(value), '"LOW"');
    assert.equal(toJson(value, { declaredClasses: ['com.acme.Level'] }), '{"name":"LOW"}');
    assert.equal(toJson(objectRecipe(SHAPES.level, NULL_RECIPE)), '{"name":null}');
    assert.equal(toJson(objectRecipe(SHAPES.level, mapRecipe({ a: int(1) }))), '{"name":{"a":1}}');
    assert.equal(
      toJson(objectRecipe({ className: 'com.acme.Level', fields: ['name', 'id'] }, text('x'), int(1))),
      '{"name":"x","id":1}',
    );
  });

  it('that are sets of enum constants are their list', () => {
    const type = objectRecipe({ className: 'java.lang.Class', fields: ['name'] }, text('com.acme.Level'));
    const constants = listRecipe(
      [objectRecipe(SHAPES.level, text('LOW')), objectRecipe(SHAPES.level, text('HIGH'))],
      '[object',
    );
    assert.equal(toJson(objectRecipe(SHAPES.enumSet, constants, type)), '["LOW","HIGH"]');
    assert.equal(
      toJson(objectRecipe({ ...SHAPES.enumSet, fields: ['type', 'objects'] }, type, constants)),
      '["LOW","HIGH"]',
    );
    assert.equal(
      toJson(objectRecipe({ ...SHAPES.enumSet, fields: ['objects', 'objects'] }, int(1), constants)),
      '["LOW","HIGH"]',
    );
  });

  it('that are exceptions have class, message and their own fields', () => {
    const stack = listRecipe([text('secret')]);
    assert.equal(
      toJson(objectRecipe(SHAPES.exception, int(7), stack, referenceRecipe(0), text('sold out'))),
      '{"exceptionClass":"com.acme.SoldOutException","code":7,"message":"sold out"}',
    );
    const own: Shape = {
      className: 'com.acme.E',
      fields: ['message', 'exceptionClass', 'stackTrace', 'detailMessage'],
    };
    assert.equal(
      toJson(objectRecipe(own, text('mine'), text('other'), stack, text('detail'))),
      '{"message":"mine","exceptionClass":"other"}',
    );
  });

  it('beside skipped values are numbered as on the wire', () => {
    // The list inside stackTrace is container 1, though it is never written; 2 is the list that is referred to.
    const value = listRecipe([
      objectRecipe(SHAPES.exception, listRecipe([int(1)]), listRecipe([mapRecipe({})]), NULL_RECIPE, text('m')),
      referenceRecipe(2),
      referenceRecipe(3),
    ]);
    assert.match(toJson(value), /^\[.*,\[1\],\[\{\}\]\]$/);
  });
});
