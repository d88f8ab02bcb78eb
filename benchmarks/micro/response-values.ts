import {
  arrayList,
  double,
  int,
  type JavaObject,
  type JavaValue,
  long,
  object,
  typedList,
} from '../../mock-providers/java-value.ts';
import { product, productList } from '../macro/catalog-service.ts';

/** A result of a call, of a kind that costs in its own way. */
export interface ResponseValue {
  readonly name: string;
  readonly summary: string;
  readonly value: JavaValue;
}

const NUMBERS = 100;
const LEVELS = 30;
const ORDERS = 50;

export function responseValues(): ResponseValue[] {
  return [
    { name: 'small', summary: 'one flat object of 8 fields', value: product(3) },
    { name: 'list50', summary: '50 flat objects', value: productList(50) },
    { name: 'deep', summary: `a tree of ${LEVELS} levels`, value: tree(LEVELS) },
    { name: 'numbers', summary: `${NUMBERS} ints, longs and doubles each`, value: numbers() },
    { name: 'text', summary: 'an article in English, Chinese, Japanese and emoji', value: article() },
    { name: 'shared', summary: `${ORDERS} orders of one customer`, value: sharedOrders() },
  ];
}

/** A category with a leaf beside the next level, down to the last. */
function tree(levels: number): JavaObject {
  const children = levels === 1 ? [] : [tree(levels - 1), category(levels + 100, [])];
  return category(levels, children);
}

function category(id: number, children: JavaValue[]): JavaObject {
  return object('com.acme.catalog.Category', [
    ['id', int(id)],
    ['name', `Category ${id}`],
    ['visible', id % 5 !== 0],
    ['children', arrayList(children)],
  ]);
}

/** Numbers of every width. Longs stay below 2^53, above which hessian.js makes text of them. */
function numbers(): JavaObject {
  const times = <T>(make: (index: number) => T): T[] => Array.from({ length: NUMBERS }, (_, index) => make(index));
  return object('com.acme.stock.Series', [
    [
      'counts',
      typedList(
        '[int',
        times((index) => int(((index * 7919) % 2 ** (2 + (index % 29))) - index)),
      ),
    ],
    [
      'volumes',
      typedList(
        '[long',
        times((index) => long((index * 104_729) ** (1 + (index % 3)) % 2 ** 53)),
      ),
    ],
    [
      'closes',
      typedList(
        '[double',
        times((index) => double(index % 4 === 0 ? index / 4 : (index * Math.PI) / 3)),
      ),
    ],
  ]);
}

const PARAGRAPHS = [
  'Green tea is made of leaves that were not withered. It came to "Europe" with Dutch traders in the 17th century.',
  '綠茶是未經發酵製成的茶，保留了鮮葉的天然物質，含有茶多酚、兒茶素、葉綠素、咖啡鹼、氨基酸、維生素等營養成分。',
  '緑茶は、チャノキの葉から作った茶のうち、摘み取った茶葉を加熱処理して発酵を妨げたものをいう。もしくはそれに湯を注いだ飲料。',
  'Rated 🍵🍵🍵🍵 by 👩‍🍳 and 🧑🏽‍🌾, shipped ✈️ to 🇯🇵 🇹🇼 🇩🇪; smells of 🌱, tastes of 🌊.\n\tBrew at 70 °C – not at 100 °C.',
];

function article(): JavaObject {
  return object('com.acme.news.Article', [
    ['title', '茶 – a history 🍵'],
    ['text', Array.from({ length: 24 }, (_, index) => PARAGRAPHS[index % PARAGRAPHS.length]!).join('\n')],
    ['tags', arrayList(['茶', 'tea', '🍵', 'お茶'])],
  ]);
}

/** Each order refers to the same customer, and that one to the same address twice. */
function sharedOrders(): JavaValue {
  const address = object('com.acme.user.Address', [
    ['street', 'Hauptstraße 17'],
    ['city', 'Bern'],
    ['country', 'CH'],
  ]);
  const customer = object('com.acme.user.Customer', [
    ['id', long(42)],
    ['name', 'Ada King'],
    ['home', address],
    ['billing', address],
  ]);
  const order = (index: number): JavaObject =>
    object('com.acme.order.Order', [
      ['id', long(9_000_000_000 + index)],
      ['customer', customer],
      ['shipTo', address],
      ['items', int(index)],
    ]);
  return arrayList(Array.from({ length: ORDERS }, (_, index) => order(index)));
}
