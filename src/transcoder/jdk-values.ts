import { HessianDate, HessianList, HessianMap, HessianObject, type HessianValue } from '../hessian/hessian-tree.ts';

/** What a JDK value becomes: text, the digits of a number, a 64-bit integer, a boolean, a date, or null. */
export type JdkScalar =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'digits'; readonly text: string }
  | { readonly kind: 'long'; readonly value: bigint }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'date'; readonly ms: bigint }
  | { readonly kind: 'null' };

type Composite = HessianObject | HessianMap;
type Formatter = (value: Composite) => JdkScalar | undefined;

/**
 * JDK classes that generic calls take apart, put together again. Two forms exist: objects with the fields of
 * hessian-lite's serializers and handles (`java8.LocalDateHandle {day, month, year}`), and untyped maps with the getters
 * that PojoUtils.generalize found (`{year, monthValue, dayOfMonth, class}`); one formatter reads both. A formatter that
 * does not find what it needs says undefined, and the value is written as it came.
 */
const FORMATTERS: Readonly<Record<string, Formatter>> = {
  'java.math.BigDecimal': (value) => digits(value.get('value')),
  'java.math.BigInteger': bigInteger,
  'java.util.UUID': uuid,
  'java.util.Locale': locale,
  'java.util.Currency': (value) => text(value.get('currencyCode')),
  'java.util.Calendar': calendar,
  'java.util.GregorianCalendar': calendar,
  'java.net.URI': uri,
  'java.net.URL': url,
  'java.io.File': (value) => text(value.get('value')) ?? text(value.get('path')),
  'java.lang.Class': (value) => text(value.get('name')),
  'java.lang.StackTraceElement': () => ({ kind: 'null' }),
  'java.sql.Date': sqlDate,
  'java.sql.Time': sqlDate,
  'java.sql.Timestamp': sqlDate,
  'java.util.concurrent.atomic.AtomicInteger': atomic,
  'java.util.concurrent.atomic.AtomicLong': atomic,
  'java.util.concurrent.atomic.AtomicBoolean': atomicBoolean,
  'java.time.LocalDate': (value) => wrap(localDate(value)),
  'java.time.LocalTime': (value) => wrap(localTime(value)),
  'java.time.LocalDateTime': (value) => wrap(localDateTime(value)),
  'java.time.Instant': (value) => wrap(instant(value)),
  'java.time.Duration': (value) => wrap(duration(value)),
  'java.time.Period': (value) => wrap(period(value)),
  'java.time.Year': (value) => digits(value.get('year') ?? value.get('value')),
  'java.time.YearMonth': (value) => wrap(yearMonth(value)),
  'java.time.MonthDay': (value) => wrap(monthDay(value)),
  'java.time.ZoneOffset': (value) => wrap(zone(value)),
  'java.time.ZoneRegion': (value) => wrap(zone(value)),
  'java.time.OffsetTime': (value) => wrap(offsetTime(value)),
  'java.time.OffsetDateTime': (value) => wrap(offsetDateTime(value)),
  'java.time.ZonedDateTime': (value) => wrap(zonedDateTime(value)),
};

/** Handles of hessian-lite by class: `com.alibaba.com.caucho.hessian.io.` and the name of the JDK class they stand for. */
const HANDLE = /^com\.(?:alibaba\.com\.)?caucho\.hessian\.io\.(?:java8\.)?(\w+?)(?:Handle|Handler)$/;
const HANDLE_PACKAGES = ['java.time.', 'java.util.'];

const byClass = new Map<string, Formatter | null>();

/** Whether objects with this class definition's name are JDK values with a text or number of their own. */
export function isJdkObject(className: string): boolean {
  return formatterOf(className) !== undefined;
}

/** Whether a generalized map with this `class` is a JDK value to be put together. */
export function isJdkMap(className: string): boolean {
  return className.startsWith('java.') && formatterOf(className) !== undefined;
}

/** The scalar of a JDK value, or undefined where its parts are not as expected. */
export function jdkScalar(className: string, value: Composite): JdkScalar | undefined {
  return formatterOf(className)?.(value);
}

function formatterOf(className: string): Formatter | undefined {
  if (Object.hasOwn(FORMATTERS, className)) return FORMATTERS[className];
  if (!className.includes('caucho.hessian.io.')) return undefined;
  let known = byClass.get(className);
  if (known === undefined) {
    const simpleName = HANDLE.exec(className)?.[1] ?? '';
    const full = HANDLE_PACKAGES.map((prefix) => prefix + simpleName).find((name) => Object.hasOwn(FORMATTERS, name));
    known = (simpleName === 'ZoneId' ? zoneId : full === undefined ? null : FORMATTERS[full]) ?? null;
    if (byClass.size < 1_000) byClass.set(className, known);
  }
  return known ?? undefined;
}

function zoneId(value: Composite): JdkScalar | undefined {
  return wrap(zone(value));
}

function text(value: HessianValue | undefined): JdkScalar | undefined {
  return typeof value === 'string' ? { kind: 'text', text: value } : undefined;
}

function wrap(value: string | undefined): JdkScalar | undefined {
  return value === undefined ? undefined : { kind: 'text', text: value };
}

function digits(value: HessianValue | undefined): JdkScalar | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return { kind: 'digits', text: String(value) };
  if (typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) {
    return { kind: 'digits', text: value };
  }
  return undefined;
}

function atomic(value: Composite): JdkScalar | undefined {
  const inner = value.get('value') ?? value.get('plain');
  return typeof inner === 'bigint' ? { kind: 'long', value: inner } : digits(inner);
}

/** Its field is an int; its getters of JDK 9 and later (`getPlain`) are booleans. */
function atomicBoolean(value: Composite): JdkScalar | undefined {
  const inner = value.get('value') ?? value.get('plain');
  if (typeof inner === 'boolean') return { kind: 'boolean', value: inner };
  return inner === 0 || inner === 1 ? { kind: 'boolean', value: inner === 1 } : undefined;
}

/** As java.net.URI.toString puts it together; a URI that came in a request has all of it in the scheme-specific part. */
function uri(value: Composite): JdkScalar | undefined {
  const whole = text(value.get('string'));
  if (whole !== undefined) return whole;
  const { scheme, rawSchemeSpecificPart, rawFragment } = strings(
    value,
    'scheme',
    'rawSchemeSpecificPart',
    'rawFragment',
  );
  if (rawSchemeSpecificPart === undefined) return undefined;
  const start = scheme === undefined ? '' : `${scheme}:`;
  return { kind: 'text', text: start + rawSchemeSpecificPart + (rawFragment === undefined ? '' : `#${rawFragment}`) };
}

/** As java.net.URL.toExternalForm does. */
function url(value: Composite): JdkScalar | undefined {
  const { protocol, authority, file, ref } = strings(value, 'protocol', 'authority', 'file', 'ref');
  if (protocol === undefined) return undefined;
  const host = authority ? `//${authority}` : '';
  return { kind: 'text', text: `${protocol}:${host}${file ?? ''}${ref === undefined ? '' : `#${ref}`}` };
}

/** BigInteger is `signum` and `mag`, big-endian unsigned 32-bit words; its cache fields differ by JDK. */
function bigInteger(value: Composite): JdkScalar | undefined {
  const sign = value.get('signum');
  const words = value.get('mag');
  if (typeof sign !== 'number' || !(words instanceof HessianList)) return undefined;
  let hex = '';
  for (const word of words.items) {
    if (typeof word !== 'number') return undefined;
    hex += (word >>> 0).toString(16).padStart(8, '0');
  }
  const size = hex === '' ? 0n : BigInt(`0x${hex}`);
  return { kind: 'digits', text: (sign < 0 ? -size : size).toString() };
}

function uuid(value: Composite): JdkScalar | undefined {
  const whole = text(value.get('value'));
  if (whole !== undefined) return whole;
  const high = integer(value.get('mostSignificantBits') ?? value.get('mostSigBits'));
  const low = integer(value.get('leastSignificantBits') ?? value.get('leastSigBits'));
  if (high === undefined || low === undefined) return undefined;
  const hex =
    BigInt.asUintN(64, high).toString(16).padStart(16, '0') + BigInt.asUintN(64, low).toString(16).padStart(16, '0');
  return {
    kind: 'text',
    text: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  };
}

/** As java.util.Locale.toString does: `zh_CN`, `zh_CN_#Hans`. */
function locale(value: Composite): JdkScalar | undefined {
  const whole = text(value.get('value'));
  if (whole !== undefined) return whole;
  const { language, country, variant, script } = strings(value, 'language', 'country', 'variant', 'script');
  if (language === undefined) return undefined;
  let name = language;
  if (country || (language && (variant || script))) name += `_${country ?? ''}`;
  if (name !== '' && variant) name += `_${variant}`;
  if (name !== '' && script) name += `_#${script}`;
  return { kind: 'text', text: name };
}

function calendar(value: Composite): JdkScalar | undefined {
  const date = value.get('date') ?? value.get('time');
  if (date instanceof HessianDate) return { kind: 'date', ms: date.ms };
  const ms = integer(value.get('timeInMillis'));
  return ms === undefined ? undefined : { kind: 'date', ms };
}

function sqlDate(value: Composite): JdkScalar | undefined {
  const date = value.get('value');
  if (date instanceof HessianDate) return { kind: 'date', ms: date.ms };
  const ms = integer(value.get('time'));
  return ms === undefined ? undefined : { kind: 'date', ms };
}

function localDate(value: Composite): string | undefined {
  const year = small(value.get('year'));
  const month = small(value.get('monthValue') ?? value.get('month'));
  const day = small(value.get('dayOfMonth') ?? value.get('day'));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return `${yearText(year)}-${two(month)}-${two(day)}`;
}

function localTime(value: Composite): string | undefined {
  const hour = small(value.get('hour'));
  const minute = small(value.get('minute'));
  if (hour === undefined || minute === undefined) return undefined;
  return timeText(hour, minute, small(value.get('second')) ?? 0, small(value.get('nano')) ?? 0);
}

function localDateTime(value: Composite): string | undefined {
  const dateHandle = value.get('date');
  const timeHandle = value.get('time');
  const date = isComposite(dateHandle) ? localDate(dateHandle) : localDate(value);
  const time = isComposite(timeHandle) ? localTime(timeHandle) : localTime(value);
  return date === undefined || time === undefined ? undefined : `${date}T${time}`;
}

function instant(value: Composite): string | undefined {
  const seconds = integer(value.get('epochSecond') ?? value.get('seconds'));
  const nanos = small(value.get('nano') ?? value.get('nanos'));
  if (seconds === undefined || nanos === undefined) return undefined;
  const ms = Number(seconds) * 1000;
  if (Math.abs(ms) > 8.64e15) return undefined;
  const date = new Date(ms);
  const clock = timeText(date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), nanos, true);
  return `${yearText(date.getUTCFullYear())}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}T${clock}Z`;
}

/** java.time.Duration.toString: `PT1H2M3.5S`. */
function duration(value: Composite): string | undefined {
  const seconds = integer(value.get('seconds'));
  const nanos = small(value.get('nano') ?? value.get('nanos'));
  if (seconds === undefined || nanos === undefined) return undefined;
  let total = seconds * 1_000_000_000n + BigInt(nanos);
  if (total === 0n) return 'PT0S';
  const sign = total < 0n ? '-' : '';
  if (total < 0n) total = -total;
  const hours = total / 3_600_000_000_000n;
  const minutes = (total / 60_000_000_000n) % 60n;
  const wholeSeconds = (total / 1_000_000_000n) % 60n;
  const fraction = fractionText(Number(total % 1_000_000_000n), 1);
  let result = 'PT';
  if (hours > 0n) result += `${sign}${hours}H`;
  if (minutes > 0n) result += `${sign}${minutes}M`;
  if (wholeSeconds > 0n || fraction !== '') result += `${sign}${wholeSeconds}${fraction}S`;
  return result;
}

function period(value: Composite): string | undefined {
  const years = small(value.get('years'));
  const months = small(value.get('months'));
  const days = small(value.get('days'));
  if (years === undefined || months === undefined || days === undefined) return undefined;
  const parts = (years ? `${years}Y` : '') + (months ? `${months}M` : '') + (days ? `${days}D` : '');
  return `P${parts === '' ? '0D' : parts}`;
}

function yearMonth(value: Composite): string | undefined {
  const year = small(value.get('year'));
  const month = small(value.get('monthValue') ?? value.get('month'));
  return year === undefined || month === undefined ? undefined : `${yearText(year)}-${two(month)}`;
}

function monthDay(value: Composite): string | undefined {
  const month = small(value.get('monthValue') ?? value.get('month'));
  const day = small(value.get('dayOfMonth') ?? value.get('day'));
  return month === undefined || day === undefined ? undefined : `--${two(month)}-${two(day)}`;
}

function zone(value: Composite): string | undefined {
  const id = value.get('id') ?? value.get('zoneId');
  if (typeof id === 'string') return id;
  const seconds = small(value.get('totalSeconds') ?? value.get('seconds'));
  if (seconds === undefined) return undefined;
  if (seconds === 0) return 'Z';
  const size = Math.abs(seconds);
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}${rest}`;
}

function offsetTime(value: Composite): string | undefined {
  const offset = part(value, 'zoneOffset', zone) ?? part(value, 'offset', zone);
  return joined(part(value, 'localTime', localTime) ?? localTime(value), offset);
}

function offsetDateTime(value: Composite): string | undefined {
  const local = part(value, 'dateTime', localDateTime) ?? part(value, 'localDateTime', localDateTime);
  return joined(local ?? localDateTime(value), part(value, 'offset', zone));
}

function zonedDateTime(value: Composite): string | undefined {
  const moment = offsetDateTime(value);
  if (moment === undefined) return undefined;
  const region = part(value, 'zoneId', zone) ?? part(value, 'zone', zone);
  const offset = part(value, 'offset', zone);
  return region === undefined || region === offset ? moment : `${moment}[${region}]`;
}

function part(value: Composite, name: string, format: (value: Composite) => string | undefined): string | undefined {
  const inner = value.get(name);
  if (typeof inner === 'string') return inner;
  return isComposite(inner) ? format(inner) : undefined;
}

function joined(first: string | undefined, second: string | undefined): string | undefined {
  return first === undefined || second === undefined ? undefined : first + second;
}

function isComposite(value: HessianValue | undefined): value is Composite {
  return value instanceof HessianObject || value instanceof HessianMap;
}

function strings<const Name extends string>(value: Composite, ...names: Name[]): Record<Name, string | undefined> {
  const found = {} as Record<Name, string | undefined>;
  for (const name of names) {
    const inner = value.get(name);
    found[name] = typeof inner === 'string' ? inner : undefined;
  }
  return found;
}

function integer(value: HessianValue | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
}

function small(value: HessianValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/** java.time writes seconds only when they or the nanos are not zero; Instant always writes them. */
function timeText(hour: number, minute: number, second: number, nano: number, always = false): string {
  const seconds = always || second !== 0 || nano !== 0 ? `:${two(second)}${fractionText(nano, 3)}` : '';
  return `${two(hour)}:${two(minute)}${seconds}`;
}

/** Fraction of a second in groups of three digits as java.time does, or without trailing zeros (group 1). */
function fractionText(nano: number, group: 1 | 3): string {
  if (nano === 0) return '';
  let digitsText = String(nano).padStart(9, '0');
  while (digitsText.endsWith('0'.repeat(group))) digitsText = digitsText.slice(0, -group);
  return `.${digitsText}`;
}

function yearText(year: number): string {
  if (year > 9999) return `+${year}`;
  return year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
