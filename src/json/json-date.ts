import type { ByteWriter } from '../bytes/byte-writer.ts';
import { longText, putText, putTwoDigits } from './json-number.ts';

/** Bytes that one date takes at the most. */
export const DATE_ROOM = 40;

const MS_PER_DAY = 86_400_000;
/** 0000-03-01 and 9999-12-31 in days since 1970. */
const FIRST_USUAL_DAY = -719_468;
const LAST_USUAL_DAY = 2_932_896;
/** Days from 0000-03-01 to 1970-01-01 in the proleptic Gregorian calendar. */
const EPOCH_SHIFT_DAYS = 719_468;
const DAYS_PER_ERA = 146_097;

const QUOTE = 0x22;

/** The start of the usual day that was written last, and its text `"2024-01-02T` in three words. */
let lastDayMs = Number.NaN;
const lastDay = new DataView(new ArrayBuffer(12));

/**
 * A time in ms since 1970, given as the two halves of a long, as a JSON string `"2024-01-02T03:04:05.678Z"`. Years past
 * 9999 and before 0 are written with sign and at least six digits (ISO 8601, 4.1.2.4 expanded representation).
 */
export function writeIsoDate(out: ByteWriter, high: number, low: number): void {
  out.ensure(DATE_ROOM);
  out.position = putIsoDate(out.view, out.position, high, low);
}

/** The same, to a place with room for `DATE_ROOM` bytes; returns the position behind it. */
export function putIsoDate(view: DataView, start: number, high: number, low: number): number {
  const exact = high * 0x1_0000_0000 + (low >>> 0);
  const msOfLastDay = exact - lastDayMs;
  if (msOfLastDay >= 0 && msOfLastDay < MS_PER_DAY) return putOnLastDay(view, start, msOfLastDay | 0);
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
  if (days >= FIRST_USUAL_DAY && days <= LAST_USUAL_DAY) {
    lastDay.setUint8(0, QUOTE);
    lastDay.setUint8(putUsualDate(lastDay, 1, days), 0x54);
    lastDayMs = days * MS_PER_DAY;
    return putOnLastDay(view, start, msOfDay | 0);
  }
  view.setUint8(start, QUOTE);
  const at = putDistantDate(view, start + 1, days);
  view.setUint8(at, 0x54);
  return putTime(view, at + 1, msOfDay | 0);
}

function putOnLastDay(view: DataView, at: number, msOfDay: number): number {
  view.setInt32(at, lastDay.getInt32(0));
  view.setInt32(at + 4, lastDay.getInt32(4));
  view.setInt32(at + 8, lastDay.getInt32(8));
  return putTime(view, at + 12, msOfDay);
}

/** `03:04:05.678Z"` */
function putTime(view: DataView, start: number, msOfDay: number): number {
  const seconds = (msOfDay / 1_000) | 0;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  const ms = (msOfDay - seconds * 1_000) | 0;
  const tenths = (ms / 100) | 0;
  let at = putTwoDigits(view, start, hours);
  view.setUint8(at, 0x3a);
  at = putTwoDigits(view, at + 1, minutes - hours * 60);
  view.setUint8(at, 0x3a);
  at = putTwoDigits(view, at + 1, seconds - minutes * 60);
  view.setUint8(at, 0x2e);
  view.setUint8(at + 1, 0x30 + tenths);
  at = putTwoDigits(view, at + 2, ms - tenths * 100);
  view.setUint8(at, 0x5a);
  view.setUint8(at + 1, QUOTE);
  return at + 2;
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

/** A day from 0000-03-01 to 9999-12-31, by whole numbers alone; see `calendarDate`. */
function putUsualDate(view: DataView, start: number, daysSinceEpoch: number): number {
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
  const at = putTwoDigits(view, putTwoDigits(view, start, century), year - century * 100);
  return putMonthAndDay(view, at, month, dayOfYear - (((153 * shiftedMonth + 2) / 5) | 0) + 1);
}

function putDistantDate(view: DataView, at: number, daysSinceEpoch: number): number {
  const { year, month, day } = calendarDate(daysSinceEpoch);
  const digits = String(Math.abs(year));
  const text = year === 0 ? '0000' : (year < 0 ? '-' : '+') + digits.padStart(6, '0');
  return putMonthAndDay(view, putText(view, at, text), month, day);
}

function putMonthAndDay(view: DataView, start: number, month: number, day: number): number {
  view.setUint8(start, 0x2d);
  const at = putTwoDigits(view, start + 1, month);
  view.setUint8(at, 0x2d);
  return putTwoDigits(view, at + 1, day);
}
