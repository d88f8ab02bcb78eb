package com.acme.interop;

import java.util.Calendar;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Results that no argument can stand for: fixed values, shapes and sizes. */
public interface Results {
    User user();

    User emptyUser();

    User[] users();

    Page<User> userPage();

    Order order();

    Order.Note innerObject();

    TimeValues timeValues();

    JdkValues jdkValues();

    Primitives primitives();

    Primitives primitiveLimits();

    GetterOnly getterOnly();

    BrokenGetter brokenGetter();

    NotSerializable notSerializable();

    Throwable exceptionAsValue();

    Class<?> stringClass();

    Calendar calendar();

    Optional<String> fullOptional();

    Optional<String> emptyOptional();

    Iterator<String> iterator();

    LinkedHashMap<String, Integer> linkedHashMap();

    TreeMap<String, Integer> treeMap();

    LinkedHashSet<String> linkedHashSet();

    TreeSet<String> treeSet();

    List<Integer> immutableList();

    List<Object> mixedList();

    Map<Object, String> mapWithMixedKeys();

    Map<Address, String> mapWithObjectKeys();

    /** A key that a careless reader of JSON takes for the prototype of an object. */
    Map<String, String> mapWithPrototypeKeys();

    /** The same address three times: once by itself and twice in a list. */
    Object[] sharedReferences();

    /** A node whose next node is itself. */
    Node selfCycle();

    /** Two nodes, each the next of the other. */
    Node twoNodeCycle();

    /** A map that holds itself under `self`. */
    Map<String, Object> mapCycle();

    /** A chain of nodes. */
    Node deepChain(int depth);

    /** Lists within lists, the innermost empty. */
    List<Object> deepList(int depth);

    /** Lists of which each holds the next one twice: few bytes that stand for 2^depth values. */
    List<Object> doublingReferences(int depth);

    /** ASCII text of this many characters. */
    String bigString(int length);

    /** Text of characters of two, three and four bytes in UTF-8, of at least this many UTF-16 units. */
    String bigUnicodeString(int length);

    /** Text that ends in one half of a surrogate pair. */
    String loneSurrogate();

    List<User> bigList(int size);

    byte[] bigBytes(int length);

    Double notANumber();

    double[] oddDoubles();

    String nullString();

    User nullUser();

    void nothing();
}
