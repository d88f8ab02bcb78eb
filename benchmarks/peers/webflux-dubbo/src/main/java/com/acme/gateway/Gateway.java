package com.acme.gateway;

import java.io.IOException;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The gateway that is written in an afternoon with Spring WebFlux and Apache Dubbo: the same routes and the same generic
 * calls as benchmarks/macro/gateway.yaml, and no thread waits for an answer. Whatever Dubbo decodes is the answer:
 * `class` keys stay.
 */
@SpringBootApplication
public class Gateway {
    public static void main(String[] arguments) {
        SpringApplication.run(Gateway.class, arguments);
        if (List.of(arguments).contains("--end-with-input")) endWithInput();
    }

    /** The benchmark holds the other end of standard input: when it is gone, whatever ended it, so is this process. */
    private static void endWithInput() {
        Thread reader = new Thread(() -> {
            try {
                while (System.in.read() >= 0) continue;
            } catch (IOException gone) {
                // The pipe broke: as good as closed.
            }
            Runtime.getRuntime().halt(1);
        }, "end-with-input");
        reader.setDaemon(true);
        reader.start();
    }
}
