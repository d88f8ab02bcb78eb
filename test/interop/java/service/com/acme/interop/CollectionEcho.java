package com.acme.interop;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes and returns lists, sets and maps.
 * Every type has a method that gives the value back and one that says which value of which class arrived.
 */
public interface CollectionEcho {
    default List<Long> echoLongList(List<Long> value) {
        return value;
    }

    default String describeLongList(List<Long> value) {
        return Describe.value(value);
    }

    default Set<String> echoStringSet(Set<String> value) {
        return value;
    }

    default String describeStringSet(Set<String> value) {
        return Describe.value(value);
    }

    default List<List<Long>> echoLongGrid(List<List<Long>> value) {
        return value;
    }

    default String describeLongGrid(List<List<Long>> value) {
        return Describe.value(value);
    }

    default List<Level> echoLevelList(List<Level> value) {
        return value;
    }

    default String describeLevelList(List<Level> value) {
        return Describe.value(value);
    }

    default List<Date> echoDateList(List<Date> value) {
        return value;
    }

    default String describeDateList(List<Date> value) {
        return Describe.value(value);
    }

    default List<UUID> echoUuidList(List<UUID> value) {
        return value;
    }

    default String describeUuidList(List<UUID> value) {
        return Describe.value(value);
    }

    default List<LocalDate> echoLocalDateList(List<LocalDate> value) {
        return value;
    }

    default String describeLocalDateList(List<LocalDate> value) {
        return Describe.value(value);
    }

    default List<User> echoUserList(List<User> value) {
        return value;
    }

    default String describeUserList(List<User> value) {
        return Describe.value(value);
    }

    default Collection<String> echoStringCollection(Collection<String> value) {
        return value;
    }

    default String describeStringCollection(Collection<String> value) {
        return Describe.value(value);
    }

    default LinkedList<String> echoLinkedList(LinkedList<String> value) {
        return value;
    }

    default String describeLinkedList(LinkedList<String> value) {
        return Describe.value(value);
    }

    default LinkedHashSet<String> echoLinkedHashSet(LinkedHashSet<String> value) {
        return value;
    }

    default String describeLinkedHashSet(LinkedHashSet<String> value) {
        return Describe.value(value);
    }

    default TreeSet<String> echoTreeSet(TreeSet<String> value) {
        return value;
    }

    default String describeTreeSet(TreeSet<String> value) {
        return Describe.value(value);
    }

    default Map<Integer, User> echoUserById(Map<Integer, User> value) {
        return value;
    }

    default String describeUserById(Map<Integer, User> value) {
        return Describe.value(value);
    }

    default Map<String, BigDecimal> echoDecimalByName(Map<String, BigDecimal> value) {
        return value;
    }

    default String describeDecimalByName(Map<String, BigDecimal> value) {
        return Describe.value(value);
    }

    default Map<Level, Long> echoLongByLevel(Map<Level, Long> value) {
        return value;
    }

    default String describeLongByLevel(Map<Level, Long> value) {
        return Describe.value(value);
    }

    default Map<Long, String> echoStringByLong(Map<Long, String> value) {
        return value;
    }

    default String describeStringByLong(Map<Long, String> value) {
        return Describe.value(value);
    }

    default Map<String, UUID> echoUuidByName(Map<String, UUID> value) {
        return value;
    }

    default String describeUuidByName(Map<String, UUID> value) {
        return Describe.value(value);
    }

    default LinkedHashMap<String, Integer> echoLinkedHashMap(LinkedHashMap<String, Integer> value) {
        return value;
    }

    default String describeLinkedHashMap(LinkedHashMap<String, Integer> value) {
        return Describe.value(value);
    }

    default TreeMap<String, Integer> echoTreeMap(TreeMap<String, Integer> value) {
        return value;
    }

    default String describeTreeMap(TreeMap<String, Integer> value) {
        return Describe.value(value);
    }

    default ConcurrentHashMap<String, Integer> echoConcurrentMap(ConcurrentHashMap<String, Integer> value) {
        return value;
    }

    default String describeConcurrentMap(ConcurrentHashMap<String, Integer> value) {
        return Describe.value(value);
    }
}
