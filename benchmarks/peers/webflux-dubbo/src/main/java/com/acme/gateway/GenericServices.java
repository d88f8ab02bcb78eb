package com.acme.gateway;

import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.rpc.service.GenericService;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Generic references to the services behind the routes, at one fixed address without a registry. */
@Configuration(proxyBeanMethods = false)
class GenericServices {
    /** Long enough for the first calls of a JVM under full load; it costs nothing else. */
    private static final int TIMEOUT_MS = 5000;

    /** 127.0.0.1 as a number: Dubbo replaces every loopback address it recognises by the machine's outer one. */
    private static final String LOOPBACK = "2130706433";

    @Bean(destroyMethod = "stop")
    DubboBootstrap dubbo() {
        ApplicationConfig application = new ApplicationConfig("webflux-dubbo");
        application.setQosEnable(false);
        return DubboBootstrap.getInstance().application(application).start();
    }

    @Bean
    GenericService users(DubboBootstrap dubbo, @Value("${gateway.provider}") String provider) {
        return reference(dubbo, provider, "com.acme.user.UserService", "1.0.0", "core");
    }

    @Bean
    GenericService catalog(DubboBootstrap dubbo, @Value("${gateway.provider}") String provider) {
        return reference(dubbo, provider, "com.acme.catalog.CatalogService", null, null);
    }

    private static GenericService reference(
            DubboBootstrap dubbo, String provider, String service, String version, String group) {
        ReferenceConfig<GenericService> reference = new ReferenceConfig<>();
        reference.setInterface(service);
        reference.setVersion(version);
        reference.setGroup(group);
        reference.setGeneric("true");
        reference.setUrl("dubbo://" + provider.replaceFirst("^127\\.0\\.0\\.1:", LOOPBACK + ":"));
        reference.setTimeout(TIMEOUT_MS);
        reference.setRetries(0);
        reference.setCheck(false);
        dubbo.reference(reference);
        return reference.get();
    }
}
