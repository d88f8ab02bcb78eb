import {
  isContainer,
  type Tree,
  type TreeContainer,
  TreeDate,
  TreeDouble,
  TreeList,
  TreeMap,
  TreeObject,
  TreeReference,
} from './value-tree.ts';

/** What a JDK value becomes: text, digits, a long, a date, a literal; undefined: it stays as it came. */
export type JdkText =
  | { readonly text: string }
  | { readonly digits: string }
  | { readonly long: bigint }
  | { readonly date: bigint }
  | { readonly literal: 'true' | 'false' | 'null' }
  | undefined;

type Parts = (name: string) => Tree | undefined;

/** Parts that date-times of one answer share; only these are followed out of the value. */
const SHARED = ['offset', 'zone', 'zoneOffset', 'zoneId'];

/** The classes, by what they are; handles of hessian-lite have the simple name with `Handle` behind it. */
const READERS: readonly (readonly [names: string, read: (part: Parts, inside: (value: Tree) => Parts) => JdkText])[] = [
  ['java.math.BigDecimal', (part) => number(part('value'))],
  ['java.math.BigInteger', bigInteger],
  ['java.util.UUID', uuid],
  ['java.util.Locale', locale],
  ['java.util.Currency', (part) => plain(part('currencyCode'))],
  [
    'java.util.Calendar java.util.GregorianCalendar',
    (part) => date(part('date') ?? part('time'), part('timeInMillis')),
  ],
  ['java.sql.Date java.sql.Time java.sql.Timestamp', (part) => date(part('value'), part('time'))],
  ['java.net.URI', uri],
  ['java.net.URL', url],
  ['java.io.File', (part) => plain(part('value')) ?? plain(part('path'))],
  ['java.lang.Class', (part) => plain(part('name'))],
  ['java.lang.StackTraceElement', () => ({ literal: 'null' })],
  ['java.util.concurrent.atomic.AtomicInteger java.util.concurrent.atomic.AtomicLong', atomic],
  ['java.util.concurrent.atomic.AtomicBoolean', atomicBoolean],
  ['java.time.LocalDate', (part) => some(localDate(part))],
  ['java.time.LocalTime', (part) => some(localTime(part))],
  ['java.time.LocalDateTime', (part, inside) => some(localDateTime(part, inside))],
  ['java.time.Instant', (part) => some(instant(part))],
  ['java.time.Duration', (part) => some(duration(part))],
  ['java.time.Period', (part) => some(period(part))],
  ['java.time.Year', (part) => number(part('year') ?? part('value'))],
  ['java.time.YearMonth', (part) => some(join([yearMonth(part)]))],
  ['java.time.MonthDay', (part) => some(monthDay(part))],
  ['java.time.ZoneOffset java.time.ZoneRegion java.time.ZoneId', (part) => some(zone(part))],
  ['java.time.OffsetTime', (part, inside) => some(offsetTime(part, inside))],
  ['java.time.OffsetDateTime', (part, inside) => some(offsetDateTime(part, inside))],
  ['java.time.ZonedDateTime', (part, inside) => some(zonedDateTime(part, inside))],
];

/** Whether objects of the class, or generalized maps with it under `class`, are JDK values. */
export function isJdkClass(className: string, isMap: boolean): boolean {
  return readerOf(className, isMap) !== undefined;
}

/** @param isOpen whether a container is being written around this one */
export function jdkText(
  className: string,
  value: TreeMap | TreeObject,
  isOpen: (container: TreeContainer) => boolean,
): JdkText {
  const within = new Set<Tree>();
  collect(value, within);
  const follow = (found: Tree | undefined, mayLeave: boolean): Tree | undefined => {
    if (!(found instanceof TreeReference)) return found;
    const { target } = found;
    return within.has(target) || (mayLeave && !isOpen(target)) ? target : undefined;
  };
  const inside = (container: Tree): Parts => {
    return (name) => follow(member(container, name), container === value && SHARED.includes(name));
  };
  return readerOf(className, value instanceof TreeMap)?.(inside(value), inside);
}

function readerOf(className: string, isMap: boolean): (typeof READERS)[number][1] | undefined {
  const handle = /^com\.(alibaba\.com\.)?caucho\.hessian\.io\.(java8\.)?(\w+?)Handle(r?)$/.exec(className)?.[3];
  if (isMap && !className.startsWith('java.')) return undefined;
  for (const [names, read] of READERS) {
    for (const name of names.split(' ')) {
      // A region has its own class in maps; as an object it is always a ZoneIdHandle.
      if (name === className && name !== 'java.time.ZoneId') return read;
      if (handle !== undefined && (name === `java.time.${handle}` || name === `java.util.${handle}`)) return read;
    }
  }
  return undefined;
}

function collect(value: Tree, into: Set<Tree>): void {
  if (!isContainer(value)) return;
  into.add(value);
  if (value instanceof TreeList) for (const item of value.items) collect(item, into);
  if (value instanceof TreeObject) for (const [, item] of value.fields) collect(item, into);
  if (value instanceof TreeMap) {
    for (const entry of value.entries) {
      collect(entry.key, into);
      collect(entry.value, into);
    }
  }
}

function member(value: Tree, name: string): Tree | undefined {
  if (value instanceof TreeObject) return value.fields.findLast(([field]) => field === name)?.[1];
  if (value instanceof TreeMap) return value.entries.findLast(({ key }) => key === name)?.value;
  return undefined;
}

function plain(value: Tree | undefined): JdkText {
  return typeof value === 'string' ? { text: value } : undefined;
}

function some(text: string | undefined): JdkText {
  return text === undefined ? undefined : { text };
}

function join(parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join('');
}

function double(value: Tree | undefined): number | undefined {
  if (value instanceof TreeDouble) return value.value;
  return typeof value === 'number' ? value : undefined;
}

function whole(value: Tree | undefined): number | undefined {
  const found = double(value);
  return Number.isInteger(found) ? found : undefined;
}

function long(value: Tree | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value;
  const found = whole(value);
  return found === undefined ? undefined : BigInt(found);
}

function number(value: Tree | undefined): JdkText {
  if (typeof value === 'bigint') return { digits: String(value) };
  const found = double(value);
  if (found !== undefined) return { digits: String(found) };
  if (typeof value !== 'string' || !/^[-+]?[\d.]+([eE][-+]?\d+)?$/.test(value)) return undefined;
  return /\d/.test(value.split(/e/i)[0]!) && value.split('.').length <= 2 ? { digits: value } : undefined;
}

function atomic(part: Parts): JdkText {
  const value = part('value') ?? part('plain');
  return typeof value === 'bigint' ? { long: value } : number(value);
}

function atomicBoolean(part: Parts): JdkText {
  const value = part('value') ?? part('plain');
  const bit = typeof value === 'boolean' ? Number(value) : double(value);
  if (bit === 1) return { literal: 'true' };
  return bit === 0 ? { literal: 'false' } : undefined;
}

function bigInteger(part: Parts): JdkText {
  const sign = double(part('signum'));
  const words = part('mag');
  if (sign === undefined || !(words instanceof TreeList)) return undefined;
  let size = 0n;
  for (const word of words.items) {
    const value = double(word);
    if (value === undefined) return undefined;
    size = size * 2n ** 32n + BigInt(value >>> 0);
  }
  return { digits: String(sign < 0 ? -size : size) };
}

function uuid(part: Parts): JdkText {
  if (typeof part('value') === 'string') return plain(part('value'));
  const high = long(part('mostSignificantBits') ?? part('mostSigBits'));
  const low = long(part('leastSignificantBits') ?? part('leastSigBits'));
  if (high === undefined || low === undefined) return undefined;
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, high), 0);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, low), 8);
  return { text: bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') };
}

function locale(part: Parts): JdkText {
  if (typeof part('value') === 'string') return plain(part('value'));
  const text = (name: string) => (typeof part(name) === 'string' ? (part(name) as string) : '');
  if (typeof part('language') !== 'string') return undefined;
  const [language, country, variant, script] = [text('language'), text('country'), text('variant'), text('script')];
  // java.util.Locale.toString
  let result = language;
  if (country !== '' || (language !== '' && variant !== '') || (language !== '' && script !== '')) {
    result += `_${country}`;
  }
  if (variant !== '' && result !== '') result += `_${variant}`;
  if (script !== '' && result !== '') result += `_#${script}`;
  return { text: result };
}

function date(value: Tree | undefined, ms: Tree | undefined): JdkText {
  const found = value instanceof TreeDate ? value.ms : long(ms);
  return found === undefined ? undefined : { date: found };
}

function uri(part: Parts): JdkText {
  if (typeof part('string') === 'string') return plain(part('string'));
  const middle = part('rawSchemeSpecificPart');
  if (typeof middle !== 'string') return undefined;
  const scheme = part('scheme');
  const fragment = part('rawFragment');
  const start = typeof scheme === 'string' ? `${scheme}:` : '';
  return { text: start + middle + (typeof fragment === 'string' ? `#${fragment}` : '') };
}

function url(part: Parts): JdkText {
  const text = (name: string) => (typeof part(name) === 'string' ? (part(name) as string) : undefined);
  const protocol = text('protocol');
  if (protocol === undefined) return undefined;
  const host = text('authority') ? `//${text('authority')}` : '';
  const ref = text('ref');
  return { text: `${protocol}:${host}${text('file') ?? ''}${ref === undefined ? '' : `#${ref}`}` };
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}

function year(value: number): string {
  if (value > 9999) return `+${value}`;
  return value < 0 ? `-${pad(-value, 4)}` : pad(value, 4);
}

function localDate(part: Parts): string | undefined {
  const month = monthOf(part);
  const years = whole(part('year'));
  const day = dayOf(part);
  if (years === undefined || month === undefined || day === undefined) return undefined;
  return `${year(years)}-${pad(month)}-${pad(day)}`;
}

function monthOf(part: Parts): number | undefined {
  return whole(part('monthValue') ?? part('month'));
}

function dayOf(part: Parts): number | undefined {
  return whole(part('dayOfMonth') ?? part('day'));
}

function yearMonth(part: Parts): string | undefined {
  const years = whole(part('year'));
  const month = monthOf(part);
  return years === undefined || month === undefined ? undefined : `${year(years)}-${pad(month)}`;
}

function monthDay(part: Parts): string | undefined {
  const month = monthOf(part);
  const day = dayOf(part);
  return month === undefined || day === undefined ? undefined : `--${pad(month)}-${pad(day)}`;
}

function localTime(part: Parts): string | undefined {
  const hour = whole(part('hour'));
  const minute = whole(part('minute'));
  if (hour === undefined || minute === undefined) return undefined;
  const second = whole(part('second')) ?? 0;
  const nano = whole(part('nano')) ?? 0;
  const short = `${pad(hour)}:${pad(minute)}`;
  return second === 0 && nano === 0 ? short : `${short}:${pad(second)}${fraction(nano)}`;
}

/** Three, six or nine digits. */
function fraction(nano: number): string {
  return nano === 0 ? '' : `.${pad(nano, 9)}`.replace(/(000)+$/, '');
}

function localDateTime(part: Parts, inside: (value: Tree) => Parts): string | undefined {
  const days = part('date');
  const clock = part('time');
  const first = days instanceof TreeMap || days instanceof TreeObject ? localDate(inside(days)) : localDate(part);
  const last = clock instanceof TreeMap || clock instanceof TreeObject ? localTime(inside(clock)) : localTime(part);
  return join([first, 'T', last]);
}

function instant(part: Parts): string | undefined {
  const seconds = long(part('epochSecond') ?? part('seconds'));
  const nano = whole(part('nano') ?? part('nanos'));
  if (seconds === undefined || nano === undefined) return undefined;
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) return undefined;
  const [, clock] = moment.toISOString().split('T');
  const days = `${year(moment.getUTCFullYear())}-${pad(moment.getUTCMonth() + 1)}-${pad(moment.getUTCDate())}`;
  return `${days}T${clock!.slice(0, 8)}${fraction(nano)}Z`;
}

function duration(part: Parts): string | undefined {
  const seconds = long(part('seconds'));
  const nano = whole(part('nano') ?? part('nanos'));
  if (seconds === undefined || nano === undefined) return undefined;
  const total = seconds * 10n ** 9n + BigInt(nano);
  if (total === 0n) return 'PT0S';
  const sign = total < 0n ? '-' : '';
  const size = total < 0n ? -total : total;
  const hours = size / (3600n * 10n ** 9n);
  const minutes = (size / (60n * 10n ** 9n)) % 60n;
  const secondsLeft = (size / 10n ** 9n) % 60n;
  const nanosLeft = String(size % 10n ** 9n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  let text = 'PT';
  if (hours !== 0n) text += `${sign}${hours}H`;
  if (minutes !== 0n) text += `${sign}${minutes}M`;
  if (secondsLeft !== 0n || nanosLeft !== '') text += `${sign}${secondsLeft}${nanosLeft && `.${nanosLeft}`}S`;
  return text;
}

function period(part: Parts): string | undefined {
  const amounts = ['years', 'months', 'days'].map((name) => whole(part(name)));
  if (amounts.includes(undefined)) return undefined;
  const text = amounts.map((amount, index) => (amount === 0 ? '' : `${amount}${'YMD'[index]}`)).join('');
  return `P${text || '0D'}`;
}

function zone(part: Parts): string | undefined {
  const id = part('id') ?? part('zoneId');
  if (typeof id === 'string') return id;
  const seconds = whole(part('totalSeconds') ?? part('seconds'));
  if (seconds === undefined) return undefined;
  if (seconds === 0) return 'Z';
  const size = Math.abs(seconds);
  const fields = [Math.trunc(size / 3600), Math.trunc(size / 60) % 60, size % 60];
  if (fields[2] === 0) fields.pop();
  return (seconds < 0 ? '-' : '+') + fields.map((field) => pad(field)).join(':');
}

/** A part that is text itself, or something to be formatted. */
function formatted(
  part: Parts,
  name: string,
  inside: (value: Tree) => Parts,
  format: (part: Parts, inside: (value: Tree) => Parts) => string | undefined,
): string | undefined {
  const value = part(name);
  if (typeof value === 'string') return value;
  return value instanceof TreeMap || value instanceof TreeObject ? format(inside(value), inside) : undefined;
}

function offsetTime(part: Parts, inside: (value: Tree) => Parts): string | undefined {
  const clock = formatted(part, 'localTime', inside, localTime) ?? localTime(part);
  return join([clock, formatted(part, 'zoneOffset', inside, zone) ?? formatted(part, 'offset', inside, zone)]);
}

function offsetDateTime(part: Parts, inside: (value: Tree) => Parts): string | undefined {
  const local =
    formatted(part, 'dateTime', inside, localDateTime) ??
    formatted(part, 'localDateTime', inside, localDateTime) ??
    localDateTime(part, inside);
  return join([local, formatted(part, 'offset', inside, zone)]);
}

function zonedDateTime(part: Parts, inside: (value: Tree) => Parts): string | undefined {
  const moment = offsetDateTime(part, inside);
  const region = formatted(part, 'zoneId', inside, zone) ?? formatted(part, 'zone', inside, zone);
  if (moment === undefined || region === undefined || region === formatted(part, 'offset', inside, zone)) return moment;
  return `${moment}[${region}]`;
}
