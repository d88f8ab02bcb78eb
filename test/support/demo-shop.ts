import type { TestContext } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { type MethodDefinition, method } from '../../mock-providers/service.ts';

/** A provider of `demo.Shop`. */
export interface DemoShop {
  readonly provider: MockProvider;
  /** Calls of `hold` that wait. */
  held(): number;
  /** Lets them be answered. */
  letGo(): void;
}

/**
 * Starts a provider of `demo.Shop` with the methods `quick`, which answers its name at once, and `hold`, which answers
 * `held` when it is let go. It ends with the test.
 *
 * @param methods further ones
 */
export async function startDemoShop(
  context: TestContext,
  methods: readonly MethodDefinition[] = [],
): Promise<DemoShop> {
  const waiting: (() => void)[] = [];
  const hold = () => new Promise<string>((resolve) => waiting.push(() => resolve('held')));
  const letGo = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const provider = await startMockProvider({
    services: [
      {
        name: 'demo.Shop',
        version: '',
        group: '',
        classes: new Map(),
        methods: [method('quick', [], 'volatile', () => 'quick'), method('hold', [], 'volatile', hold), ...methods],
      },
    ],
  });
  context.after(async () => {
    letGo();
    await provider.kill();
  });
  return { provider, held: () => waiting.length, letGo };
}
