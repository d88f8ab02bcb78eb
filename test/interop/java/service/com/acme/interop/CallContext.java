package com.acme.interop;

import java.util.Map;

/** What a service may know of its call; each Dubbo generation has its own class for it. */
public interface CallContext {
    /** The attachments that came with the request. */
    Map<String, String> receivedAttachments();

    /** Adds an attachment to the answer. */
    void answerAttachment(String name, String value);
}
