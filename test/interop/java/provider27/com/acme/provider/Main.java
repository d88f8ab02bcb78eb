package com.acme.provider;

import com.acme.interop.InteropService;
import com.acme.interop.InteropServiceImpl;
import java.io.IOException;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;

/**
 * A provider for Dubbo 2.7 and 3.x. Dubbo reads its settings from its own system properties, such as
 * `dubbo.protocol.port`. Prints READY when the port is open, and ends on SIGTERM or when its standard input closes.
 */
public final class Main {
    private Main() {
    }

    public static void main(String[] arguments) throws IOException {
        ApplicationConfig application = new ApplicationConfig("interop");
        application.setQosEnable(false);
        DubboBootstrap.getInstance()
                .application(application)
                .registry(new RegistryConfig())
                .protocol(new ProtocolConfig("dubbo"))
                .service(service("versioned", "1.0.0", "g1", null))
                .service(service("plain", null, null, null))
                .service(service("guarded", null, "guarded", System.getProperty("interop.token", "secret-token")))
                .start();
        System.out.println("READY");
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }

    /** The id must be set: without it 2.7 exports only the first of several services of one interface. */
    private static ServiceConfig<InteropService> service(String id, String version, String group, String token) {
        ServiceConfig<InteropService> service = new ServiceConfig<>();
        service.setId(id);
        service.setInterface(InteropService.class);
        service.setRef(new InteropServiceImpl(new RpcCallContext(), group + ":" + version));
        service.setVersion(version);
        service.setGroup(group);
        service.setToken(token);
        return service;
    }
}
