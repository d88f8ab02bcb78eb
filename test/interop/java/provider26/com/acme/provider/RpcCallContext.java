package com.acme.provider;

import com.acme.interop.CallContext;
import com.alibaba.dubbo.rpc.RpcContext;
import java.util.Map;

/** The call's context in Dubbo 2.6. */
public class RpcCallContext implements CallContext {
    @Override
    public Map<String, String> receivedAttachments() {
        return RpcContext.getContext().getAttachments();
    }

    @Override
    public void answerAttachment(String name, String value) {
        RpcContext.getServerContext().setAttachment(name, value);
    }
}
