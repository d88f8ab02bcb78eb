import { setTimeout as delay } from 'node:timers/promises';
import { JavaException } from '../../mock-providers/java-exception.ts';
import { method, type ServiceDefinition } from '../../mock-providers/service.ts';

export const SOAK_INTERFACE = 'demo.soak.Shop';
export const SOAK_EXCEPTION = 'demo.soak.NotFoundException';

export function soakMethodName(index: number): string {
  return `method${index}`;
}

/**
 * A service with many methods, each of which does what its caller says: `ok`, `throw`, `sleep-MS` or `big-CHARACTERS`. So
 * the load decides which method is slow and when, and a provider that was killed and started again knows it too.
 */
export function soakService(methods: number): ServiceDefinition {
  return {
    name: SOAK_INTERFACE,
    version: '',
    group: '',
    classes: new Map(),
    methods: Array.from({ length: methods }, (_, index) =>
      method(soakMethodName(index), ['java.lang.String'], 'volatile', ([order]) => obey(String(order))),
    ),
  };
}

async function obey(order: string): Promise<string> {
  const [word, number] = order.split('-');
  if (word === 'throw') throw new JavaException(SOAK_EXCEPTION, 'there is no such thing');
  if (word === 'sleep') await delay(Number(number), undefined, { ref: false });
  return word === 'big' ? 'x'.repeat(Number(number)) : order;
}
