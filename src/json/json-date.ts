import type { ByteWriter } from '../bytes/byte-writer.ts';
import { longText, putTwoDigits } from './json-writer.ts';

const MS_PER_DAY = 86_400_000;
/** 0000-03-01 and 9999-12-31 in days since 1970. */
const FIRST_USUAL_DAY = -719_468;
const LAST_USUAL_DAY = 2_932_896;
/** Days from 0000-03-01 to 1970-01-01 in the proleptic Gregorian calendar. */
const EPOCH_SHIFT_DAYS = 719_468;
const DAYS_PER_ERA = 146_097;

/**
 * A time in ms since 1970, given as the two halves of a long, as a JSON string `"2024-01-02T03:04:05.678Z"`. Years past
 * 9999 and before 0 are written with sign and at least six digits (ISO 8601, 4.1.2.4 expanded representation).
 */
export function writeIsoDate(out: ByteWriter, high: number, low: number): void {
  const exact = high * 0x1_0000_0000 + (low >>> 0);
  let days: number;
  let msOfDay: number;
  if (Number.isSafeInteger(exact)) {
    days = Math.floor(exact / MS_PER_DAY);
    msOfDay = exact - days * MS_PER_DAY;
  } else {
    const ms = BigInt(longText(high, low));
    const remainder = ((ms % 86_400_000n) + 86_400_000n) % 86_400_000n;
    days = Number((ms - remainder) / 86_400_000n);
    msOfDay = Number(remainder);
  }
  out.ensure(40);
  out.buffer[out.position++] = 0x22;
  writeCalendarDate(out, days);
  const { buffer } = out;
  let at = out.position;
  const seconds = (msOfDay / 1_000) | 0;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  const ms = msOfDay - seconds * 1_000;
  const tenths = (ms / 100) | 0;
  buffer[at] = 0x54;
  at = putTwoDigits(buffer, at + 1, hours);
  buffer[at] = 0x3a;
  at = putTwoDigits(buffer, at + 1, minutes - hours * 60);
  buffer[at] = 0x3a;
  at = putTwoDigits(buffer, at + 1, seconds - minutes * 60);
  buffer[at] = 0x2e;
  buffer[at + 1] = 0x30 + tenths;
  at = putTwoDigits(buffer, at + 2, ms - tenths * 100);
  buffer[at] = 0x5a;
  buffer[at + 1] = 0x22;
  out.position = at + 2;
}

/** Year, month and day of a day count since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
export function calendarDate(daysSinceEpoch: number): { year: number; month: number; day: number } {
  const shifted = daysSinceEpoch + EPOCH_SHIFT_DAYS;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** Room for 24 bytes is the caller's. */
function writeCalendarDate(out: ByteWriter, daysSinceEpoch: number): void {
  if (daysSinceEpoch >= FIRST_USUAL_DAY && daysSinceEpoch <= LAST_USUAL_DAY) writeUsualDate(out, daysSinceEpoch);
  else writeDistantDate(out, daysSinceEpoch);
}

/** A day from 0000-03-01 to 9999-12-31, by whole numbers alone; see `calendarDate`. Room is the caller's. */
function writeUsualDate(out: ByteWriter, daysSinceEpoch: number): void {
  const shifted = (daysSinceEpoch + EPOCH_SHIFT_DAYS) | 0;
  const era = (shifted / DAYS_PER_ERA) | 0;
  const dayOfEra = (shifted - era * DAYS_PER_ERA) | 0;
  const leapDays = ((dayOfEra / 1_460) | 0) - ((dayOfEra / 36_524) | 0) + ((dayOfEra / 146_096) | 0);
  const yearOfEra = ((dayOfEra - leapDays) / 365) | 0;
  const dayOfYear = (dayOfEra - 365 * yearOfEra - (yearOfEra >> 2) + ((yearOfEra / 100) | 0)) | 0;
  const shiftedMonth = ((5 * dayOfYear + 2) / 153) | 0;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const century = (year / 100) | 0;
  const { buffer } = out;
  let at = putTwoDigits(buffer, out.position, century);
  at = putTwoDigits(buffer, at, year - century * 100);
  buffer[at] = 0x2d;
  at = putTwoDigits(buffer, at + 1, month);
  buffer[at] = 0x2d;
  out.position = putTwoDigits(buffer, at + 1, dayOfYear - (((153 * shiftedMonth + 2) / 5) | 0) + 1);
}

function writeDistantDate(out: ByteWriter, daysSinceEpoch: number): void {
  const { year, month, day } = calendarDate(daysSinceEpoch);
  const digits = String(Math.abs(year));
  out.ascii(year === 0 ? '0000' : (year < 0 ? '-' : '+') + digits.padStart(6, '0'));
  out.ensure(32);
  const { buffer } = out;
  let at = out.position;
  buffer[at] = 0x2d;
  at = putTwoDigits(buffer, at + 1, month);
  buffer[at] = 0x2d;
  out.position = putTwoDigits(buffer, at + 1, day);
}
