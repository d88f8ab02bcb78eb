import fc from 'fast-check';

/** A Hessian value to be encoded, in one of the forms that the format allows for it. */
export type Recipe =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'text'; readonly text: string; readonly pieces: readonly number[] }
  | { readonly kind: 'list'; readonly type: string; readonly open: boolean; readonly items: readonly Recipe[] }
  | { readonly kind: 'map'; readonly type: string; readonly entries: readonly (readonly [Recipe, Recipe])[] }
  | { readonly kind: 'object'; readonly shape: Shape; readonly values: readonly Recipe[] }
  /** To one of the containers so far; `pick` is taken modulo their number. Null where there is none. */
  | { readonly kind: 'reference'; readonly pick: number };

/** A class definition. */
export interface Shape {
  readonly className: string;
  readonly fields: readonly string[];
}

/** The bytes of a value, with its own tables of types, classes and containers. */
export function encodeRecipe(recipe: Recipe): Buffer {
  return new RecipeEncoder().encode(recipe);
}

/** The body of an answer with the value as its result, and with the attachments that every provider sends. */
export function resultBody(recipe: Recipe): Buffer {
  return Buffer.concat([Buffer.of(0x94), encodeRecipe(recipe), Buffer.from('H\x05dubbo\x052.0.2Z', 'latin1')]);
}

class RecipeEncoder {
  readonly #parts: Buffer[] = [];
  readonly #types: string[] = [];
  readonly #shapes: Shape[] = [];
  #containers = 0;

  encode(recipe: Recipe): Buffer {
    this.#write(recipe);
    return Buffer.concat(this.#parts);
  }

  #write(recipe: Recipe): void {
    switch (recipe.kind) {
      case 'bytes':
        this.#parts.push(recipe.bytes);
        break;
      case 'text':
        this.#parts.push(textBytes(recipe.text, recipe.pieces));
        break;
      case 'list':
        this.#list(recipe);
        break;
      case 'map':
        this.#containers++;
        this.#tag(recipe.type === '' ? 0x48 : 0x4d);
        if (recipe.type !== '') this.#type(recipe.type);
        for (const [key, value] of recipe.entries) {
          this.#write(key);
          this.#write(value);
        }
        this.#tag(0x5a);
        break;
      case 'object':
        this.#object(recipe.shape, recipe.values);
        break;
      case 'reference':
        if (this.#containers === 0) this.#tag(0x4e);
        else this.#parts.push(Buffer.of(0x51), intBytes(recipe.pick % this.#containers));
    }
  }

  #list({ type, open, items }: Extract<Recipe, { kind: 'list' }>): void {
    this.#containers++;
    const compact = items.length < 8 && !open;
    if (compact) this.#tag((type === '' ? 0x78 : 0x70) + items.length);
    else this.#tag(open ? (type === '' ? 0x57 : 0x55) : type === '' ? 0x58 : 0x56);
    if (type !== '') this.#type(type);
    if (!compact && !open) this.#parts.push(intBytes(items.length));
    for (const item of items) this.#write(item);
    if (open) this.#tag(0x5a);
  }

  #object(shape: Shape, values: readonly Recipe[]): void {
    let index = this.#shapes.indexOf(shape);
    if (index === -1) {
      index = this.#shapes.push(shape) - 1;
      this.#parts.push(Buffer.of(0x43), textBytes(shape.className, []), intBytes(shape.fields.length));
      for (const field of shape.fields) this.#parts.push(textBytes(field, []));
    }
    this.#containers++;
    if (index < 16) this.#tag(0x60 + index);
    else this.#parts.push(Buffer.of(0x4f), intBytes(index));
    for (const value of values) this.#write(value);
  }

  #type(type: string): void {
    const known = this.#types.indexOf(type);
    if (known === -1) this.#types.push(type);
    this.#parts.push(known === -1 ? textBytes(type, []) : intBytes(known));
  }

  #tag(tag: number): void {
    this.#parts.push(Buffer.of(tag));
  }
}

export function textRecipe(text: string): Recipe {
  return { kind: 'text', text, pieces: [] };
}

export function intRecipe(value: number): Recipe {
  return { kind: 'bytes', bytes: intBytes(value) };
}

export function longRecipe(value: bigint): Recipe {
  const bytes = Buffer.alloc(9, 0x4c);
  bytes.writeBigInt64BE(value, 1);
  return { kind: 'bytes', bytes };
}

export function dateRecipe(ms: bigint): Recipe {
  const bytes = Buffer.alloc(9, 0x4a);
  bytes.writeBigInt64BE(ms, 1);
  return { kind: 'bytes', bytes };
}

export function doubleRecipe(value: number): Recipe {
  const bytes = Buffer.alloc(9, 0x44);
  bytes.writeDoubleBE(value, 1);
  return { kind: 'bytes', bytes };
}

export function mapRecipe(entries: Readonly<Record<string, Recipe>>, type = ''): Recipe {
  return { kind: 'map', type, entries: Object.entries(entries).map(([key, value]) => [textRecipe(key), value]) };
}

export const NULL_RECIPE: Recipe = { kind: 'bytes', bytes: Buffer.of(0x4e) };

export function referenceRecipe(pick: number): Recipe {
  return { kind: 'reference', pick };
}

export function listRecipe(items: readonly Recipe[], type = '', open = false): Recipe {
  return { kind: 'list', type, open, items };
}

export function objectRecipe(shape: Shape, ...values: readonly Recipe[]): Recipe {
  return { kind: 'object', shape, values };
}

function intBytes(value: number): Buffer {
  if (value >= -16 && value <= 47) return Buffer.of(0x90 + value);
  if (value >= -2048 && value <= 2047) return Buffer.of(0xc8 + (value >> 8), value & 0xff);
  const bytes = Buffer.alloc(5, 0x49);
  bytes.writeInt32BE(value, 1);
  return bytes;
}

/** A string as chunks of these numbers of UTF-16 units; what is left is the final piece. */
export function textBytes(text: string, pieces: readonly number[]): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const size of pieces) {
    const to = Math.min(text.length, from + size);
    parts.push(Buffer.of(0x52, (to - from) >> 8, (to - from) & 0xff), cesu8(text.slice(from, to)));
    from = to;
  }
  const rest = text.length - from;
  if (rest < 32) parts.push(Buffer.of(rest));
  else if (rest < 1024) parts.push(Buffer.of(0x30 + (rest >> 8), rest & 0xff));
  else parts.push(Buffer.of(0x53, rest >> 8, rest & 0xff));
  parts.push(cesu8(text.slice(from)));
  return Buffer.concat(parts);
}

function cesu8(text: string): Buffer {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
  }
  return Buffer.from(bytes);
}

const JAVA8 = 'com.alibaba.com.caucho.hessian.io.java8.';

/** Classes whose objects become something special, and two that do not. */
export const SHAPES = {
  user: { className: 'com.acme.User', fields: ['address', 'name', 'age'] },
  level: { className: 'com.acme.Level', fields: ['name'] },
  // A parent's field and the child's of the same name.
  child: { className: 'com.acme.Child', fields: ['code', 'extra', 'code'] },
  inner: { className: 'com.acme.Order$Note', fields: ['this$0', 'text'] },
  decimal: { className: 'java.math.BigDecimal', fields: ['value'] },
  integer: { className: 'java.math.BigInteger', fields: ['signum', 'mag'] },
  atomic: { className: 'java.util.concurrent.atomic.AtomicLong', fields: ['value'] },
  flag: { className: 'java.util.concurrent.atomic.AtomicBoolean', fields: ['value'] },
  uuid: { className: 'java.util.UUID', fields: ['value'] },
  timestamp: { className: 'java.sql.Timestamp', fields: ['value'] },
  localDate: { className: `${JAVA8}LocalDateHandle`, fields: ['day', 'month', 'year'] },
  localTime: { className: `${JAVA8}LocalTimeHandle`, fields: ['nano', 'second', 'minute', 'hour'] },
  localDateTime: { className: `${JAVA8}LocalDateTimeHandle`, fields: ['time', 'date'] },
  enumSet: { className: 'com.alibaba.com.caucho.hessian.io.EnumSetHandler', fields: ['objects', 'type'] },
  exception: {
    className: 'com.acme.SoldOutException',
    fields: ['code', 'stackTrace', 'cause', 'detailMessage'],
  },
} as const satisfies Record<string, Shape>;

/** Any value, with references to containers before it and around it, and with JDK values that may or may not fit. */
export function anyRecipe(): fc.Arbitrary<Recipe> {
  const text = fc.record({
    kind: fc.constant('text' as const),
    text: fc.oneof(
      fc.constantFrom('', 'a', 'name', 'class', '__proto__', 'constructor', 'com.acme.Foo', 'java.util.UUID', '1E+3'),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', '"', '\\', '\u0000', '\n', 'é', '中', 'x'), maxLength: 8 }),
    ),
    pieces: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(fc.nat(4), { maxLength: 3 })),
  });
  const scalar: fc.Arbitrary<Recipe> = fc.oneof(
    text,
    fc.constantFrom('4e', '54', '46', '5b', '5c', '20', '220102').map(fromHex),
    fc.oneof(fc.integer(), fc.integer({ min: -300, max: 300 })).map(intRecipe),
    fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(2n ** 53n, 0n)).map(longRecipe),
    fc.oneof(fc.double(), fc.float(), fc.constantFrom(-0, 1.5, 1e21)).map(doubleRecipe),
    fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.date().map(msOf)).map(dateRecipe),
  );
  return fc.letrec<{ value: Recipe; key: Recipe; jdk: Recipe }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: scalar },
      { weight: 3, arbitrary: fc.nat(30).map(referenceRecipe) },
      { weight: 3, arbitrary: lists(tie('value')) },
      { weight: 4, arbitrary: maps(tie('key'), tie('value')) },
      { weight: 3, arbitrary: objects(tie('value')) },
      { weight: 2, arbitrary: tie('jdk') },
    ),
    key: fc.oneof(
      { weight: 8, arbitrary: text },
      { weight: 2, arbitrary: scalar },
      {
        weight: 2,
        arbitrary: fc.constantFrom<Recipe>(
          objectRecipe(SHAPES.level, textRecipe('LOW')),
          objectRecipe(SHAPES.atomic, intRecipe(5)),
          objectRecipe(SHAPES.atomic, longRecipe(2n ** 60n)),
          objectRecipe(SHAPES.uuid, textRecipe('0-0-0')),
        ),
      },
      { weight: 1, arbitrary: fc.nat(30).map(referenceRecipe) },
    ),
    jdk: jdkMaps(tie('value')),
  })).value;
}

function lists(item: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> {
  return fc.record({
    kind: fc.constant('list' as const),
    type: fc.constantFrom('', '', 'java.util.ArrayList', '[float', '[object'),
    open: fc.boolean(),
    items: fc.array(item, { maxLength: 5 }),
  });
}

function maps(key: fc.Arbitrary<Recipe>, value: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> {
  return fc.record({
    kind: fc.constant('map' as const),
    type: fc.constantFrom('', '', 'java.util.TreeMap'),
    entries: fc.array(fc.tuple(key, value), { maxLength: 4 }),
  });
}

function objects(value: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> {
  return fc
    .constantFrom(...Object.values(SHAPES))
    .chain((shape) =>
      fc
        .tuple(
          ...shape.fields.map((field) =>
            fc.oneof({ weight: 3, arbitrary: likely(field) }, { weight: 2, arbitrary: value }),
          ),
        )
        .map((values): Recipe => ({ kind: 'object', shape, values })),
    );
}

/** A value that fits a field of this name. */
function likely(field: string): fc.Arbitrary<Recipe> {
  switch (field) {
    case 'day':
    case 'month':
    case 'year':
    case 'hour':
    case 'minute':
    case 'second':
    case 'nano':
    case 'signum':
      return fc.integer({ min: -1, max: 12 }).map(intRecipe);
    case 'mag':
      return fc.array(fc.integer().map(intRecipe), { maxLength: 3 }).map((words) => listRecipe(words, '[int'));
    case 'date':
      return fc.constant(objectRecipe(SHAPES.localDate, intRecipe(29), intRecipe(2), intRecipe(2024)));
    case 'time':
      return fc.constant(objectRecipe(SHAPES.localTime, intRecipe(5), intRecipe(4), intRecipe(3), intRecipe(2)));
    default:
      return fc.oneof(
        fc.constantFrom('LOW', '1.50', '1E+3', '-0.0', '007').map(textRecipe),
        fc.nat(30).map(referenceRecipe),
        fc.constant(NULL_RECIPE),
      );
  }
}

const JDK_MAPS: readonly Readonly<Record<string, Recipe>>[] = [
  {
    mostSignificantBits: longRecipe(0x123e4567e89b12d3n),
    leastSignificantBits: longRecipe(-6536637226812702720n),
    class: textRecipe('java.util.UUID'),
  },
  { epochSecond: longRecipe(1_700_000_000n), nano: intRecipe(5000), class: textRecipe('java.time.Instant') },
  { totalSeconds: intRecipe(7200), id: textRecipe('+02:00'), class: textRecipe('java.time.ZoneOffset') },
  {
    hour: intRecipe(9),
    minute: intRecipe(30),
    offset: mapRecipe({ totalSeconds: intRecipe(-3600), class: textRecipe('java.time.ZoneOffset') }),
    class: textRecipe('java.time.OffsetTime'),
  },
  { hour: intRecipe(9), minute: intRecipe(30), offset: referenceRecipe(3), class: textRecipe('java.time.OffsetTime') },
  { value: intRecipe(2024), leap: referenceRecipe(1), class: textRecipe('java.time.Year') },
  { language: textRecipe('de'), country: textRecipe('CH'), class: textRecipe('java.util.Locale') },
];

/** Maps as generic calls make them of JDK values, the `class` key anywhere, sometimes with more in them. */
function jdkMaps(value: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> {
  return fc
    .tuple(
      fc.constantFrom(...JDK_MAPS),
      fc.nat(4),
      fc.array(fc.tuple(fc.constantFrom('x', 'offset', 'id'), value), { maxLength: 2 }),
    )
    .map(([fields, turn, more]): Recipe => {
      const entries: (readonly [Recipe, Recipe])[] = [
        ...more.map(([name, extra]) => [textRecipe(name), extra] as const),
        ...Object.entries(fields).map(([name, part]) => [textRecipe(name), part] as const),
      ];
      return { kind: 'map', type: '', entries: [...entries.slice(turn), ...entries.slice(0, turn)] };
    });
}

function fromHex(digits: string): Recipe {
  return { kind: 'bytes', bytes: Buffer.from(digits, 'hex') };
}

function msOf(date: Date): bigint {
  return BigInt(Number.isNaN(date.getTime()) ? 0 : date.getTime());
}
