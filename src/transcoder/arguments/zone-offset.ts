import { epochMs, type IsoDateTime, parseOffset } from './iso-time.ts';
import { ZONE_NAMES } from './zone-names.ts';

/** Each formatter takes some 50 KB, so only as many zones are kept as are in use at one time. */
const MAX_FORMATTERS = 32;
const OFFSET_ZONE = /^(UTC|GMT|UT)([+-].{2,8})$/;

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * A zone as `java.time.ZoneId.of` takes it: a name of the time zone database, `Z`, an offset, `UTC`, `GMT` or `UT` with or
 * without one. Offsets come in the form of Java's `toString`. Undefined for what Java does not know: it would make null of
 * it without an error.
 */
export function javaZone(text: string): string | undefined {
  if (ZONE_NAMES.has(text) || text === 'UT') return text;
  const offset = parseOffset(text);
  if (offset !== undefined) return formatOffset(offset);
  const match = OFFSET_ZONE.exec(text);
  const behind = match === null ? undefined : parseOffset(match[2]!);
  if (behind === undefined) return undefined;
  return behind === 0 ? match![1]! : match![1]! + formatOffset(behind);
}

/**
 * Whether a time's offset is that of its zone then. Java would keep the time of day and drop the offset, so another moment
 * would arrive. Not looked at before 1970, where databases differ.
 *
 * @param zone a name of the time zone database
 */
export function isOffsetOfZone(time: IsoDateTime, zone: string): boolean {
  if (time.year < 1970) return true;
  const moment = epochMs(time);
  const parts = formatterOf(zone).formatToParts(moment);
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
  const sameMinute = read('minute') === time.minute && read('second') === time.second;
  return sameMinute && read('hour') === time.hour && read('day') === time.day;
}

/** `Z`, `+01:00` or `-00:30:15`, as `java.time.ZoneOffset.toString`. */
export function formatOffset(seconds: number): string {
  if (seconds === 0) return 'Z';
  const absolute = Math.abs(seconds);
  const parts = [Math.floor(absolute / 3600), Math.floor(absolute / 60) % 60, absolute % 60];
  if (parts[2] === 0) parts.pop();
  return (seconds < 0 ? '-' : '+') + parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  const formatter = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formatters.set(zone, formatter);
  return formatter;
}
