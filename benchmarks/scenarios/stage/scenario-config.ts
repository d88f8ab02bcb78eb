import type { GatewayConfigInput } from '../../../src/config/schema.ts';

/** A method that stories call: how the gateway, its operator and the provider name it. */
export interface ScenarioMethod {
  /** Of a GET request. */
  readonly path: string;
  /** Method key, as in the status. */
  readonly key: string;
  /** As in the fault rules of the mock provider. */
  readonly rule: string;
}

export type MethodName = 'orders' | 'prices' | 'users' | 'products';

export const METHODS: Readonly<Record<MethodName, ScenarioMethod>> = {
  orders: {
    path: '/orders/A-1',
    key: 'com.acme.order.OrderService#getOrder(java.lang.String)',
    rule: 'com.acme.order.OrderService#getOrder',
  },
  prices: {
    path: '/prices/tea-1',
    key: 'com.acme.price.PriceService#getPrice(java.lang.String)',
    rule: 'com.acme.price.PriceService#getPrice',
  },
  users: {
    path: '/users/42',
    key: 'com.acme.user.UserService:1.0.0:core#getUser(long)',
    rule: 'com.acme.user.UserService#getUser',
  },
  products: {
    path: '/products?count=50',
    key: 'com.acme.catalog.CatalogService#listProducts(int)',
    rule: 'com.acme.catalog.CatalogService#listProducts',
  },
};

/** What a story sets in the gateway's configuration; all else is at its default. */
export interface StorySections {
  readonly admission?: GatewayConfigInput['admission'];
  readonly bulkhead?: GatewayConfigInput['bulkhead'];
  /** Time in ms that calls have to be answered, default 1,000. */
  readonly timeoutMs?: number;
}

/** The gateway's configuration in a story: four methods of the shop, one route each. */
export function scenarioConfig(
  sections: StorySections,
  providerAddress: string,
  ports: { readonly http: number; readonly admin: number },
): GatewayConfigInput {
  const { admission, bulkhead, timeoutMs } = sections;
  const providers = [providerAddress];
  return {
    server: { http: { host: '127.0.0.1', port: ports.http }, admin: { host: '127.0.0.1', port: ports.admin } },
    ...(admission !== undefined && { admission }),
    ...(bulkhead !== undefined && { bulkhead }),
    ...(timeoutMs !== undefined && { defaults: { timeoutMs } }),
    services: {
      orders: {
        interface: 'com.acme.order.OrderService',
        providers,
        methods: { getOrder: { parameters: ['String'] } },
      },
      prices: {
        interface: 'com.acme.price.PriceService',
        providers,
        methods: { getPrice: { parameters: ['String'] } },
      },
      users: {
        interface: 'com.acme.user.UserService',
        version: '1.0.0',
        group: 'core',
        providers,
        methods: { getUser: { parameters: ['long'] } },
      },
      products: {
        interface: 'com.acme.catalog.CatalogService',
        providers,
        methods: { listProducts: { parameters: ['int'] } },
      },
    },
    routes: [
      route('orders', '/orders/:id', 'getOrder', 'path.id'),
      route('prices', '/prices/:sku', 'getPrice', 'path.sku'),
      route('users', '/users/:id', 'getUser', 'path.id'),
      route('products', '/products', 'listProducts', 'query.count'),
    ],
  };
}

/** A route by the name of its service. */
function route(id: string, path: string, method: string, argument: string) {
  return { id, match: { path }, call: { service: id, method, args: [argument] } };
}
