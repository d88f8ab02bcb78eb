package com.acme.interop;

import com.acme.billing.CardDeclinedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/** The service itself; the echo methods are default methods of its interfaces. */
public class InteropServiceImpl implements InteropService {
    private static final AtomicInteger COUNTED_CALLS = new AtomicInteger();

    private final CallContext context;
    private final String exportedAs;

    public InteropServiceImpl(CallContext context, String exportedAs) {
        this.context = context;
        this.exportedAs = exportedAs;
    }

    // Results

    @Override
    public User user() {
        return Samples.user(9007199254740993L);
    }

    @Override
    public User emptyUser() {
        return new User();
    }

    @Override
    public User[] users() {
        return new User[] {Samples.user(1), null};
    }

    @Override
    public Page<User> userPage() {
        Page<User> page = new Page<>();
        page.setItems(Arrays.asList(Samples.user(1), Samples.user(2)));
        page.setFirst(page.getItems().get(0));
        page.setTotal(2);
        return page;
    }

    @Override
    public Order order() {
        return Samples.order();
    }

    @Override
    public Order.Note innerObject() {
        return Samples.order().getNote();
    }

    @Override
    public TimeValues timeValues() {
        return Samples.timeValues();
    }

    @Override
    public JdkValues jdkValues() {
        return Samples.jdkValues();
    }

    @Override
    public Primitives primitives() {
        return Samples.primitives();
    }

    @Override
    public Primitives primitiveLimits() {
        return Samples.primitiveLimits();
    }

    @Override
    public GetterOnly getterOnly() {
        return new GetterOnly();
    }

    @Override
    public BrokenGetter brokenGetter() {
        return new BrokenGetter();
    }

    @Override
    public NotSerializable notSerializable() {
        return new NotSerializable("text");
    }

    @Override
    public Throwable exceptionAsValue() {
        return new OutOfStockException(3, "a value, not thrown");
    }

    @Override
    public Class<?> stringClass() {
        return String.class;
    }

    @Override
    public Calendar calendar() {
        return Samples.calendar();
    }

    @Override
    public Optional<String> fullOptional() {
        return Optional.of("x");
    }

    @Override
    public Optional<String> emptyOptional() {
        return Optional.empty();
    }

    @Override
    public Iterator<String> iterator() {
        return Arrays.asList("a", "b").iterator();
    }

    @Override
    public LinkedHashMap<String, Integer> linkedHashMap() {
        LinkedHashMap<String, Integer> map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put("a", 2);
        return map;
    }

    @Override
    public TreeMap<String, Integer> treeMap() {
        return new TreeMap<>(linkedHashMap());
    }

    @Override
    public LinkedHashSet<String> linkedHashSet() {
        return new LinkedHashSet<>(Arrays.asList("z", "a", "m"));
    }

    @Override
    public TreeSet<String> treeSet() {
        return new TreeSet<>(linkedHashSet());
    }

    @Override
    public List<Integer> immutableList() {
        return Collections.unmodifiableList(Arrays.asList(1, 2));
    }

    @Override
    public List<Object> mixedList() {
        return new ArrayList<>(Arrays.asList(1, 2L, 2.5, "text", true, null, Samples.address(), Level.LOW));
    }

    @Override
    public Map<Object, String> mapWithMixedKeys() {
        Map<Object, String> map = new HashMap<>();
        map.put(1, "int");
        map.put(2L, "long");
        map.put(true, "boolean");
        map.put(1.5, "double");
        map.put(null, "null");
        map.put(Level.LOW, "enum");
        return map;
    }

    @Override
    public Map<Address, String> mapWithObjectKeys() {
        return new HashMap<>(Collections.singletonMap(Samples.address(), "home"));
    }

    @Override
    public Map<String, String> mapWithPrototypeKeys() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("__proto__", "a");
        map.put("constructor", "b");
        map.put("toString", "c");
        return map;
    }

    @Override
    public Object[] sharedReferences() {
        Address address = Samples.address();
        return new Object[] {address, new ArrayList<>(Arrays.asList(address, address))};
    }

    @Override
    public Node selfCycle() {
        Node node = new Node();
        node.setName("self");
        node.setNext(node);
        return node;
    }

    @Override
    public Node twoNodeCycle() {
        Node first = new Node();
        Node second = new Node();
        first.setName("first");
        first.setNext(second);
        second.setName("second");
        second.setNext(first);
        return first;
    }

    @Override
    public Map<String, Object> mapCycle() {
        Map<String, Object> map = new HashMap<>();
        map.put("name", "map");
        map.put("self", map);
        return map;
    }

    @Override
    public Node deepChain(int depth) {
        Node first = null;
        for (int level = depth; level > 0; level--) {
            Node node = new Node();
            node.setName("n" + level);
            node.setNext(first);
            first = node;
        }
        return first;
    }

    @Override
    public List<Object> deepList(int depth) {
        List<Object> list = new ArrayList<>();
        for (int level = 1; level < depth; level++) {
            list = new ArrayList<>(Collections.<Object>singletonList(list));
        }
        return list;
    }

    @Override
    public List<Object> doublingReferences(int depth) {
        List<Object> list = new ArrayList<>(Collections.<Object>singletonList("leaf"));
        for (int level = 0; level < depth; level++) {
            list = new ArrayList<>(Arrays.<Object>asList(list, list));
        }
        return list;
    }

    @Override
    public String bigString(int length) {
        char[] text = new char[length];
        Arrays.fill(text, 'x');
        return new String(text);
    }

    @Override
    public String bigUnicodeString(int length) {
        StringBuilder text = new StringBuilder(length + 5);
        while (text.length() < length) {
            text.append("a\u00e9\u4e2d\ud83d\ude00");
        }
        return text.toString();
    }

    @Override
    public String loneSurrogate() {
        return "half \ud83d";
    }

    @Override
    public List<User> bigList(int size) {
        List<User> users = new ArrayList<>(size);
        for (int id = 0; id < size; id++) {
            users.add(Samples.user(id));
        }
        return users;
    }

    @Override
    public byte[] bigBytes(int length) {
        byte[] bytes = new byte[length];
        for (int index = 0; index < length; index++) {
            bytes[index] = (byte) index;
        }
        return bytes;
    }

    @Override
    public Double notANumber() {
        return Double.NaN;
    }

    @Override
    public double[] oddDoubles() {
        return new double[] {Double.POSITIVE_INFINITY, Double.NaN, -0.0, 1.001, 1e21, 5.0, 32768.0, Double.MIN_VALUE};
    }

    @Override
    public String nullString() {
        return null;
    }

    @Override
    public User nullUser() {
        return null;
    }

    @Override
    public void nothing() {
    }

    // Failures

    @Override
    public String rejectOrder(int code) throws OrderRejectedException {
        throw new OrderRejectedException(code, "order rejected");
    }

    @Override
    public String outOfStock(int code) {
        throw new OutOfStockException(code, "out of stock");
    }

    @Override
    public String failWithCauses() {
        IllegalArgumentException root = new IllegalArgumentException("the root");
        throw new IllegalStateException("the outcome", new OutOfStockException(5, "the middle").initCause(root));
    }

    @Override
    public String failNested() {
        throw new OutOfStockException.Shelf("shelf is empty");
    }

    @Override
    public String cardDeclined() {
        throw new CardDeclinedException("card declined");
    }

    @Override
    public String illegalArgument(String message) {
        throw new IllegalArgumentException(message);
    }

    @Override
    public String failWithoutMessage() {
        throw new OutOfStockException(0, null);
    }

    @Override
    public String failWithStackInMessage() {
        StringBuilder message = new StringBuilder("wrapped: java.lang.IllegalStateException: secret of host 10.1.2.3");
        for (StackTraceElement frame : new Throwable().getStackTrace()) {
            message.append("\n\tat ").append(frame);
        }
        throw new IllegalStateException(message.toString());
    }

    @Override
    public String failUndeclared() {
        throw InteropServiceImpl.<RuntimeException>unchecked(new OrderRejectedException(9, "not declared"));
    }

    @Override
    public String assertionError() {
        throw new AssertionError("an error, not an exception");
    }

    @Override
    public String stackOverflow() {
        return stackOverflow() + "never";
    }

    @Override
    public String failWithBigMessage(int length) {
        throw new IllegalStateException(bigString(length));
    }

    // Calls

    @Override
    public String noArguments() {
        return "no arguments";
    }

    @Override
    public int add(int left, int right) {
        return left + right;
    }

    @Override
    public long addBoxed(Long left, long right) {
        return left + right;
    }

    @Override
    public String overloaded(int value) {
        return "int " + value;
    }

    @Override
    public String overloaded(long value) {
        return "long " + value;
    }

    @Override
    public String overloaded(Long value) {
        return "Long " + value;
    }

    @Override
    public String overloaded(String value) {
        return "String " + value;
    }

    @Override
    public String overloaded(String first, String second) {
        return "String " + first + ", String " + second;
    }

    @Override
    public String overloaded(List<String> values) {
        return "List " + values;
    }

    @Override
    public String overloaded(User value) {
        return "User " + value.getName();
    }

    @Override
    public String describeMany(
            boolean flag,
            int count,
            long id,
            double ratio,
            String text,
            List<Long> numbers,
            Map<String, String> labels,
            User user) {
        return Describe.value(new Object[] {flag, count, id, ratio, text, numbers, labels, user});
    }

    @Override
    public Map<String, String> attachments() {
        return new TreeMap<>(context.receivedAttachments());
    }

    @Override
    public String answerWithAttachment(String name, String value) {
        context.answerAttachment(name, value);
        return "attached";
    }

    @Override
    public String exportedAs() {
        return exportedAs;
    }

    @Override
    public String sleep(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return "slept " + milliseconds;
    }

    @Override
    public int countCall() {
        return COUNTED_CALLS.incrementAndGet();
    }

    /** Lets a checked exception out of a method that does not declare it. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
