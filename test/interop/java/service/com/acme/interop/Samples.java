package com.acme.interop;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
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
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The fixed objects that {@link Results} answers with. */
final class Samples {
    /** 1998-05-08T09:51:31.001Z. */
    static final long MOMENT_MS = 894621091001L;
    static final UUID ID = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");

    private Samples() {
    }

    static User user(long id) {
        User user = new User();
        user.setId(id);
        user.setCreatedAt(new Date(MOMENT_MS));
        user.setName("Zo\u00eb \u4e2d\ud83d\ude00");
        user.setAge(42);
        user.setVip(true);
        user.setBalance(new BigDecimal("12345678901234567890.10"));
        user.setPoints(9007199254740993L);
        user.setBirthday(new Date(0));
        user.setAvatar(new byte[] {0, 1, (byte) 0xff});
        user.setLevel(Level.HIGH);
        user.setAddress(address());
        user.setTags(Arrays.asList("a", "b"));
        Map<String, Integer> scores = new LinkedHashMap<>();
        scores.put("z", 1);
        scores.put("a", 2);
        user.setScores(scores);
        user.nickname = "zo";
        return user;
    }

    static Address address() {
        Address address = new Address();
        address.setStreet("Main Street");
        address.setCity("Springfield");
        address.setHouseNumber(7);
        return address;
    }

    static Order order() {
        Order order = new Order();
        order.setNumber("A-1");
        Order.Line line = new Order.Line();
        line.setArticle("pen");
        line.setQuantity(3);
        order.setLines(Collections.singletonList(line));
        order.setNote(order.new Note("with care"));
        return order;
    }

    /**
     * Without a calendar, a zone and a time with a zone: on newer JDKs Dubbo cannot take them apart for a generic result,
     * and the call would fail as a whole.
     */
    static TimeValues timeValues() {
        TimeValues values = new TimeValues();
        values.setDate(new Date(MOMENT_MS));
        values.setSqlDate(new java.sql.Date(MOMENT_MS));
        values.setSqlTime(new java.sql.Time(MOMENT_MS));
        values.setTimestamp(new Timestamp(MOMENT_MS));
        values.setLocalDate(LocalDate.of(2024, 2, 29));
        values.setLocalTime(LocalTime.of(13, 14, 15, 16));
        values.setLocalDateTime(LocalDateTime.of(2024, 2, 29, 13, 14, 15, 16000000));
        values.setInstant(Instant.ofEpochSecond(1709212455L, 16));
        values.setOffsetDateTime(OffsetDateTime.of(values.getLocalDateTime(), ZoneOffset.ofHours(2)));
        values.setOffsetTime(OffsetTime.of(values.getLocalTime(), ZoneOffset.ofHours(2)));
        values.setDuration(Duration.ofSeconds(-90, 5));
        values.setPeriod(Period.of(1, -2, 3));
        values.setYear(Year.of(2024));
        values.setYearMonth(YearMonth.of(2024, 2));
        values.setMonthDay(MonthDay.of(2, 29));
        values.setZoneOffset(ZoneOffset.ofHoursMinutes(5, 30));
        return values;
    }

    static Calendar calendar() {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
        calendar.setTimeInMillis(MOMENT_MS);
        return calendar;
    }

    /** Without a URL: to take one apart for a generic result, Dubbo would call its getter `getContent`, which connects. */
    static JdkValues jdkValues() {
        JdkValues values = new JdkValues();
        values.setUuid(ID);
        values.setLocale(new Locale("de", "CH"));
        values.setCurrency(Currency.getInstance("CHF"));
        values.setUri(URI.create("https://example.org/a?b=c"));
        values.setAtomicInteger(new AtomicInteger(5));
        values.setAtomicLong(new AtomicLong(9007199254740993L));
        values.setAtomicBoolean(new AtomicBoolean(true));
        values.setBigDecimal(new BigDecimal("1E+3"));
        values.setBigInteger(new BigInteger("-12345678901234567890"));
        values.setType(String.class);
        values.setBitSet(BitSet.valueOf(new long[] {5}));
        values.setLevel(Level.MIDDLE);
        values.setShape(Shape.SQUARE);
        values.setBytes(new byte[] {(byte) 0xfb, (byte) 0xff});
        values.setChars("chars".toCharArray());
        values.setUuids(Collections.singletonList(ID));
        values.setUuidById(Collections.singletonMap(1, ID));
        values.setLevels(EnumSet.of(Level.LOW, Level.HIGH));
        return values;
    }

    static Primitives primitives() {
        Primitives values = new Primitives();
        values.setFlag(true);
        values.setTiny((byte) -3);
        values.setSmall((short) 300);
        values.setMedium(70000);
        values.setLarge(9007199254740993L);
        values.setSingle(1.1f);
        values.setTwice(0.1);
        values.setLetter('x');
        values.setBoxedFlag(false);
        values.setBoxedTiny((byte) 4);
        values.setBoxedSmall((short) -300);
        values.setBoxedMedium(-70000);
        values.setBoxedLarge(-9007199254740993L);
        values.setBoxedSingle(99.8f);
        values.setBoxedTwice(1e300);
        values.setBoxedLetter('\u4e2d');
        values.setInts(new int[] {1, -2});
        values.setLongs(new long[] {9007199254740993L});
        values.setFloats(new float[] {1.1f});
        values.setDoubles(new double[] {0.1, -0.0});
        return values;
    }

    static Primitives primitiveLimits() {
        Primitives values = new Primitives();
        values.setTiny(Byte.MIN_VALUE);
        values.setSmall(Short.MIN_VALUE);
        values.setMedium(Integer.MIN_VALUE);
        values.setLarge(Long.MIN_VALUE);
        values.setSingle(Float.MAX_VALUE);
        values.setTwice(Double.MIN_VALUE);
        values.setLetter('\uffff');
        values.setBoxedTiny(Byte.MAX_VALUE);
        values.setBoxedSmall(Short.MAX_VALUE);
        values.setBoxedMedium(Integer.MAX_VALUE);
        values.setBoxedLarge(Long.MAX_VALUE);
        values.setBoxedSingle(Float.NaN);
        values.setBoxedTwice(Double.NEGATIVE_INFINITY);
        values.setBoxedLetter('\u0000');
        return values;
    }
}

