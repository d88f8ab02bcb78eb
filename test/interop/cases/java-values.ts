import type { TypedValue } from 'hessian.js';
import { long, typed } from '../probe/hessian-oracle.ts';

/**
 * Values of JDK classes as hessian-lite writes them: for classes whose insides it cannot use it has handle classes of its
 * own. The names and fields were read from answers of real providers.
 */
const IO = 'com.alibaba.com.caucho.hessian.io';
const JAVA8 = `${IO}.java8`;

export function localDate(year: number, month: number, day: number): TypedValue {
  return typed(`${JAVA8}.LocalDateHandle`, { year, month, day });
}

export function localTime(hour: number, minute: number, second: number, nano: number): TypedValue {
  return typed(`${JAVA8}.LocalTimeHandle`, { hour, minute, second, nano });
}

export function localDateTime(date: TypedValue, time: TypedValue): TypedValue {
  return typed(`${JAVA8}.LocalDateTimeHandle`, { date, time });
}

export function instant(seconds: number, nanos: number): TypedValue {
  return typed(`${JAVA8}.InstantHandle`, { seconds: long(seconds), nanos });
}

export function zoneOffset(seconds: number): TypedValue {
  return typed(`${JAVA8}.ZoneOffsetHandle`, { seconds });
}

export function zoneId(id: string): TypedValue {
  return typed(`${JAVA8}.ZoneIdHandle`, { zoneId: id });
}

export function offsetDateTime(dateTime: TypedValue, offset: TypedValue): TypedValue {
  return typed(`${JAVA8}.OffsetDateTimeHandle`, { dateTime, offset });
}

export function offsetTime(time: TypedValue, offset: TypedValue): TypedValue {
  return typed(`${JAVA8}.OffsetTimeHandle`, { localTime: time, zoneOffset: offset });
}

/** The zone is text here, not a handle. */
export function zonedDateTime(dateTime: TypedValue, offset: TypedValue | null, zone: string): TypedValue {
  return typed(`${JAVA8}.ZonedDateTimeHandle`, { dateTime, offset, zoneId: zone });
}

export function duration(seconds: number, nanos: number): TypedValue {
  return typed(`${JAVA8}.DurationHandle`, { seconds: long(seconds), nanos });
}

export function period(years: number, months: number, days: number): TypedValue {
  return typed(`${JAVA8}.PeriodHandle`, { years, months, days });
}

export function year(value: number): TypedValue {
  return typed(`${JAVA8}.YearHandle`, { year: value });
}

export function yearMonth(value: number, month: number): TypedValue {
  return typed(`${JAVA8}.YearMonthHandle`, { year: value, month });
}

export function monthDay(month: number, day: number): TypedValue {
  return typed(`${JAVA8}.MonthDayHandle`, { month, day });
}

/** Without a type the calendar is Gregorian and in the provider's zone. */
export function calendar(date: Date): TypedValue {
  return typed(`${IO}.CalendarHandle`, { type: null, date });
}

export function locale(value: string): TypedValue {
  return typed(`${IO}.LocaleHandle`, { value });
}

/** `java.sql.Date`, `java.sql.Time` or `java.sql.Timestamp`. */
export function sqlValue(className: 'Date' | 'Time' | 'Timestamp', value: Date): TypedValue {
  return typed(`java.sql.${className}`, { value });
}

export function uuid(value: string): TypedValue {
  return typed('java.util.UUID', { value });
}

export function currency(currencyCode: string): TypedValue {
  return typed('java.util.Currency', { currencyCode });
}

export function uri(text: string): TypedValue {
  return typed('java.net.URI', { string: text });
}

/** The field of an AtomicBoolean is an int. */
export function atomic(className: 'AtomicInteger' | 'AtomicLong' | 'AtomicBoolean', value: unknown): TypedValue {
  return typed(`java.util.concurrent.atomic.${className}`, { value });
}
