package com.acme.provider;

import com.acme.interop.InteropService;
import com.acme.interop.InteropServiceImpl;
import com.alibaba.dubbo.config.ApplicationConfig;
import com.alibaba.dubbo.config.ProtocolConfig;
import com.alibaba.dubbo.config.RegistryConfig;
import com.alibaba.dubbo.config.ServiceConfig;
import java.io.IOException;

/**
 * A provider for Dubbo 2.6. Dubbo reads its settings from its own system properties, such as `dubbo.protocol.port`.
 * Prints READY when the port is open, and ends on SIGTERM or when its standard input closes.
 */
public final class Main {
    private static final ApplicationConfig APPLICATION = new ApplicationConfig("interop");
    private static final RegistryConfig REGISTRY = new RegistryConfig();
    private static final ProtocolConfig PROTOCOL = new ProtocolConfig("dubbo");

    private Main() {
    }

    public static void main(String[] arguments) throws IOException {
        APPLICATION.setQosEnable(false);
        export("1.0.0", "g1", null);
        export(null, null, null);
        export(null, "guarded", System.getProperty("interop.token", "secret-token"));
        System.out.println("READY");
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }

    private static void export(String version, String group, String token) {
        ServiceConfig<InteropService> service = new ServiceConfig<>();
        service.setApplication(APPLICATION);
        service.setRegistry(REGISTRY);
        service.setProtocol(PROTOCOL);
        service.setInterface(InteropService.class);
        service.setRef(new InteropServiceImpl(new RpcCallContext(), group + ":" + version));
        service.setVersion(version);
        service.setGroup(group);
        service.setToken(token);
        service.export();
    }
}
