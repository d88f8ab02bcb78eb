const CONCURRENT = 'java.util.concurrent';

/**
 * Collections and the class that is named on the wire where the provider does not see the type; undefined: an untyped
 * list, which becomes an ArrayList. Where it sees the type, it makes the collection of any list.
 *
 * SortedSet, Queue and other interfaces that an ArrayList and a HashSet do not have are among `UNSENDABLE_CLASSES`.
 */
export const COLLECTION_CLASSES: ReadonlyMap<string, string | undefined> = new Map([
  ...['java.lang.Iterable', ...names('java.util', 'Collection List SequencedCollection ArrayList')].map(untyped),
  ...names('java.util', 'AbstractCollection AbstractList').map(untyped),
  ...names('java.util', 'Set AbstractSet').map((name): [string, string] => [name, 'java.util.HashSet']),
  ...names('java.util', 'HashSet LinkedHashSet TreeSet LinkedList Vector Stack ArrayDeque PriorityQueue').map(itself),
  ...names(CONCURRENT, 'CopyOnWriteArrayList CopyOnWriteArraySet ConcurrentSkipListSet').map(itself),
  ...names(CONCURRENT, 'ConcurrentLinkedQueue ConcurrentLinkedDeque LinkedBlockingQueue LinkedBlockingDeque').map(
    itself,
  ),
]);

/** Maps and the class that is named on the wire; undefined: an untyped map, which becomes a HashMap. */
export const MAP_CLASSES: ReadonlyMap<string, string | undefined> = new Map([
  ...names('java.util', 'Map AbstractMap HashMap').map(untyped),
  ...names('java.util', 'SortedMap NavigableMap').map((name): [string, string] => [name, 'java.util.TreeMap']),
  ...names('java.util', 'LinkedHashMap TreeMap Hashtable WeakHashMap IdentityHashMap').map(itself),
  ...names(CONCURRENT, 'ConcurrentHashMap ConcurrentSkipListMap').map(itself),
  ['java.util.SequencedMap', 'java.util.LinkedHashMap'],
  [`${CONCURRENT}.ConcurrentMap`, `${CONCURRENT}.ConcurrentHashMap`],
  [`${CONCURRENT}.ConcurrentNavigableMap`, `${CONCURRENT}.ConcurrentSkipListMap`],
]);

/** Of these classes, the ones that compare their keys. */
export const SORTED_MAP_CLASSES: ReadonlySet<string> = new Set([
  'java.util.TreeMap',
  `${CONCURRENT}.ConcurrentSkipListMap`,
]);

function names(packageName: string, simpleNames: string): string[] {
  return simpleNames.split(' ').map((name) => `${packageName}.${name}`);
}

function untyped(name: string): [string, undefined] {
  return [name, undefined];
}

function itself(name: string): [string, string] {
  return [name, name];
}
