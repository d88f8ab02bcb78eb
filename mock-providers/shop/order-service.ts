import { JavaException } from '../java-exception.ts';
import { localDateTime } from '../java-time.ts';
import {
  arrayList,
  bigDecimal,
  date,
  enumConstant,
  int,
  type JavaList,
  type JavaObject,
  type JavaValue,
  long,
  memberOf,
  object,
} from '../java-value.ts';
import type { JavaClasses } from '../realize.ts';
import { method, type ServiceDefinition } from '../service.ts';

const ORDER = 'com.acme.order.Order';
const ITEM = 'com.acme.order.Item';
const STATUS = 'com.acme.order.Status';
const MAX_ORDERS = 100_000;
const PLACED_AT_MS = 1_717_200_000_123;

const ORDER_CLASSES: JavaClasses = new Map([
  [
    ORDER,
    {
      kind: 'bean',
      fields: [
        ['items', `java.util.List<${ITEM}>`],
        ['total', 'java.math.BigDecimal'],
        ['placedAt', 'java.util.Date'],
        ['deliverAfter', 'java.time.LocalDateTime'],
        ['status', STATUS],
        ['id', 'java.lang.String'],
        ['note', 'java.lang.String'],
        ['userId', 'long'],
      ],
    },
  ],
  [
    ITEM,
    {
      kind: 'bean',
      fields: [
        ['price', 'java.math.BigDecimal'],
        ['sku', 'java.lang.String'],
        ['quantity', 'int'],
      ],
    },
  ],
  [STATUS, { kind: 'enum', constants: ['NEW', 'PAID', 'SHIPPED', 'CANCELLED'] }],
]);

/** `com.acme.order.OrderService`, without version and group. Orders live in memory. */
export function orderService(): ServiceDefinition {
  const orders = new Map<string, JavaObject>();
  for (const order of [sampleOrder('A-1', 1n), sampleOrder('A-2', 1n), sampleOrder('B-1', 9_007_199_254_740_993n)]) {
    orders.set(memberOf(order, 'id') as string, order);
  }
  return {
    name: 'com.acme.order.OrderService',
    version: '',
    group: '',
    classes: ORDER_CLASSES,
    methods: [
      method('getOrder', ['java.lang.String'], 'reads', ([id]) => {
        const order = orders.get(id as string);
        if (order === undefined) throw new JavaException('com.acme.order.OrderNotFoundException', `no order ${id}`);
        return order;
      }),
      method('placeOrder', [ORDER], 'writes', ([order]) => place(orders, order as JavaObject | null)),
      method('listOrders', ['long'], 'reads', ([userId]) => {
        const wanted = (userId as { value: bigint }).value;
        const ofUser = [...orders.values()].filter(
          (order) => (memberOf(order, 'userId') as { value: bigint }).value === wanted,
        );
        return arrayList(ofUser);
      }),
    ],
  };
}

function place(orders: Map<string, JavaObject>, order: JavaObject | null): JavaObject {
  const items = order === null ? null : ((memberOf(order, 'items') ?? null) as JavaList | null);
  if (order === null || items === null || items.items.length === 0) {
    throw new JavaException('com.acme.order.EmptyOrderException', 'an order needs at least one item');
  }
  if (orders.size >= MAX_ORDERS) {
    throw new JavaException('java.lang.IllegalStateException', `the shop holds ${MAX_ORDERS} orders already`);
  }
  const id = memberOf(order, 'id') ?? `N-${orders.size + 1}`;
  const given = new Map<string, JavaValue>(order.fields);
  given.set('id', id);
  given.set('placedAt', given.get('placedAt') ?? date(PLACED_AT_MS));
  given.set('status', given.get('status') ?? enumConstant(STATUS, 'NEW'));
  const placed = object(ORDER, [...given]);
  orders.set(id as string, placed);
  return placed;
}

function sampleOrder(id: string, userId: bigint): JavaObject {
  const item = (sku: string, price: string, quantity: number): JavaObject =>
    object(ITEM, [
      ['price', bigDecimal(price)],
      ['sku', sku],
      ['quantity', int(quantity)],
    ]);
  return object(ORDER, [
    ['items', arrayList([item('tea-1', '3.20', 2), item('cup-9', '12.00', 1)])],
    ['total', bigDecimal('18.40')],
    ['placedAt', date(PLACED_AT_MS)],
    ['deliverAfter', localDateTime('2024-06-01T08:30:00')],
    ['status', enumConstant(STATUS, 'PAID')],
    ['id', id],
    ['note', null],
    ['userId', long(userId)],
  ]);
}
