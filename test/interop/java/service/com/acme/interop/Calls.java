package com.acme.interop;

import java.util.List;
import java.util.Map;

/** What belongs to the call and not to a type: overloads, argument counts, attachments and time. */
public interface Calls {
    String noArguments();

    int add(int left, int right);

    long addBoxed(Long left, long right);

    String overloaded(int value);

    String overloaded(long value);

    String overloaded(Long value);

    String overloaded(String value);

    String overloaded(String first, String second);

    String overloaded(List<String> values);

    String overloaded(User value);

    String describeMany(
            boolean flag,
            int count,
            long id,
            double ratio,
            String text,
            List<Long> numbers,
            Map<String, String> labels,
            User user);

    /** The attachments of the request as text. */
    Map<String, String> attachments();

    /** Adds this attachment to the answer. */
    String answerWithAttachment(String name, String value);

    /** The group and version this service object was exported with. */
    String exportedAs();

    /** Answers after this many milliseconds. */
    String sleep(int milliseconds);

    /** How often this method was called since the provider started; for calls that must run once. */
    int countCall();
}
