import { basketJson } from '../macro/basket.ts';

/** A request's JSON, of a kind that costs in its own way. */
export interface RequestBody {
  readonly name: string;
  readonly summary: string;
  readonly json: string;
}

const LEVELS = 30;

export function requestBodies(): RequestBody[] {
  const small = { sku: 'SKU-1003', name: '烏龍茶', stock: 21, price: 9.95, active: true, note: null };
  return [
    { name: 'small', summary: 'one object of 6 fields', json: JSON.stringify(small) },
    { name: '2k', summary: 'a basket of 17 lines', json: basketJson() },
    { name: 'deep', summary: `a tree of ${LEVELS} levels`, json: JSON.stringify(tree(LEVELS)) },
    { name: 'text', summary: 'a review in English, Chinese and emoji', json: JSON.stringify(review()) },
  ];
}

interface Category {
  readonly id: number;
  readonly name: string;
  readonly visible: boolean;
  readonly children: readonly Category[];
}

function tree(levels: number): Category {
  const leaf: Category = { id: levels + 100, name: `Leaf ${levels}`, visible: true, children: [] };
  const children = levels === 1 ? [] : [tree(levels - 1), leaf];
  return { id: levels, name: `Category ${levels}`, visible: levels % 5 !== 0, children };
}

function review() {
  const text =
    'Bought it for the office: "strong", not bitter.\n' +
    '包裝很好，茶葉新鮮，泡出來的茶湯清澈，香氣持久，值得再買。\n' +
    'お茶の香りがとても良いです。また買います。 🍵🍵🍵🍵🍵 👍🏽\n';
  return { sku: 'SKU-1003', stars: 5, title: '好茶 🍵', text: text.repeat(8), tags: ['茶', 'tea', '🍵'] };
}
