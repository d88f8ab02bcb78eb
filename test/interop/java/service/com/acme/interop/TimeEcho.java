package com.acme.interop;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;

/**
 * Takes and returns dates and times, those of `java.util`, of `java.sql` and of `java.time`.
 * Every type has a method that gives the value back and one that says which value of which class arrived.
 */
public interface TimeEcho {
    default Date echoDate(Date value) {
        return value;
    }

    default String describeDate(Date value) {
        return Describe.value(value);
    }

    default java.sql.Date echoSqlDate(java.sql.Date value) {
        return value;
    }

    default String describeSqlDate(java.sql.Date value) {
        return Describe.value(value);
    }

    default java.sql.Time echoSqlTime(java.sql.Time value) {
        return value;
    }

    default String describeSqlTime(java.sql.Time value) {
        return Describe.value(value);
    }

    default Timestamp echoTimestamp(Timestamp value) {
        return value;
    }

    default String describeTimestamp(Timestamp value) {
        return Describe.value(value);
    }

    default Calendar echoCalendar(Calendar value) {
        return value;
    }

    default String describeCalendar(Calendar value) {
        return Describe.value(value);
    }

    default LocalDate echoLocalDate(LocalDate value) {
        return value;
    }

    default String describeLocalDate(LocalDate value) {
        return Describe.value(value);
    }

    default LocalTime echoLocalTime(LocalTime value) {
        return value;
    }

    default String describeLocalTime(LocalTime value) {
        return Describe.value(value);
    }

    default LocalDateTime echoLocalDateTime(LocalDateTime value) {
        return value;
    }

    default String describeLocalDateTime(LocalDateTime value) {
        return Describe.value(value);
    }

    default Instant echoInstant(Instant value) {
        return value;
    }

    default String describeInstant(Instant value) {
        return Describe.value(value);
    }

    default OffsetDateTime echoOffsetDateTime(OffsetDateTime value) {
        return value;
    }

    default String describeOffsetDateTime(OffsetDateTime value) {
        return Describe.value(value);
    }

    default OffsetTime echoOffsetTime(OffsetTime value) {
        return value;
    }

    default String describeOffsetTime(OffsetTime value) {
        return Describe.value(value);
    }

    default ZonedDateTime echoZonedDateTime(ZonedDateTime value) {
        return value;
    }

    default String describeZonedDateTime(ZonedDateTime value) {
        return Describe.value(value);
    }

    default Duration echoDuration(Duration value) {
        return value;
    }

    default String describeDuration(Duration value) {
        return Describe.value(value);
    }

    default Period echoPeriod(Period value) {
        return value;
    }

    default String describePeriod(Period value) {
        return Describe.value(value);
    }

    default Year echoYear(Year value) {
        return value;
    }

    default String describeYear(Year value) {
        return Describe.value(value);
    }

    default YearMonth echoYearMonth(YearMonth value) {
        return value;
    }

    default String describeYearMonth(YearMonth value) {
        return Describe.value(value);
    }

    default MonthDay echoMonthDay(MonthDay value) {
        return value;
    }

    default String describeMonthDay(MonthDay value) {
        return Describe.value(value);
    }

    default ZoneId echoZoneId(ZoneId value) {
        return value;
    }

    default String describeZoneId(ZoneId value) {
        return Describe.value(value);
    }

    default ZoneOffset echoZoneOffset(ZoneOffset value) {
        return value;
    }

    default String describeZoneOffset(ZoneOffset value) {
        return Describe.value(value);
    }
}
