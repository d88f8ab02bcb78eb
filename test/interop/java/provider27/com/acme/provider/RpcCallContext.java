package com.acme.provider;

import com.acme.interop.CallContext;
import java.util.Map;
import org.apache.dubbo.rpc.RpcContext;

/** The call's context in Dubbo 2.7 and 3.x. */
public class RpcCallContext implements CallContext {
    @Override
    @SuppressWarnings("deprecation")
    public Map<String, String> receivedAttachments() {
        return RpcContext.getContext().getAttachments();
    }

    @Override
    @SuppressWarnings("deprecation")
    public void answerAttachment(String name, String value) {
        RpcContext.getServerContext().setAttachment(name, value);
    }
}
