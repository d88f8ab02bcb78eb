import { type DateField, parseDatePattern } from '../config/date-pattern.ts';
import { calendarDate } from '../json/json-date.ts';

const SECONDS_PER_DAY = 86_400;

/** Formats ms since 1970 (an integer within JavaScript's date range). */
export type DateFormatter = (ms: number) => string;

interface ZonedTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
  readonly offsetMinutes: number;
}

const FIELDS: Readonly<Record<DateField, (time: ZonedTime) => string>> = {
  yyyy: (time) => yearOfEraText(time.year),
  MM: (time) => twoDigits(time.month),
  dd: (time) => twoDigits(time.day),
  HH: (time) => twoDigits(time.hour),
  mm: (time) => twoDigits(time.minute),
  ss: (time) => twoDigits(time.second),
  SSS: (time) => String(time.ms).padStart(3, '0'),
  XXX: (time) => offsetText(time.offsetMinutes),
};

/**
 * Compiles a date pattern such as `yyyy-MM-dd HH:mm:ss`; letters mean what they mean in java.time.format.
 * Throws `DatePatternError`, and `RangeError` for an unknown zone.
 */
export function compileDateFormatter(pattern: string, zone: string): DateFormatter {
  const pieces = parseDatePattern(pattern).map((part) => ('field' in part ? FIELDS[part.field] : part.text));
  const timeIn = zonedTime(zone);
  return (ms) => {
    const time = timeIn(ms);
    let text = '';
    for (const piece of pieces) text += typeof piece === 'string' ? piece : piece(time);
    return text;
  };
}

/**
 * Only the zone's offset is taken from Intl: its own fields are those of the Julian calendar before 1582, while java.time
 * reckons with the Gregorian one throughout.
 */
function zonedTime(zone: string): (ms: number) => ZonedTime {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset', hour: '2-digit' });
  return (ms) => {
    const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const offsetSeconds = secondsOf(name);
    const wholeSeconds = Math.floor(ms / 1000);
    const days = Math.floor((wholeSeconds + offsetSeconds) / SECONDS_PER_DAY);
    const secondOfDay = wholeSeconds + offsetSeconds - days * SECONDS_PER_DAY;
    return {
      ...calendarDate(days),
      hour: Math.floor(secondOfDay / 3600),
      minute: Math.floor(secondOfDay / 60) % 60,
      second: secondOfDay % 60,
      ms: ms - wholeSeconds * 1000,
      offsetMinutes: Math.trunc(offsetSeconds / 60),
    };
  };
}

/** `GMT+08:05:43` as seconds; `GMT` is 0. */
function secondsOf(offsetName: string): number {
  const [, sign, hours, minutes, seconds] = /([+-])(\d+):(\d+)(?::(\d+))?$/.exec(offsetName) ?? [];
  const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return sign === '-' ? -size : size;
}

/** What `yyyy` writes of a year before 1 is its number before Christ; past 9999 java.time puts a plus in front. */
function yearOfEraText(year: number): string {
  const yearOfEra = year > 0 ? year : 1 - year;
  return (yearOfEra > 9999 ? '+' : '') + String(yearOfEra).padStart(4, '0');
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
