/**
 * Puts text keys into the order in which a `java.util.HashMap` would walk over them after they were put in the given
 * order: by bucket, then by time of insertion.
 */
export function inHashMapOrder<Value>(entries: readonly [string, Value][]): [string, Value][] {
  let buckets = 16;
  while (entries.length > buckets * 0.75) buckets *= 2;
  const bucketOf = (key: string): number => {
    const hash = javaHashCode(key);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return entries
    .map((entry) => ({ entry, bucket: bucketOf(entry[0]) }))
    .sort((left, right) => left.bucket - right.bucket)
    .map(({ entry }) => entry);
}

/** `String.hashCode()`. */
function javaHashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}
