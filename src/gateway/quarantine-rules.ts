import type { QuarantineRules } from '../bulkhead/method-rules.ts';
import { quarantineRules } from '../config/resolve-quarantine.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { keyOfMethod } from './method-keys.ts';

/** The rules of every configured method by its key. Where two entries of the file are the same method, the first says. */
export function quarantineRulesByMethod(config: GatewayConfig): ReadonlyMap<string, QuarantineRules> {
  const { bulkhead, services } = config;
  const global = bulkhead === 'off' ? 'off' : bulkhead.quarantine;
  const rules = new Map<string, QuarantineRules>();
  for (const service of Object.values(services)) {
    for (const [name, method] of Object.entries(service.methods)) {
      const key = keyOfMethod(service, name, method);
      if (!rules.has(key)) rules.set(key, quarantineRules(global, service.quarantine, method.quarantine));
    }
  }
  return rules;
}
