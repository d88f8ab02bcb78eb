import type { ByteWriter } from '../bytes/byte-writer.ts';
import { longText } from './json-writer.ts';

const MS_PER_DAY = 86_400_000;
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
  out.byte(0x22);
  writeCalendarDate(out, days);
  const { buffer } = out;
  let at = out.position;
  buffer[at++] = 0x54;
  at = twoDigits(buffer, at, Math.floor(msOfDay / 3_600_000));
  buffer[at++] = 0x3a;
  at = twoDigits(buffer, at, Math.floor(msOfDay / 60_000) % 60);
  buffer[at++] = 0x3a;
  at = twoDigits(buffer, at, Math.floor(msOfDay / 1000) % 60);
  buffer[at++] = 0x2e;
  const ms = msOfDay % 1000;
  buffer[at++] = 0x30 + Math.floor(ms / 100);
  at = twoDigits(buffer, at, ms % 100);
  buffer[at++] = 0x5a;
  buffer[at++] = 0x22;
  out.position = at;
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

function writeCalendarDate(out: ByteWriter, daysSinceEpoch: number): void {
  const { year, month, day } = calendarDate(daysSinceEpoch);
  out.ensure(40);
  if (year >= 0 && year <= 9999) {
    out.position = twoDigits(out.buffer, out.position, Math.floor(year / 100));
    out.position = twoDigits(out.buffer, out.position, year % 100);
  } else {
    out.ascii((year < 0 ? '-' : '+') + String(Math.abs(year)).padStart(6, '0'));
    out.ensure(32);
  }
  const { buffer } = out;
  let at = out.position;
  buffer[at++] = 0x2d;
  at = twoDigits(buffer, at, month);
  buffer[at++] = 0x2d;
  out.position = twoDigits(buffer, at, day);
}

function twoDigits(buffer: Uint8Array, at: number, value: number): number {
  const tens = Math.floor(value / 10);
  buffer[at] = 0x30 + tens;
  buffer[at + 1] = 0x30 + value - tens * 10;
  return at + 2;
}
