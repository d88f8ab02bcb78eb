/** The sums of counts, member by member. There is one at least, and all have the same members. */
export function sumCounts<Counts extends Readonly<Record<keyof Counts, number>>>(all: readonly Counts[]): Counts {
  const sums = { ...all[0]! };
  for (const member of Object.keys(sums) as (keyof Counts)[]) {
    let sum = 0;
    for (const counts of all) sum += counts[member];
    sums[member] = sum as Counts[keyof Counts];
  }
  return sums;
}
