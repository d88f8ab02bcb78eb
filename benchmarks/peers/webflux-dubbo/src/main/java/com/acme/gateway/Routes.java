package com.acme.gateway;

import java.util.Map;
import org.apache.dubbo.rpc.service.GenericService;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The routes of the benchmark. Jackson writes the maps and lists that a generic call answers with. */
@RestController
class Routes {
    private static final String[] LONG = {"long"};
    private static final String[] INT = {"int"};
    private static final String[] BASKET = {"com.acme.catalog.Basket"};

    private final GenericService users;
    private final GenericService catalog;

    Routes(GenericService users, GenericService catalog) {
        this.users = users;
        this.catalog = catalog;
    }

    @GetMapping("/users/{id}")
    Mono<Object> getUser(@PathVariable long id) {
        return call(users, "getUser", LONG, id);
    }

    @GetMapping("/products")
    Mono<Object> listProducts(@RequestParam int count) {
        return call(catalog, "listProducts", INT, count);
    }

    @PostMapping("/baskets")
    Mono<Object> priceBasket(@RequestBody Mono<Map<String, Object>> basket) {
        return basket.flatMap(body -> call(catalog, "priceBasket", BASKET, body));
    }

    private static Mono<Object> call(GenericService service, String method, String[] types, Object argument) {
        return Mono.fromFuture(() -> service.$invokeAsync(method, types, new Object[] {argument}));
    }
}
