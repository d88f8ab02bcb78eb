package com.acme.interop;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says in text which value of which class a method received: `java.lang.Long 5`,
 * `java.util.ArrayList [java.lang.Long 1, null]`, `com.acme.interop.Address {street=java.lang.String "a", ...}`.
 * The text does not depend on the time zone of the machine, and characters that are not ASCII are written as escapes.
 */
public final class Describe {
    private static final String OWN_PACKAGE = Describe.class.getPackage().getName() + ".";
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSX").withZone(ZoneOffset.UTC);

    private final Set<Object> onThePath = Collections.newSetFromMap(new IdentityHashMap<>());

    private Describe() {
    }

    public static String value(Object value) {
        return new Describe().describe(value);
    }

    private String describe(Object value) {
        if (value == null) {
            return "null";
        }
        if (!isContainer(value)) {
            return className(value) + " " + text(value);
        }
        if (!onThePath.add(value)) {
            return className(value) + " (again)";
        }
        try {
            return className(value) + " " + content(value);
        } finally {
            onThePath.remove(value);
        }
    }

    private static boolean isContainer(Object value) {
        return value instanceof Collection
                || value instanceof Map
                || value instanceof Optional
                || value.getClass().isArray() && !(value instanceof byte[])
                || value.getClass().getName().startsWith(OWN_PACKAGE) && !(value instanceof Enum);
    }

    private static String className(Object value) {
        if (value instanceof Enum) {
            return ((Enum<?>) value).getDeclaringClass().getName();
        }
        return value.getClass().getTypeName();
    }

    private String content(Object value) {
        if (value instanceof Collection) {
            return list((Collection<?>) value);
        }
        if (value instanceof Map) {
            return map((Map<?, ?>) value);
        }
        if (value instanceof Optional) {
            return list(((Optional<?>) value).map(Collections::singletonList).orElse(Collections.emptyList()));
        }
        if (value.getClass().isArray()) {
            List<Object> items = new ArrayList<>();
            for (int index = 0; index < Array.getLength(value); index++) {
                items.add(Array.get(value, index));
            }
            return list(items);
        }
        return fields(value);
    }

    /** The items in their order; those of a set without an order are sorted by their text. */
    private String list(Collection<?> items) {
        List<String> texts = items.stream().map(this::describe).collect(Collectors.toList());
        if (items.getClass() == java.util.HashSet.class) {
            Collections.sort(texts);
        }
        return "[" + String.join(", ", texts) + "]";
    }

    private String map(Map<?, ?> map) {
        List<String> texts = new ArrayList<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            texts.add(describe(entry.getKey()) + "=" + describe(entry.getValue()));
        }
        if (map.getClass() == java.util.HashMap.class) {
            Collections.sort(texts);
        }
        return "{" + String.join(", ", texts) + "}";
    }

    /** The fields that are not null, sorted by name, those of superclasses too. */
    private String fields(Object value) {
        Map<String, String> texts = new TreeMap<>();
        for (Class<?> type = value.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) {
                    continue;
                }
                Object content = read(field, value);
                if (content != null) {
                    texts.put(field.getName(), field.getName() + "=" + describe(content));
                }
            }
        }
        return "{" + String.join(", ", texts.values()) + "}";
    }

    private static Object read(Field field, Object owner) {
        try {
            field.setAccessible(true);
            return field.get(owner);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String text(Object value) {
        if (value instanceof CharSequence || value instanceof Character) {
            return quoted(value.toString());
        }
        if (value instanceof Enum) {
            return ((Enum<?>) value).name();
        }
        if (value instanceof Timestamp) {
            Timestamp timestamp = (Timestamp) value;
            return UTC.format(Instant.ofEpochSecond(Math.floorDiv(timestamp.getTime(), 1000L), timestamp.getNanos()));
        }
        if (value instanceof Date) {
            return UTC.format(Instant.ofEpochMilli(((Date) value).getTime()));
        }
        if (value instanceof Calendar) {
            return UTC.format(((Calendar) value).toInstant());
        }
        if (value instanceof BigDecimal) {
            return ((BigDecimal) value).unscaledValue() + "e" + -((BigDecimal) value).scale();
        }
        if (value instanceof byte[]) {
            return hex((byte[]) value);
        }
        if (value instanceof Class) {
            return ((Class<?>) value).getName();
        }
        return value.toString();
    }

    private static String quoted(String text) {
        StringBuilder result = new StringBuilder(text.length() + 2).append('"');
        for (char unit : text.toCharArray()) {
            if (unit == '"' || unit == '\\') {
                result.append('\\').append(unit);
            } else if (unit >= ' ' && unit <= '~') {
                result.append(unit);
            } else {
                result.append(String.format("\\u%04x", (int) unit));
            }
        }
        return result.append('"').toString();
    }

    private static String hex(byte[] bytes) {
        StringBuilder result = new StringBuilder(bytes.length * 2);
        for (byte octet : bytes) {
            result.append(String.format("%02x", octet & 0xff));
        }
        return result.toString();
    }
}
