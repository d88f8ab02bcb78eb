import { type DateField, parseDatePattern } from '../config/date-pattern.ts';

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
  yyyy: (time) => String(time.year).padStart(4, '0'),
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

function zonedTime(zone: string): (ms: number) => ZonedTime {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (ms) => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(ms)) if (type !== 'literal') parts[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
    const wholeSeconds = Math.floor(ms / 1000) * 1000;
    const local = new Date(0);
    local.setUTCFullYear(year, month - 1, day);
    local.setUTCHours(hour, minute, second);
    const offsetMinutes = Math.round((local.getTime() - wholeSeconds) / 60_000);
    return { year, month, day, hour, minute, second, ms: ms - wholeSeconds, offsetMinutes };
  };
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
