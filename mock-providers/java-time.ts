import { int, type JavaObject, type JavaValue, long, memberOf, object } from './java-value.ts';

/** Package of the objects that hessian-lite writes in place of `java.time` values. */
const HANDLES = 'com.alibaba.com.caucho.hessian.io.java8';

const MONTHS = 'JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER'.split(' ');
const WEEK_DAYS = 'SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY'.split(' ');

/** `java.time.LocalDate` of an ISO text `yyyy-MM-dd`. */
export function localDate(iso: string): JavaObject {
  const [year, month, day] = iso.split('-').map(Number) as [number, number, number];
  const getters: [string, JavaValue][] = [
    ...dayGetters(year, month, day),
    ['chronology', chronology()],
    ['leapYear', (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0],
    ['era', 'CE'],
    ['class', 'java.time.LocalDate'],
  ];
  const fields: [string, JavaValue][] = [
    ['day', int(day)],
    ['month', int(month)],
    ['year', int(year)],
  ];
  return object(`${HANDLES}.LocalDateHandle`, fields, getters);
}

/** `java.time.LocalTime` of an ISO text `HH:mm:ss` with an optional fraction. */
export function localTime(iso: string): JavaObject {
  const [clock, fraction = ''] = iso.split('.') as [string, string?];
  const [hour, minute, second = 0] = clock.split(':').map(Number) as [number, number, number?];
  const nano = Number(fraction.padEnd(9, '0').slice(0, 9));
  const fields: [string, JavaValue][] = [
    ['nano', int(nano)],
    ['second', int(second)],
    ['minute', int(minute)],
    ['hour', int(hour)],
  ];
  return object(`${HANDLES}.LocalTimeHandle`, fields, [...fields, ['class', 'java.time.LocalTime']]);
}

/** `java.time.LocalDateTime` of an ISO text `yyyy-MM-ddTHH:mm:ss` with an optional fraction. */
export function localDateTime(iso: string): JavaObject {
  const [dateText, timeText] = iso.split('T') as [string, string];
  const [year, month, day] = dateText.split('-').map(Number) as [number, number, number];
  const time = localTime(timeText);
  const fields: [string, JavaValue][] = [
    ['time', time],
    ['date', localDate(dateText)],
  ];
  return object(`${HANDLES}.LocalDateTimeHandle`, fields, [
    ...dayGetters(year, month, day),
    ...time.fields,
    ['chronology', chronology()],
    ['class', 'java.time.LocalDateTime'],
  ]);
}

/** `java.time.Instant`. */
export function instant(epochSecond: bigint, nano: number): JavaObject {
  const fields: [string, JavaValue][] = [
    ['nanos', int(nano)],
    ['seconds', long(epochSecond)],
  ];
  return object(`${HANDLES}.InstantHandle`, fields, [
    ['nano', int(nano)],
    ['epochSecond', long(epochSecond)],
    ['class', 'java.time.Instant'],
  ]);
}

/** `java.time.Duration`. */
export function duration(seconds: bigint, nano: number): JavaObject {
  const fields: [string, JavaValue][] = [
    ['nanos', int(nano)],
    ['seconds', long(seconds)],
  ];
  return object(`${HANDLES}.DurationHandle`, fields, [
    ['nano', int(nano)],
    ['seconds', long(seconds)],
    ['negative', seconds < 0n],
    ['zero', seconds === 0n && nano === 0],
    ['class', 'java.time.Duration'],
  ]);
}

/**
 * The `toString()` of a LocalDate, LocalTime or LocalDateTime, as providers since 2.7.18 put it into generalized
 * results; null for any other object.
 */
export function javaTimeText(value: JavaObject): string | null {
  const part = (name: string): number => (memberOf(value, name) as { value: number }).value;
  switch (value.className) {
    case `${HANDLES}.LocalDateHandle`:
      return `${digits(part('year'), 4)}-${digits(part('month'), 2)}-${digits(part('day'), 2)}`;
    case `${HANDLES}.LocalTimeHandle`: {
      const short = `${digits(part('hour'), 2)}:${digits(part('minute'), 2)}`;
      if (part('second') === 0 && part('nano') === 0) return short;
      const withSeconds = `${short}:${digits(part('second'), 2)}`;
      // Java prints the fraction in groups of three digits.
      return part('nano') === 0 ? withSeconds : `${withSeconds}.${digits(part('nano'), 9).replace(/(000){1,2}$/, '')}`;
    }
    case `${HANDLES}.LocalDateTimeHandle`: {
      const inner = (name: string): string => javaTimeText(memberOf(value, name) as JavaObject)!;
      return `${inner('date')}T${inner('time')}`;
    }
    default:
      return null;
  }
}

function dayGetters(year: number, month: number, day: number): [string, JavaValue][] {
  const midnight = Date.UTC(year, month - 1, day);
  return [
    ['dayOfWeek', WEEK_DAYS[new Date(midnight).getUTCDay()]!],
    ['month', MONTHS[month - 1]!],
    ['year', int(year)],
    ['dayOfMonth', int(day)],
    ['dayOfYear', int(Math.round((midnight - Date.UTC(year, 0, 1)) / 86_400_000) + 1)],
    ['monthValue', int(month)],
  ];
}

function chronology(): JavaObject {
  const getters: [string, JavaValue][] = [
    ['calendarType', 'iso8601'],
    ['id', 'ISO'],
    ['class', 'java.time.chrono.IsoChronology'],
  ];
  return object('java.time.chrono.IsoChronology', [], getters);
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
