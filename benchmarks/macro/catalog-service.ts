import {
  arrayList,
  date,
  double,
  hashMap,
  int,
  type JavaObject,
  type JavaValue,
  long,
  memberOf,
  object,
} from '../../mock-providers/java-value.ts';
import type { JavaClasses } from '../../mock-providers/realize.ts';
import { method, type ServiceDefinition } from '../../mock-providers/service.ts';

const PRODUCT = 'com.acme.catalog.Product';
const BASKET = 'com.acme.catalog.Basket';
const LINE = 'com.acme.catalog.Line';

const NAMES = ['Green tea', 'Café crème', 'Cup & saucer', '烏龍茶', 'Kettle "Classic"'];
const FIRST_CREATED_MS = 1_717_200_000_123;
const MAX_PRODUCTS = 10_000;

const CLASSES: JavaClasses = new Map([
  [
    BASKET,
    {
      kind: 'bean',
      fields: [
        ['lines', `java.util.List<${LINE}>`],
        ['customerId', 'long'],
        ['comment', 'java.lang.String'],
      ],
    },
  ],
  [
    LINE,
    {
      kind: 'bean',
      fields: [
        ['sku', 'java.lang.String'],
        ['text', 'java.lang.String'],
        ['quantity', 'int'],
        ['price', 'double'],
        ['gift', 'boolean'],
      ],
    },
  ],
]);

/**
 * `com.acme.catalog.CatalogService`: answers and arguments of a chosen size, of types that every client in the
 * comparison knows how to write as JSON. All its answers are constant, so the provider keeps them ready and costs
 * little beside what is measured.
 */
export function catalogService(): ServiceDefinition {
  return {
    name: 'com.acme.catalog.CatalogService',
    version: '',
    group: '',
    classes: CLASSES,
    methods: [
      method('listProducts', ['int'], 'constant', ([count]) => productList((count as { value: number }).value)),
      method('priceBasket', [BASKET], 'constant', ([basket]) => price(basket as JavaObject)),
    ],
  };
}

/** A list of products; 50 of them are 7 KB of JSON. */
export function productList(count: number): JavaValue {
  return arrayList(Array.from({ length: Math.min(count, MAX_PRODUCTS) }, (_, index) => product(index)));
}

/** A flat object with a value of each common kind. */
export function product(index: number): JavaObject {
  return object(PRODUCT, [
    ['id', long(9_000_000_000 + index)],
    ['sku', `SKU-${1000 + index}`],
    ['name', NAMES[index % NAMES.length]!],
    ['price', double(index * 3 + 0.95)],
    ['stock', int(index * 7)],
    ['active', index % 4 !== 3],
    ['created', date(FIRST_CREATED_MS + index * 60_000)],
    ['note', null],
  ]);
}

function price(basket: JavaObject): JavaValue {
  const { items } = memberOf(basket, 'lines') as { items: JavaObject[] };
  let total = 0;
  for (const line of items) {
    const quantity = memberOf(line, 'quantity') as { value: number };
    total += quantity.value * (memberOf(line, 'price') as { value: number }).value;
  }
  return hashMap([
    ['customerId', memberOf(basket, 'customerId') ?? null],
    ['lines', int(items.length)],
    ['total', double(Math.round(total * 100) / 100)],
  ]);
}
