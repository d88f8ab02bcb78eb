import { JavaException } from '../java-exception.ts';
import { arrayList, bigDecimal, hashMap, type JavaList, type JavaMap, type JavaValue } from '../java-value.ts';
import { method, type ServiceDefinition } from '../service.ts';

const PRICES: ReadonlyMap<string, string> = new Map([
  ['tea-1', '3.20'],
  ['cup-9', '12.00'],
  ['gold', '123456789012345678901234567890.123456789'],
  ['free', '0'],
  ['refund', '-1.50'],
]);

/** `com.acme.price.PriceService`, without version and group. */
export function priceService(): ServiceDefinition {
  return {
    name: 'com.acme.price.PriceService',
    version: '',
    group: '',
    classes: new Map(),
    methods: [
      method('getPrice', ['java.lang.String'], 'constant', ([sku]) => priceOf(sku)),
      method('quote', ['java.util.List'], 'constant', ([skus]) => {
        if (skus === null) throw new JavaException('java.lang.NullPointerException', null);
        return arrayList((skus as JavaList).items.map(priceOf));
      }),
    ],
  };
}

function priceOf(sku: JavaValue | undefined): JavaMap {
  const price = typeof sku === 'string' ? PRICES.get(sku) : undefined;
  if (price === undefined) {
    throw new JavaException(
      'com.acme.price.UnknownSkuException',
      `no price for ${typeof sku === 'string' ? sku : 'null'}`,
    );
  }
  return hashMap([
    ['sku', sku as string],
    ['price', bigDecimal(price)],
    ['currency', 'EUR'],
  ]);
}
