import { JAVA_PEERS } from '../peers/peer-names.ts';
import {
  calendar,
  duration,
  instant,
  localDate,
  localDateTime,
  localTime,
  monthDay,
  offsetDateTime,
  offsetTime,
  period,
  sqlValue,
  year,
  yearMonth,
  zonedDateTime,
  zoneId,
  zoneOffset,
} from './java-values.ts';
import type { TypeCase } from './type-case.ts';

const MOMENT_TEXT = '1998-05-08T09:51:31.001Z';
const MOMENT = new Date(MOMENT_TEXT);
const MOMENT_RECEIVED = '1998-05-08T09:51:31.001000000Z';
const DATE = localDate(2024, 2, 29);
const TIME = localTime(13, 14, 15, 16_000_000);
const DATE_TIME = localDateTime(DATE, TIME);

export const TIME_CASES: readonly TypeCase[] = [
  moment('Date', 'java.util.Date', MOMENT),
  { ...moment('Date', 'java.util.Date', MOMENT), label: 'milliseconds', json: '894621091001' },
  {
    ...moment('Date', 'java.util.Date', MOMENT),
    label: 'with offset',
    json: '"1998-05-08T17:51:31.001+08:00"',
  },
  moment('SqlDate', 'java.sql.Date', sqlValue('Date', MOMENT)),
  moment('SqlTime', 'java.sql.Time', sqlValue('Time', MOMENT)),
  { ...moment('Timestamp', 'java.sql.Timestamp', sqlValue('Timestamp', MOMENT)), field: 'TimeValues.timestamp' },
  {
    ...moment('Calendar', 'java.util.Calendar', calendar(MOMENT)),
    received: `java.util.GregorianCalendar ${MOMENT_RECEIVED}`,
    unanswerableOn: JAVA_PEERS,
  },
  time('LocalDate', '2024-02-29', DATE),
  time('LocalTime', '13:14:15.016', TIME),
  time('LocalDateTime', '2024-02-29T13:14:15.016', DATE_TIME),
  time('Instant', '2024-02-29T13:14:15.000000016Z', instant(1709212455, 16)),
  time('OffsetDateTime', '2024-02-29T13:14:15.016+02:00', offsetDateTime(DATE_TIME, zoneOffset(7200))),
  time('OffsetTime', '13:14:15.016-05:30', offsetTime(TIME, zoneOffset(-19_800))),
  {
    ...time(
      'ZonedDateTime',
      '2024-02-29T13:14:15.016+01:00[Europe/Berlin]',
      zonedDateTime(DATE_TIME, zoneOffset(3600), 'Europe/Berlin'),
    ),
    unanswerableOn: ['2.6.12'],
  },
  time('Duration', 'PT-1M-29.999999995S', duration(-90, 5)),
  time('Period', 'P1Y-2M3D', period(1, -2, 3)),
  { ...time('Year', '2024', year(2024)), json: '2024', answer: '2024' },
  time('YearMonth', '2024-02', yearMonth(2024, 2)),
  time('MonthDay', '--02-29', monthDay(2, 29)),
  {
    ...time('ZoneId', 'Europe/Berlin', zoneId('Europe/Berlin')),
    received: 'java.time.ZoneRegion Europe/Berlin',
    unanswerableOn: ['2.6.12'],
  },
  time('ZoneOffset', '+05:30', zoneOffset(19_800)),
];

/** A point in time: ISO text in UTC with milliseconds. */
function moment(name: string, javaType: string, wire: unknown): TypeCase {
  return {
    name,
    javaType,
    json: `"${MOMENT_TEXT}"`,
    wire,
    received: `${javaType} ${MOMENT_RECEIVED}`,
    answer: `"${MOMENT_TEXT}"`,
    field: fieldOf(name),
  };
}

/** A class of `java.time`: the text of its `toString`. */
function time(name: string, text: string, wire: unknown): TypeCase {
  const javaType = `java.time.${name}`;
  return {
    name,
    javaType,
    json: `"${text}"`,
    wire,
    received: `${javaType} ${text}`,
    answer: `"${text}"`,
    field: fieldOf(name),
  };
}

function fieldOf(name: string): string {
  return `TimeValues.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
