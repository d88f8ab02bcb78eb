import { configPathBelow } from '../config/diagnostic.ts';
import { MASK, maskSecrets } from '../config/mask-secrets.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { parseValuePath } from '../config/value-path.ts';

/** How deep a configuration is looked at; deeper than any. */
const MAX_DEPTH = 100;
const MAX_PATHS = 20;

/**
 * A copy of a configuration with its secrets masked, and also what would stand at a path of a secret if its variable were
 * known.
 */
export function maskedCopy(config: GatewayConfig, secretPaths: readonly string[]): GatewayConfig {
  const masked = maskSecrets(config, secretPaths) as GatewayConfig;
  for (const path of secretPaths) maskAt(masked, parseValuePath(`.${path}`, 0));
  return masked;
}

/** Whether two values are the same as far as they are known: one that is masked equals any other. */
export function isEqualButMasked(one: unknown, other: unknown): boolean {
  if (one === other || one === MASK || other === MASK) return true;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => isEqualButMasked(item, other[index]));
  }
  if (!isMap(one) || !isMap(other)) return false;
  for (const key of Object.keys(one)) if (!isEqualButMasked(one[key], other[key])) return false;
  return Object.keys(other).every((key) => Object.hasOwn(one, key) || isEqualButMasked(undefined, other[key]));
}

/** Where masks stand in a configuration, the first 20: somebody has written down what was shown. */
export function pathsOfMasks(config: unknown): string[] {
  const found: string[] = [];
  collectMasks(config, '', 0, found);
  return found;
}

function collectMasks(value: unknown, path: string, depth: number, found: string[]): void {
  if (found.length === MAX_PATHS || depth > MAX_DEPTH) return;
  if (value === MASK) found.push(path);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collectMasks(item, configPathBelow(path, index), depth + 1, found);
  } else if (isMap(value)) {
    for (const key of Object.keys(value)) collectMasks(value[key], configPathBelow(path, key), depth + 1, found);
  }
}

function maskAt(config: unknown, path: readonly (string | number)[]): void {
  let parent = config;
  for (const step of path.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, step)) return;
    parent = (parent as Record<string | number, unknown>)[step];
  }
  const last = path.at(-1);
  if (last === undefined || typeof parent !== 'object' || parent === null) return;
  Object.defineProperty(parent, last, { value: MASK, enumerable: true, configurable: true, writable: true });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
