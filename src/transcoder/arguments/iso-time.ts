/** A date and time of ISO 8601 as its text says it. Parts the text lacks are 0 or undefined. */
export interface IsoDateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nano: number;
  /** Seconds east of UTC. */
  readonly offsetSeconds: number | undefined;
  /** Name of a zone in brackets: `Europe/Paris`. */
  readonly zone: string | undefined;
}

/** Longer texts are no ISO 8601; nothing is searched in them. */
const MAX_CHARACTERS = 80;

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME_PART = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?`;
const OFFSET_PART = String.raw`(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?`;
const TIME = new RegExp(`^${TIME_PART}${OFFSET_PART}$`);
const DATE_TIME = new RegExp(
  String.raw`^(\d{4})-(\d\d)-(\d\d)T${TIME_PART}${OFFSET_PART}(?:\[([A-Za-z][\w/+\-]*)\])?$`,
);
const OFFSET = /^([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?$/;
const DURATION =
  /^([+-])?P(?:([+-]?\d{1,9})D)?(?:T(?=[\d+-])(?:([+-]?\d{1,12})H)?(?:([+-]?\d{1,12})M)?(?:([+-]?)(\d{1,15})(?:\.(\d{1,9}))?S)?)?$/;
const PERIOD = /^([+-])?P(?:([+-]?\d{1,9})Y)?(?:([+-]?\d{1,9})M)?(?:([+-]?\d{1,9})W)?(?:([+-]?\d{1,9})D)?$/;

/** Java allows offsets up to 18 hours. */
const MAX_OFFSET_SECONDS = 18 * 3600;

/** Reads `yyyy-MM-dd`. */
export function parseIsoDate(text: string): IsoDateTime | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const match = DATE.exec(text);
  if (match === null) return undefined;
  return checked(match[1]!, match[2]!, match[3]!, '00', '00', undefined, undefined, undefined, undefined);
}

/** Reads `HH:mm`, with seconds, a fraction of up to nine digits and an offset where they are there. The date is 1970-01-01. */
export function parseIsoTime(text: string): IsoDateTime | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const match = TIME.exec(text);
  if (match === null) return undefined;
  return checked('1970', '01', '01', match[1]!, match[2]!, match[3], match[4], match[5], undefined);
}

/** Reads `yyyy-MM-ddTHH:mm`, with seconds, fraction, offset and a zone in brackets where they are there. */
export function parseIsoDateTime(text: string): IsoDateTime | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  return checked(match[1]!, match[2]!, match[3]!, match[4]!, match[5]!, match[6], match[7], match[8], match[9]);
}

/** Seconds east of UTC of `Z`, `+01:00`, `+0100` or `+01`. */
export function parseOffset(text: string): number | undefined {
  if (text === 'Z') return 0;
  const match = OFFSET.exec(text);
  if (match === null) return undefined;
  const [, sign, hours, minutes = '0', seconds = '0'] = match;
  if (Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (total > MAX_OFFSET_SECONDS) return undefined;
  return sign === '-' && total !== 0 ? -total : total;
}

/** Whole seconds since 1970; a time without offset counts as UTC. */
export function epochSeconds(time: IsoDateTime): number {
  const days = daysSince1970(time.year, time.month, time.day);
  return days * 86_400 + time.hour * 3600 + time.minute * 60 + time.second - (time.offsetSeconds ?? 0);
}

/** Milliseconds since 1970; finer digits are cut off. A time without offset counts as UTC. */
export function epochMs(time: IsoDateTime): number {
  return epochSeconds(time) * 1000 + Math.floor(time.nano / 1_000_000);
}

/** Seconds and nanoseconds (0 to 999,999,999) of `P2DT3H4M5.6S`, as java.time.Duration reads it. */
export function parseDuration(text: string): { readonly seconds: number; readonly nanos: number } | undefined {
  const match = text.length > MAX_CHARACTERS ? null : DURATION.exec(text);
  if (match === null || /[PT]$/.test(text)) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', secondSign = '', whole = '0', fraction = ''] = match;
  const factor = sign === '-' ? -1 : 1;
  const secondFactor = secondSign === '-' ? -factor : factor;
  let nanos = secondFactor * Number(fraction.padEnd(9, '0'));
  let seconds =
    factor * (Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60) + secondFactor * Number(whole);
  if (nanos < 0) {
    nanos += 1_000_000_000;
    seconds -= 1;
  }
  return Number.isSafeInteger(seconds) ? { seconds: seconds + 0, nanos: nanos + 0 } : undefined;
}

/** Years, months and days of `P1Y2M3W4D`, as java.time.Period reads it; weeks become days. */
export function parsePeriod(
  text: string,
): { readonly years: number; readonly months: number; readonly days: number } | undefined {
  const match = text.length > MAX_CHARACTERS ? null : PERIOD.exec(text);
  if (match === null || text.endsWith('P')) return undefined;
  const [, sign, years = '0', months = '0', weeks = '0', days = '0'] = match;
  const factor = sign === '-' ? -1 : 1;
  const allDays = factor * (Number(weeks) * 7 + Number(days));
  if (allDays !== (allDays | 0)) return undefined;
  return { years: factor * Number(years), months: factor * Number(months), days: allDays };
}

/** Number of days in a month of the Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function checked(
  yearText: string,
  monthText: string,
  dayText: string,
  hourText: string,
  minuteText: string,
  secondText: string | undefined,
  fraction: string | undefined,
  offsetText: string | undefined,
  zone: string | undefined,
): IsoDateTime | undefined {
  const year = Number(yearText);
  const month = Number(monthText);
  const day = Number(dayText);
  const hour = Number(hourText);
  const minute = Number(minuteText);
  const second = Number(secondText ?? '0');
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const offsetSeconds = offsetText === undefined ? undefined : parseOffset(offsetText);
  if (offsetText !== undefined && offsetSeconds === undefined) return undefined;
  const nano = fraction === undefined ? 0 : Number(fraction.padEnd(9, '0'));
  return { year, month, day, hour, minute, second, nano, offsetSeconds, zone };
}

/** Days from 1970-01-01, counting years from March so that the leap day comes last. */
function daysSince1970(year: number, month: number, day: number): number {
  const fromMarch = month > 2 ? month - 3 : month + 9;
  const marchYear = month > 2 ? year : year - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((153 * fromMarch + 2) / 5) + day - 1 - 719_468;
}
