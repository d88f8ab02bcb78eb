/** Why a class cannot be sent, and what the method could take instead. */
export interface UnsendableClass {
  readonly reason: string;
  readonly instead: string;
}

const NO_FORM = 'no form of it is taken by every Dubbo version';
const ARRAY_LIST = 'Dubbo makes an ArrayList for it';

/** Classes of the JDK that a generic call cannot carry, as real providers of 2.6, 2.7, 3.2 and 3.3 showed. */
export const UNSENDABLE_CLASSES: ReadonlyMap<string, UnsendableClass> = new Map<string, UnsendableClass>([
  [
    'java.util.Optional',
    {
      reason: 'its value is not converted to its class, and a JVM from 16 on does not let Dubbo make one',
      instead: 'the class inside it, which may be null',
    },
  ],
  ['java.util.OptionalInt', { reason: NO_FORM, instead: 'java.lang.Integer' }],
  ['java.util.OptionalLong', { reason: NO_FORM, instead: 'java.lang.Long' }],
  ['java.util.OptionalDouble', { reason: NO_FORM, instead: 'java.lang.Double' }],
  ['java.net.URL', { reason: NO_FORM, instead: 'java.net.URI or java.lang.String' }],
  ['java.lang.StringBuilder', { reason: NO_FORM, instead: 'java.lang.String' }],
  ['java.lang.StringBuffer', { reason: NO_FORM, instead: 'java.lang.String' }],
  ['java.util.BitSet', { reason: 'Dubbo 2.6 makes an empty one of it without an error', instead: 'byte[] or long[]' }],
  ['java.util.TimeZone', { reason: NO_FORM, instead: 'java.time.ZoneId' }],
  ['java.util.regex.Pattern', { reason: NO_FORM, instead: 'java.lang.String' }],
  ['java.io.File', { reason: 'it would be a path on the provider', instead: 'java.lang.String' }],
  ['java.util.EnumMap', { reason: 'Dubbo makes a HashMap for it', instead: 'java.util.Map' }],
  ['java.util.EnumSet', { reason: ARRAY_LIST, instead: 'java.util.Set' }],
  ['java.util.SortedSet', { reason: ARRAY_LIST, instead: 'java.util.TreeSet' }],
  ['java.util.NavigableSet', { reason: ARRAY_LIST, instead: 'java.util.TreeSet' }],
  ['java.util.SequencedSet', { reason: ARRAY_LIST, instead: 'java.util.LinkedHashSet' }],
  ['java.util.Queue', { reason: ARRAY_LIST, instead: 'java.util.LinkedList' }],
  ['java.util.Deque', { reason: ARRAY_LIST, instead: 'java.util.ArrayDeque' }],
  ['java.util.concurrent.BlockingQueue', { reason: ARRAY_LIST, instead: 'java.util.List' }],
  ['java.util.concurrent.BlockingDeque', { reason: ARRAY_LIST, instead: 'java.util.List' }],
  ['java.util.Iterator', { reason: ARRAY_LIST, instead: 'java.util.List' }],
  ['java.util.Enumeration', { reason: ARRAY_LIST, instead: 'java.util.List' }],
]);

const WRONG_CLASS = 'another class would arrive, because Java does not know the type there';

/** Classes that cannot be sent in the place of a type variable or wildcard, where a value has to say its class itself. */
export const UNSENDABLE_UNSEEN_CLASSES: ReadonlyMap<string, UnsendableClass> = new Map<string, UnsendableClass>([
  ['java.lang.Byte', { reason: WRONG_CLASS, instead: 'java.lang.Integer' }],
  ['java.lang.Short', { reason: WRONG_CLASS, instead: 'java.lang.Integer' }],
  ['java.lang.Float', { reason: WRONG_CLASS, instead: 'java.lang.Double' }],
  ['java.lang.Character', { reason: WRONG_CLASS, instead: 'java.lang.String' }],
  ['java.math.BigInteger', { reason: WRONG_CLASS, instead: 'java.math.BigDecimal' }],
]);
