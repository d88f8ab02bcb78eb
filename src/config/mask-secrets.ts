import { configPathBelow } from './diagnostic.ts';

/** What stands for a value that is not shown. */
export const MASK = '***';

const SECRET_KEY = /token|password|secret/i;

/** Below a key that names a secret, as of an attachment, these hold it. */
const VALUE_KEYS: readonly string[] = ['value', 'default'];

/**
 * A copy of a configuration that can be shown: values that came from `${…}` (`LoadResult.secretPaths`) and values of
 * keys that name a secret are replaced by `***`. An empty text is none.
 */
export function maskSecrets(config: unknown, secretPaths: readonly string[]): unknown {
  return new Masking(secretPaths).mask(config, '', false);
}

class Masking {
  readonly #secrets: ReadonlySet<string>;
  /** The paths to all that has a secret in it. Paths are made only below these: a large configuration has many. */
  readonly #parents: ReadonlySet<string>;

  constructor(secretPaths: readonly string[]) {
    this.#secrets = new Set(secretPaths);
    this.#parents = new Set(secretPaths.flatMap(parentPaths));
  }

  /** @param path undefined where no secret path leads; `isNamed`: whether the key names a secret */
  mask(value: unknown, path: string | undefined, isNamed: boolean): unknown {
    const isSecret = path !== undefined && this.#secrets.has(path);
    const parent = path !== undefined && this.#parents.has(path) ? path : undefined;
    if (Array.isArray(value)) return value.map((item, index) => this.mask(item, pathBelow(parent, index), isNamed));
    if (typeof value === 'object' && value !== null) {
      const masked: Record<string, unknown> = {};
      for (const key of Object.keys(value)) {
        const isChildNamed = SECRET_KEY.test(key) || (isNamed && VALUE_KEYS.includes(key));
        const item = this.mask((value as Record<string, unknown>)[key], pathBelow(parent, key), isChildNamed);
        if (key === '__proto__') Object.defineProperty(masked, key, { value: item, enumerable: true });
        else masked[key] = item;
      }
      return masked;
    }
    const isShown = value === undefined || value === null || value === '';
    return isSecret || (isNamed && !isShown) ? MASK : value;
  }
}

function pathBelow(parent: string | undefined, step: string | number): string | undefined {
  return parent === undefined ? undefined : configPathBelow(parent, step);
}

/** All that a path begins with, up to a dot or bracket; one inside of a quoted key does no harm. */
function parentPaths(path: string): string[] {
  const parents = [''];
  for (let index = 1; index < path.length; index++) {
    if (path[index] === '.' || path[index] === '[') parents.push(path.slice(0, index));
  }
  return parents;
}
