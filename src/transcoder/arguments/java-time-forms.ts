import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import {
  daysInMonth,
  epochSeconds,
  type IsoDateTime,
  parseDuration,
  parseIsoDate,
  parseIsoDateTime,
  parseIsoTime,
  parseOffset,
  parsePeriod,
} from './iso-time.ts';
import type { JdkValueForm } from './jdk-value-form.ts';
import { ZONE_NAMES } from './zone-names.ts';
import { formatOffset, isOffsetOfZone, javaZone } from './zone-offset.ts';

const JAVA8 = 'com.alibaba.com.caucho.hessian.io.java8';

/**
 * `java.time`: hessian-lite's handle objects, which its reader turns into the value. They are the one form that every
 * Dubbo version takes; one that holds no possible value becomes null in Java without an error.
 */
export const JAVA_TIME_FORMS: ReadonlyMap<string, JdkValueForm> = new Map<string, JdkValueForm>([
  ['java.time.LocalDate', { expected: 'a date such as 2026-01-31', write: writeLocalDate }],
  ['java.time.LocalTime', { expected: 'a time such as 10:15:30', write: writeLocalTime }],
  [
    'java.time.LocalDateTime',
    { expected: 'a date-time without zone such as 2026-01-31T10:15:30', write: writeLocalDateTime },
  ],
  ['java.time.Instant', { expected: 'an ISO 8601 date-time such as 2026-01-31T10:15:30Z', write: writeInstant }],
  [
    'java.time.OffsetDateTime',
    { expected: 'a date-time with offset, 2026-01-31T10:15:30+01:00', write: writeOffsetDateTime },
  ],
  ['java.time.OffsetTime', { expected: 'a time with offset such as 10:15:30+01:00', write: writeOffsetTime }],
  [
    'java.time.ZonedDateTime',
    {
      expected: 'a date-time with zone, 2026-01-31T10:15:30+01:00[Europe/Paris], and the offset that the zone has then',
      write: writeZonedDateTime,
    },
  ],
  ['java.time.Duration', { expected: 'a duration such as PT1H30M', write: writeDuration }],
  ['java.time.Period', { expected: 'a period such as P1Y2M3D', write: writePeriod }],
  ['java.time.Year', { expected: 'a year such as 2026', also: 'numbers', write: writeYear }],
  ['java.time.YearMonth', { expected: 'a month such as 2026-01', write: writeYearMonth }],
  ['java.time.MonthDay', { expected: 'a day such as --12-31', write: writeMonthDay }],
  ['java.time.ZoneId', { expected: 'a time zone such as Europe/Paris', write: writeZoneId }],
  ['java.time.ZoneOffset', { expected: 'an offset such as +01:00, up to 18 hours', write: writeZoneOffset }],
]);

const DATE_FIELDS = ['year', 'month', 'day'];
const TIME_FIELDS = ['hour', 'minute', 'second', 'nano'];
const DATE_TIME_FIELDS = ['date', 'time'];
const OFFSET_FIELDS = ['seconds'];
const SECONDS_FIELDS = ['seconds', 'nanos'];

function writeLocalDate(text: string, out: HessianWriter): boolean {
  const date = parseIsoDate(text);
  if (date === undefined) return false;
  writeDateObject(date, out);
  return true;
}

function writeLocalTime(text: string, out: HessianWriter): boolean {
  const time = parseIsoTime(text);
  if (time === undefined || time.offsetSeconds !== undefined) return false;
  writeTimeObject(time, out);
  return true;
}

function writeLocalDateTime(text: string, out: HessianWriter): boolean {
  const time = parseIsoDateTime(text);
  if (time === undefined || time.offsetSeconds !== undefined || time.zone !== undefined) return false;
  writeDateTimeObject(time, out);
  return true;
}

function writeInstant(text: string, out: HessianWriter): boolean {
  const time = parseIsoDateTime(text);
  if (time === undefined || time.zone !== undefined) return false;
  out.objectStart(`${JAVA8}.InstantHandle`, SECONDS_FIELDS);
  out.longNumber(epochSeconds(time));
  out.int(time.nano);
  return true;
}

function writeOffsetDateTime(text: string, out: HessianWriter): boolean {
  const time = parseIsoDateTime(text);
  if (time?.offsetSeconds === undefined || time.zone !== undefined) return false;
  out.objectStart(`${JAVA8}.OffsetDateTimeHandle`, ['dateTime', 'offset']);
  writeDateTimeObject(time, out);
  writeOffsetObject(time.offsetSeconds, out);
  return true;
}

function writeOffsetTime(text: string, out: HessianWriter): boolean {
  const time = parseIsoTime(text);
  if (time?.offsetSeconds === undefined) return false;
  out.objectStart(`${JAVA8}.OffsetTimeHandle`, ['localTime', 'zoneOffset']);
  writeTimeObject(time, out);
  writeOffsetObject(time.offsetSeconds, out);
  return true;
}

/** Without an offset Java finds it by the zone; without a zone the offset is the zone. The zone is text here, no handle. */
function writeZonedDateTime(text: string, out: HessianWriter): boolean {
  const time = parseIsoDateTime(text);
  if (time === undefined) return false;
  const { zone, offsetSeconds } = time;
  if (zone === undefined ? offsetSeconds === undefined : !ZONE_NAMES.has(zone)) return false;
  if (zone !== undefined && offsetSeconds !== undefined && !isOffsetOfZone(time, zone)) return false;
  out.objectStart(`${JAVA8}.ZonedDateTimeHandle`, ['dateTime', 'offset', 'zoneId']);
  writeDateTimeObject(time, out);
  if (offsetSeconds === undefined) out.nullValue();
  else writeOffsetObject(offsetSeconds, out);
  out.string(zone ?? formatOffset(offsetSeconds!));
  return true;
}

function writeDuration(text: string, out: HessianWriter): boolean {
  const duration = parseDuration(text);
  if (duration === undefined) return false;
  out.objectStart(`${JAVA8}.DurationHandle`, SECONDS_FIELDS);
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
  const zone = javaZone(text);
  if (zone === undefined) return false;
  out.objectStart(`${JAVA8}.ZoneIdHandle`, ['zoneId']);
  out.string(zone);
  return true;
}

function writeZoneOffset(text: string, out: HessianWriter): boolean {
  const seconds = parseOffset(text);
  if (seconds === undefined) return false;
  writeOffsetObject(seconds, out);
  return true;
}

function writeDateTimeObject(time: IsoDateTime, out: HessianWriter): void {
  out.objectStart(`${JAVA8}.LocalDateTimeHandle`, DATE_TIME_FIELDS);
  writeDateObject(time, out);
  writeTimeObject(time, out);
}

function writeDateObject(date: IsoDateTime, out: HessianWriter): void {
  out.objectStart(`${JAVA8}.LocalDateHandle`, DATE_FIELDS);
  out.int(date.year);
  out.int(date.month);
  out.int(date.day);
}

function writeTimeObject(time: IsoDateTime, out: HessianWriter): void {
  out.objectStart(`${JAVA8}.LocalTimeHandle`, TIME_FIELDS);
  out.int(time.hour);
  out.int(time.minute);
  out.int(time.second);
  out.int(time.nano);
}

function writeOffsetObject(seconds: number, out: HessianWriter): void {
  out.objectStart(`${JAVA8}.ZoneOffsetHandle`, OFFSET_FIELDS);
  out.int(seconds);
}
