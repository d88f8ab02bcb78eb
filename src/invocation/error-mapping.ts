/** What a route answers for an exception class. */
export interface MappedError {
  readonly status: number;
  readonly code: string | undefined;
}

/**
 * A route's `errors`: exact class names first, then the longest package (`com.acme.*`), then `*`.
 * Compiled once a route; a look-up costs one map access for exact names.
 */
export class ErrorMapping {
  readonly #exact = new Map<string, MappedError>();
  readonly #packages: (readonly [prefix: string, mapped: MappedError])[] = [];

  constructor(entries: Readonly<Record<string, { readonly status: number; readonly code?: string | undefined }>>) {
    for (const [name, { status, code }] of Object.entries(entries)) {
      const mapped = { status, code };
      if (name.endsWith('*')) this.#packages.push([name.slice(0, -1), mapped]);
      else this.#exact.set(name, mapped);
    }
    this.#packages.sort(([a], [b]) => b.length - a.length);
  }

  find(className: string): MappedError | undefined {
    return this.#exact.get(className) ?? this.#packages.find(([prefix]) => className.startsWith(prefix))?.[1];
  }
}
