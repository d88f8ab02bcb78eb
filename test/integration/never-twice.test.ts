import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { Fault, FaultRule } from '../../mock-providers/faults.ts';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { method } from '../../mock-providers/service.ts';
import { startGatewayUnderTest } from '../support/gateway-under-test.ts';

const RUNS = 40;
const PROVIDERS = 3;
const RETRIES = 2;
const METHODS = ['once', 'again', 'hedged'] as const;
const TIMEOUT_MS = 120;
/** Calls of each method in one run. */
const CALLS = 12;

/** How often each call ran at any provider, by its id. */
const ran = new Map<string, number>();

const small = fc.integer({ min: 1, max: 60 });
const DROPS = ['before', 'after', 'mid-frame'] as const;

/** Everything that the mock provider can do wrong, lost connections and providers without a thread more often. */
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...DROPS).map((dropConnection): Fault => ({ dropConnection })) },
  { weight: 3, arbitrary: fc.constant<Fault>({ status: { code: 100, text: 'Thread pool is EXHAUSTED' } }) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 255 }).map((code): Fault => ({ status: { code, text: 'wrong' } })),
  },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 200 }).map((delayMs): Fault => ({ delayMs })) },
  fc.constantFrom<Fault>(
    { stall: true },
    { wrongId: true },
    { duplicate: true },
    { truncated: true },
    { id23: true },
    { readonly: true },
    { closeAfterAnswer: true },
    { hugeLength: 'max' },
    { hugeLength: 'negative' },
    { exception: { class: 'com.acme.E', message: 'wrong' } },
    { nestedLists: 1_000 },
    { bodyHex: '9391' },
    { slowWrite: { chunkBytes: 3, everyMs: 5 } },
    { delayMs: 30, dropConnection: 'after' },
    { readonly: true, dropConnection: 'after' },
  ),
  small.map((bytes): Fault => ({ garbage: bytes })),
  small.map((bytes): Fault => ({ corruptBody: bytes })),
  small.map((bytes): Fault => ({ trailingBytes: bytes })),
  small.map((ms): Fault => ({ answerTwiceLate: ms })),
);

const rule: fc.Arbitrary<FaultRule> = fc.oneof(
  fc.record({ method: fc.constant('*'), fault, times: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ method: fc.constant('*'), fault, probability: fc.double({ min: 0.1, max: 0.7, noNaN: true }) }),
);

const script = fc.record({
  rules: fc.array(fc.array(rule, { maxLength: 4 }), { minLength: PROVIDERS, maxLength: PROVIDERS }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  balancer: fc.constantFrom('round-robin' as const, 'p2c' as const),
  /** A provider that stops reading for a while, or loses all its connections, in the middle of the calls. */
  shock: fc.option(fc.record({ provider: fc.nat(PROVIDERS - 1), kind: fc.constantFrom('pause', 'cut', 'readonly') })),
});

type Script = typeof script extends fc.Arbitrary<infer T> ? T : never;

it('no call runs twice unless it may, and none more often than its retries and its hedge, whatever providers do', async (context) => {
  const providers = await startProviders(context);
  const seen = { sent: 0, succeeded: 0, failed: 0, twice: 0, hedged: 0 };
  let run = 0;
  await fc.assert(
    fc.asyncProperty(script, async (faults) => {
      run++;
      const ids = await runScript(`${run}`, faults, providers, seen);
      assertRuns(ids);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  // What a slow provider ran after its run had ended counts as well.
  assertRuns([...ran.keys()]);
  const twice = [...ran].filter(([, times]) => times > 1);
  seen.twice = twice.length;
  seen.hedged = twice.filter(([id]) => id.startsWith('hedged')).length;
  assert.ok(seen.succeeded > 200 && seen.failed > 50 && seen.twice > 10 && seen.hedged > 5, JSON.stringify(seen));
});

function assertRuns(ids: readonly string[]): void {
  for (const id of ids) {
    const times = ran.get(id) ?? 0;
    const most = id.startsWith('once') ? 1 : id.startsWith('again') ? 1 + RETRIES : 2 + RETRIES;
    assert.ok(times <= most, `${id} ran ${times} times`);
  }
}

async function runScript(
  name: string,
  { rules, seed, balancer, shock }: Script,
  providers: readonly MockProvider[],
  seen: { sent: number; succeeded: number; failed: number },
): Promise<string[]> {
  for (const [index, provider] of providers.entries()) provider.setFaults(rules[index]!, seed + index);
  const gateway = await startGatewayUnderTest({
    defaults: { timeoutMs: TIMEOUT_MS, retries: RETRIES, balancer },
    services: {
      ledger: {
        interface: 'demo.Ledger',
        providers: providers.map(({ address }) => address),
        methods: {
          once: { parameters: ['java.lang.String'] },
          again: { parameters: ['java.lang.String'], idempotent: true },
          hedged: { parameters: ['java.lang.String'], idempotent: true, hedge: { afterMs: 15 } },
        },
      },
    },
    routes: METHODS.map((called) => ({
      id: called,
      match: { path: `/${called}/:id` },
      call: { service: 'ledger', method: called, args: ['path.id'] },
    })),
  });
  const ids: string[] = [];
  const replies: Promise<void>[] = [];
  try {
    for (let call = 0; call < CALLS; call++) {
      if (call === CALLS / 2 && shock !== null) give(shock.kind, providers[shock.provider]!);
      for (const called of METHODS) {
        const id = `${called}-${name}-${call}`;
        ids.push(id);
        replies.push(
          gateway.send(`/${called}/${id}`).then(({ status }) => {
            seen[status < 300 ? 'succeeded' : 'failed']++;
          }),
        );
      }
      seen.sent += METHODS.length;
      // Half of them one after the other, half at once.
      if (call < CALLS / 2) await Promise.all(replies.slice(-METHODS.length));
    }
    await Promise.all(replies);
  } finally {
    for (const provider of providers) provider.resume();
    await gateway.stop();
  }
  return ids;
}

function give(kind: string, provider: MockProvider): void {
  if (kind === 'pause') provider.pause();
  else if (kind === 'readonly') provider.sendReadonly();
  else for (const { number } of provider.connections) provider.closeConnection(number);
}

async function startProviders(context: TestContext): Promise<readonly MockProvider[]> {
  const count = (parameters: readonly unknown[]) => {
    const id = String(parameters[0]);
    ran.set(id, (ran.get(id) ?? 0) + 1);
    return id;
  };
  const ledger = {
    name: 'demo.Ledger',
    version: '',
    group: '',
    classes: new Map(),
    methods: METHODS.map((name) => method(name, ['java.lang.String'], 'volatile', count)),
  };
  const providers = await Promise.all(
    Array.from({ length: PROVIDERS }, () => startMockProvider({ services: [ledger] })),
  );
  context.after(async () => {
    for (const provider of providers) await provider.kill();
  });
  return providers;
}
