import { formatConfigPath } from './diagnostic.ts';

const MASK = '***';

const SECRET_KEY = /token|password|secret/i;

/**
 * A copy of a configuration that can be shown: values that came from `${…}` (`LoadResult.secretPaths`) and values of
 * keys that name a secret are replaced by `***`. An empty text is none.
 */
export function maskSecrets(config: unknown, secretPaths: readonly string[]): unknown {
  const secrets = new Set(secretPaths);

  function mask(value: unknown, path: readonly (string | number)[]): unknown {
    if (Array.isArray(value)) return value.map((item, index) => mask(item, [...path, index]));
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, mask(item, [...path, key])]);
      return Object.fromEntries(entries);
    }
    const isNamed = SECRET_KEY.test(String(path.at(-1) ?? '')) && value !== undefined && value !== null && value !== '';
    return isNamed || secrets.has(formatConfigPath(path)) ? MASK : value;
  }

  return mask(config, []);
}
