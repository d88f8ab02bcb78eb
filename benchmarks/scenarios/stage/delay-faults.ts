import type { FaultRule } from '../../../mock-providers/faults.ts';
import { METHODS, type MethodName } from './scenario-config.ts';

/** The rules that make the provider answer so much later. */
export function faultsOfDelays(delaysMs: Readonly<Partial<Record<MethodName, number>>>): FaultRule[] {
  return (Object.keys(delaysMs) as MethodName[]).map((name) => ({
    method: METHODS[name].rule,
    fault: { delayMs: delaysMs[name]! },
  }));
}
