import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import { longFromText, writeLong } from './integer-text.ts';
import {
  daysInMonth,
  epochMs,
  epochSeconds,
  type IsoDateTime,
  parseDuration,
  parseIsoDate,
  parseIsoDateTime,
  parseIsoTime,
  parseOffset,
  parsePeriod,
} from './iso-time.ts';

/** How a class of the JDK is read from text and what is sent for it. */
export interface JdkValueForm {
  /** What is wanted, with its article. */
  readonly expected: string;
  /** JSON values beside strings whose text is taken too. */
  readonly also?: 'numbers' | 'booleans';
  /** Checks the text and writes the value; false when it does not fit. */
  readonly write: (text: string, out: HessianWriter) => boolean;
}

const JAVA8 = 'com.alibaba.com.caucho.hessian.io.java8';
const IO = 'com.alibaba.com.caucho.hessian.io';
const ATOMIC = 'java.util.concurrent.atomic';
const DATE_EXPECTED =
  'an ISO 8601 date or date-time such as 2026-01-31T10:15:30Z (UTC when it has no zone), or milliseconds since 1970';
const MAX_DATE_MS = 8.64e15;
const MAX_TEXT = 2048;

/**
 * The wire form of each class, in one place. Dubbo's PojoUtils makes these from what arrives:
 *
 * - a Hessian date for java.util.Date and the sql classes (a text would be read in the provider's zone);
 * - ISO text for LocalDate, LocalTime and LocalDateTime;
 * - for classes that it cannot make from text, the very object, written as hessian-lite does (its handle classes), which
 *   PojoUtils passes on as it is.
 */
export const JDK_VALUE_FORMS: ReadonlyMap<string, JdkValueForm> = new Map<string, JdkValueForm>([
  ['java.util.Date', date(parseDateMs)],
  ['java.sql.Date', date(parseDateMs)],
  ['java.sql.Timestamp', date(parseDateMs)],
  ['java.sql.Time', date((text) => timeOfDayMs(text) ?? parseDateMs(text))],
  ['java.util.Calendar', { expected: DATE_EXPECTED, also: 'numbers', write: writeCalendar }],
  ['java.util.GregorianCalendar', { expected: DATE_EXPECTED, also: 'numbers', write: writeCalendar }],

  ['java.time.LocalDate', isoText('a date such as 2026-01-31', (text) => parseIsoDate(text) !== undefined)],
  ['java.time.LocalTime', isoText('a time such as 10:15:30', isLocalTime)],
  ['java.time.LocalDateTime', isoText('a date-time without zone such as 2026-01-31T10:15:30', isLocalDateTime)],
  ['java.time.Instant', { expected: 'an ISO 8601 date-time such as 2026-01-31T10:15:30Z', write: writeInstant }],
  [
    'java.time.OffsetDateTime',
    { expected: 'a date-time with offset, 2026-01-31T10:15:30+01:00', write: writeOffsetDateTime },
  ],
  ['java.time.OffsetTime', { expected: 'a time with offset such as 10:15:30+01:00', write: writeOffsetTime }],
  [
    'java.time.ZonedDateTime',
    { expected: 'a date-time with zone, 2026-01-31T10:15:30+01:00[Europe/Paris]', write: writeZonedDateTime },
  ],
  ['java.time.Duration', { expected: 'a duration such as PT1H30M', write: writeDuration }],
  ['java.time.Period', { expected: 'a period such as P1Y2M3D', write: writePeriod }],
  ['java.time.Year', { expected: 'a year such as 2026', also: 'numbers', write: writeYear }],
  ['java.time.YearMonth', { expected: 'a month such as 2026-01', write: writeYearMonth }],
  ['java.time.MonthDay', { expected: 'a day such as --12-31', write: writeMonthDay }],
  ['java.time.ZoneId', { expected: 'a time zone such as Europe/Paris', write: writeZoneId }],
  ['java.time.ZoneOffset', { expected: 'an offset such as +01:00', write: writeZoneOffset }],

  ['java.util.UUID', { expected: 'a UUID', write: writeUuid }],
  ['java.util.Locale', { expected: 'a locale such as en_US', write: writeLocale }],
  ['java.util.Currency', isoText('a currency code such as EUR', (text) => /^[A-Z]{3}$/.test(text))],
  ['java.net.URI', isoText('a URI', isUriText)],
  ['java.net.URL', isoText('a URL', isUriText)],

  [`${ATOMIC}.AtomicInteger`, { expected: 'an int', also: 'numbers', write: writeAtomicInteger }],
  [`${ATOMIC}.AtomicLong`, { expected: 'a long (64-bit integer)', also: 'numbers', write: writeAtomicLong }],
  [`${ATOMIC}.AtomicBoolean`, { expected: 'true or false', also: 'booleans', write: writeAtomicBoolean }],
]);

function date(parse: (text: string) => number | undefined): JdkValueForm {
  const write = (text: string, out: HessianWriter): boolean => {
    const ms = parse(text);
    if (ms === undefined) return false;
    out.dateMs(ms);
    return true;
  };
  return { expected: DATE_EXPECTED, also: 'numbers', write };
}

function isoText(expected: string, accepts: (text: string) => boolean): JdkValueForm {
  const write = (text: string, out: HessianWriter): boolean => {
    if (!accepts(text)) return false;
    out.string(text);
    return true;
  };
  return { expected, write };
}

function parseDateMs(text: string): number | undefined {
  const time = parseIsoDateTime(text) ?? parseIsoDate(text);
  if (time !== undefined)
    return time.zone !== undefined && time.offsetSeconds === undefined ? undefined : epochMs(time);
  const ms = longFromText(text);
  return typeof ms === 'number' && Math.abs(ms) <= MAX_DATE_MS ? ms : undefined;
}

function timeOfDayMs(text: string): number | undefined {
  const time = parseIsoTime(text);
  return time === undefined ? undefined : epochMs(time);
}

function isLocalTime(text: string): boolean {
  const time = parseIsoTime(text);
  return time !== undefined && time.offsetSeconds === undefined;
}

function isLocalDateTime(text: string): boolean {
  const time = parseIsoDateTime(text);
  return time !== undefined && time.offsetSeconds === undefined && time.zone === undefined;
}

function isUriText(text: string): boolean {
  return text.length <= MAX_TEXT && URL.canParse(text, 'http://base.invalid/') && /^[!-~]*$/.test(text);
}

function writeCalendar(text: string, out: HessianWriter): boolean {
  const ms = parseDateMs(text);
  if (ms === undefined) return false;
  out.objectStart(`${IO}.CalendarHandle`, ['type', 'date']);
  out.nullValue();
  out.dateMs(ms);
  return true;
}

function writeInstant(text: string, out: HessianWriter): boolean {
  const time = parseIsoDateTime(text);
  if (time === undefined || time.zone !== undefined) return false;
  out.objectStart(`${JAVA8}.InstantHandle`, ['seconds', 'nanos']);
  out.longNumber(epochSeconds(time));
  out.int(time.nano);
  return true;
}

function writeOffsetDateTime(text: string, out: HessianWriter): boolean {
  const time = parseIsoDateTime(text);
  if (time?.offsetSeconds === undefined || time.zone !== undefined) return false;
  out.objectStart(`${JAVA8}.OffsetDateTimeHandle`, ['dateTime', 'offset']);
  writeLocalDateTimeObject(time, out);
  writeOffsetObject(time.offsetSeconds, out);
  return true;
}

function writeOffsetTime(text: string, out: HessianWriter): boolean {
  const time = parseIsoTime(text);
  if (time?.offsetSeconds === undefined) return false;
  out.objectStart(`${JAVA8}.OffsetTimeHandle`, ['localTime', 'zoneOffset']);
  writeLocalTimeObject(time, out);
  writeOffsetObject(time.offsetSeconds, out);
  return true;
}

/** Without an offset Java finds it by the zone; without a zone the offset is the zone. */
function writeZonedDateTime(text: string, out: HessianWriter): boolean {
  const time = parseIsoDateTime(text);
  if (time === undefined || (time.offsetSeconds === undefined && time.zone === undefined)) return false;
  out.objectStart(`${JAVA8}.ZonedDateTimeHandle`, ['dateTime', 'offset', 'zoneId']);
  writeLocalDateTimeObject(time, out);
  if (time.offsetSeconds === undefined) out.nullValue();
  else writeOffsetObject(time.offsetSeconds, out);
  out.string(time.zone ?? formatOffset(time.offsetSeconds!));
  return true;
}

function writeLocalDateTimeObject(time: IsoDateTime, out: HessianWriter): void {
  out.objectStart(`${JAVA8}.LocalDateTimeHandle`, ['date', 'time']);
  out.objectStart(`${JAVA8}.LocalDateHandle`, ['year', 'month', 'day']);
  out.int(time.year);
  out.int(time.month);
  out.int(time.day);
  writeLocalTimeObject(time, out);
}

function writeLocalTimeObject(time: IsoDateTime, out: HessianWriter): void {
  out.objectStart(`${JAVA8}.LocalTimeHandle`, ['hour', 'minute', 'second', 'nano']);
  out.int(time.hour);
  out.int(time.minute);
  out.int(time.second);
  out.int(time.nano);
}

function writeOffsetObject(seconds: number, out: HessianWriter): void {
  out.objectStart(`${JAVA8}.ZoneOffsetHandle`, ['seconds']);
  out.int(seconds);
}

function formatOffset(seconds: number): string {
  if (seconds === 0) return 'Z';
  const absolute = Math.abs(seconds);
  const parts = [Math.floor(absolute / 3600), Math.floor(absolute / 60) % 60, absolute % 60];
  if (parts[2] === 0) parts.pop();
  return (seconds < 0 ? '-' : '+') + parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function writeDuration(text: string, out: HessianWriter): boolean {
  const duration = parseDuration(text);
  if (duration === undefined) return false;
  out.objectStart(`${JAVA8}.DurationHandle`, ['seconds', 'nanos']);
  out.longNumber(duration.seconds);
  out.int(duration.nanos);
  return true;
}

function writePeriod(text: string, out: HessianWriter): boolean {
  const period = parsePeriod(text);
  if (period === undefined) return false;
  out.objectStart(`${JAVA8}.PeriodHandle`, ['years', 'months', 'days']);
  out.int(period.years);
  out.int(period.months);
  out.int(period.days);
  return true;
}

function writeYear(text: string, out: HessianWriter): boolean {
  if (!/^-?\d{1,9}$/.test(text)) return false;
  out.objectStart(`${JAVA8}.YearHandle`, ['year']);
  out.int(Number(text));
  return true;
}

function writeYearMonth(text: string, out: HessianWriter): boolean {
  const date = parseIsoDate(`${text}-01`);
  if (date === undefined) return false;
  out.objectStart(`${JAVA8}.YearMonthHandle`, ['year', 'month']);
  out.int(date.year);
  out.int(date.month);
  return true;
}

function writeMonthDay(text: string, out: HessianWriter): boolean {
  const match = /^--(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return false;
  const month = Number(match[1]);
  const day = Number(match[2]);
  // 29 February is a valid day of a month: any leap year will do.
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(2000, month)) return false;
  out.objectStart(`${JAVA8}.MonthDayHandle`, ['month', 'day']);
  out.int(month);
  out.int(day);
  return true;
}

function writeZoneId(text: string, out: HessianWriter): boolean {
  if (text.length > 64 || (!/^[A-Za-z][\w/+-]*$/.test(text) && parseOffset(text) === undefined)) return false;
  out.objectStart(`${JAVA8}.ZoneIdHandle`, ['zoneId']);
  out.string(text);
  return true;
}

function writeZoneOffset(text: string, out: HessianWriter): boolean {
  const seconds = parseOffset(text);
  if (seconds === undefined) return false;
  writeOffsetObject(seconds, out);
  return true;
}

function writeUuid(text: string, out: HessianWriter): boolean {
  if (text.length !== 36 || !/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return false;
  out.objectStart('java.util.UUID', ['value']);
  out.string(text);
  return true;
}

/** `en`, `en_US`, `en-US`, `en_US_POSIX`; hessian-lite splits at underscores. */
function writeLocale(text: string, out: HessianWriter): boolean {
  if (text.length > 32 || !/^[A-Za-z]{2,8}(?:[_-][A-Za-z\d]{2,8}){0,2}$/.test(text)) return false;
  out.objectStart(`${IO}.LocaleHandle`, ['value']);
  out.string(text.replaceAll('-', '_'));
  return true;
}

function writeAtomicInteger(text: string, out: HessianWriter): boolean {
  const value = longFromText(text);
  if (typeof value !== 'number' || value !== (value | 0)) return false;
  out.objectStart(`${ATOMIC}.AtomicInteger`, ['value']);
  out.int(value);
  return true;
}

function writeAtomicLong(text: string, out: HessianWriter): boolean {
  const value = longFromText(text);
  if (value === undefined) return false;
  out.objectStart(`${ATOMIC}.AtomicLong`, ['value']);
  writeLong(value, out);
  return true;
}

/** Its field is an int in the JDK. */
function writeAtomicBoolean(text: string, out: HessianWriter): boolean {
  if (text !== 'true' && text !== 'false') return false;
  out.objectStart(`${ATOMIC}.AtomicBoolean`, ['value']);
  out.int(text === 'true' ? 1 : 0);
  return true;
}
