/** The body of POST cases: a basket of 2 KB, with non-ASCII text, whole numbers, fractions and booleans. */
export function basketJson(): string {
  const lines = Array.from({ length: 17 }, (_, index) => ({
    sku: `SKU-${1000 + index}`,
    text: index % 4 === 1 ? 'Geschenkpapier für Größe 3 – 包裝紙' : 'A cup with a saucer and a spoon, white',
    quantity: index + 1,
    price: index * 2 + 0.75,
    gift: index % 3 === 0,
  }));
  return JSON.stringify({ customerId: 9_007_199_254_740, comment: 'Leave it at the door, please.', lines });
}
