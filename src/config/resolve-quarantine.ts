import type { QuarantineConfig, QuarantineOverride } from './bulkhead-schema.ts';
import { DEFAULT_QUARANTINE } from './bulkhead-schema.ts';

/** The rules of quarantine as they hold for one method. */
export interface ResolvedQuarantine extends QuarantineConfig {
  /** False where quarantine is `off` for the method: its calls are counted, and only an operator moves it. */
  readonly enabled: boolean;
}

/**
 * The rules of quarantine of one method, from `bulkhead.quarantine`, from its service and from itself. The more exact
 * level wins key by key. `off` turns quarantine off for all that stands above it, and a map below it turns it on again,
 * over the global rules, or over the defaults where the global section itself is `off`. What is off has complete rules
 * all the same, since calls are counted by them.
 */
export function quarantineRules(
  global: QuarantineConfig | 'off',
  service: QuarantineOverride,
  method: QuarantineOverride,
): ResolvedQuarantine {
  const rules: Writable<ResolvedQuarantine> =
    global === 'off' ? { ...DEFAULT_QUARANTINE, enabled: false } : { ...global, enabled: true };
  overlay(rules, service);
  overlay(rules, method);
  return rules;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const KEYS = Object.keys(DEFAULT_QUARANTINE) as (keyof QuarantineConfig)[];

function overlay(rules: Writable<ResolvedQuarantine>, level: QuarantineOverride): void {
  if (level === undefined) return;
  rules.enabled = level !== 'off';
  if (level === 'off') return;
  for (const key of KEYS) rules[key] = level[key] ?? rules[key];
}
