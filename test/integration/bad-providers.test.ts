import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Fault } from '../../mock-providers/faults.ts';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import { typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

/** Of calls that nothing but this can end. */
const TIMEOUT_MS = 400;
const MAX_HEAP_GROWTH_BYTES = 64 * 1024 * 1024;

type Counter = 'late' | 'duplicate' | 'unknown' | 'oversized' | 'timedOut' | 'reconnects';

interface FaultCase {
  readonly title: string;
  readonly fault: Fault;
  readonly answer: string;
  /** Counters of the Dubbo client that the fault must have moved. */
  readonly counters?: Readonly<Partial<Record<Counter, number>>>;
}

const status = (code: number, text = 'reason'): Fault => ({ status: { code, text } });

const FAULTS: readonly FaultCase[] = [
  { title: 'does not answer', fault: { stall: true }, answer: '504 PROVIDER_TIMEOUT', counters: { timedOut: 1 } },
  {
    title: 'answers too late',
    fault: { delayMs: TIMEOUT_MS + 150 },
    answer: '504 PROVIDER_TIMEOUT',
    counters: { late: 1 },
  },
  { title: 'answers in time, but late', fault: { delayMs: 100 }, answer: '200' },
  {
    title: 'cuts the connection before the call',
    fault: { dropConnection: 'before' },
    answer: '502 PROVIDER_CONNECTION_LOST',
    counters: { reconnects: 1 },
  },
  {
    title: 'cuts the connection after the call',
    fault: { dropConnection: 'after' },
    answer: '502 PROVIDER_CONNECTION_LOST',
    counters: { reconnects: 1 },
  },
  {
    title: 'cuts the connection within the answer',
    fault: { dropConnection: 'mid-frame' },
    answer: '502 PROVIDER_CONNECTION_LOST',
    counters: { reconnects: 1 },
  },
  {
    title: 'ends within the answer',
    fault: { truncated: true },
    answer: '502 PROVIDER_CONNECTION_LOST',
    counters: { reconnects: 1 },
  },
  { title: 'closes behind the answer', fault: { closeAfterAnswer: true }, answer: '200', counters: { reconnects: 1 } },
  { title: 'sends garbage', fault: { garbage: 500 }, answer: '502 PROVIDER_PROTOCOL', counters: { reconnects: 1 } },
  {
    title: 'sends one byte of garbage',
    fault: { garbage: 1 },
    answer: '502 PROVIDER_PROTOCOL',
    counters: { reconnects: 1 },
  },
  {
    title: 'announces 2^31-1 bytes',
    fault: { hugeLength: 'max' },
    answer: '502 RESPONSE_TOO_LARGE',
    counters: { oversized: 1, reconnects: 1 },
  },
  {
    title: 'announces a negative length',
    fault: { hugeLength: 'negative' },
    answer: '502 PROVIDER_PROTOCOL',
    counters: { reconnects: 1 },
  },
  { title: 'sends 200,000 lists within each other', fault: { nestedLists: 200_000 }, answer: '502 PROVIDER_PROTOCOL' },
  { title: 'sends a bomb of references', fault: { referenceBomb: 40 }, answer: '502 RESPONSE_TOO_LARGE' },
  { title: 'sends a deeper bomb of references', fault: { referenceBomb: 400 }, answer: '502 RESPONSE_TOO_LARGE' },
  {
    title: 'sends a text of 10 MB',
    fault: { oversize: 10_000_000 },
    answer: '502 RESPONSE_TOO_LARGE',
    counters: { oversized: 1, reconnects: 0 },
  },
  {
    title: 'answers under another id',
    fault: { wrongId: true },
    answer: '504 PROVIDER_TIMEOUT',
    counters: { unknown: 1 },
  },
  { title: 'answers twice at once', fault: { duplicate: true }, answer: '200', counters: { duplicate: 1 } },
  { title: 'answers again later', fault: { answerTwiceLate: 20 }, answer: '200', counters: { duplicate: 1 } },
  {
    title: 'sends bytes behind the answer',
    fault: { trailingBytes: 3 },
    answer: '502 PROVIDER_PROTOCOL',
    counters: { reconnects: 0 },
  },
  { title: 'dribbles the answer, fast enough', fault: { slowWrite: { chunkBytes: 7, everyMs: 1 } }, answer: '200' },
  {
    title: 'dribbles the answer, too slowly',
    fault: { slowWrite: { chunkBytes: 4, everyMs: 100 } },
    answer: '504 PROVIDER_TIMEOUT',
    counters: { late: 1 },
  },
  {
    title: 'sends READONLY in front of the answer',
    fault: { readonly: true },
    answer: '200',
    counters: { reconnects: 1 },
  },
  { title: 'sends an empty body', fault: { bodyHex: '' }, answer: '502 PROVIDER_PROTOCOL' },
  { title: 'sends a flag that is none', fault: { bodyHex: '96' }, answer: '502 PROVIDER_PROTOCOL' },
  { title: 'sends an unknown tag', fault: { bodyHex: '9140' }, answer: '502 PROVIDER_PROTOCOL' },
  { title: 'sends half of a string', fault: { bodyHex: '910a6162' }, answer: '502 PROVIDER_PROTOCOL' },
  { title: 'sends a list of 2^31-1 elements', fault: { bodyHex: '9158497fffffff' }, answer: '502 PROVIDER_PROTOCOL' },
  {
    title: 'sends a class of 2^31-1 fields',
    fault: { bodyHex: '9143016149 7fffffff60'.replace(' ', '') },
    answer: '502 PROVIDER_PROTOCOL',
  },
  { title: 'refers to what is not there', fault: { bodyHex: '915195' }, answer: '502 PROVIDER_PROTOCOL' },
  { title: 'sends the value without flag', fault: { bodyHex: '0161' }, answer: '502 PROVIDER_PROTOCOL' },
  { title: 'answers 25', fault: status(25), answer: '502 PROVIDER_REFUSED' },
  {
    title: 'answers 25 for its size',
    fault: status(25, 'Data length too large: 9, max payload: 8, channel: x'),
    answer: '502 RESPONSE_TOO_LARGE',
  },
  { title: 'answers 30', fault: status(30), answer: '504 PROVIDER_TIMEOUT' },
  { title: 'answers 31', fault: status(31), answer: '504 PROVIDER_TIMEOUT' },
  { title: 'answers 35', fault: status(35), answer: '502 PROVIDER_CONNECTION_LOST' },
  { title: 'answers 40', fault: status(40), answer: '502 PROVIDER_REFUSED' },
  { title: 'answers 50', fault: status(50), answer: '502 PROVIDER_REFUSED' },
  { title: 'answers 60', fault: status(60), answer: '503 PROVIDER_NONE' },
  { title: 'answers 70', fault: status(70), answer: '502 PROVIDER_REFUSED' },
  {
    title: 'answers 70 for an argument',
    fault: status(70, 'java.lang.NumberFormatException: For input string: "x"'),
    answer: '400 REQUEST_INVALID',
  },
  {
    title: 'answers 70 for its service',
    fault: status(70, 'org.apache.dubbo.remoting.RemotingException: Not found exported service: a in [b]'),
    answer: '503 PROVIDER_NONE',
  },
  { title: 'answers 80', fault: status(80), answer: '502 PROVIDER_REFUSED' },
  { title: 'answers 90', fault: status(90), answer: '502 PROVIDER_REFUSED' },
  { title: 'answers 100', fault: status(100), answer: '503 PROVIDER_BUSY' },
  { title: 'answers a status that does not exist', fault: status(77), answer: '502 PROVIDER_PROTOCOL' },
  { title: 'answers 0', fault: status(0), answer: '502 PROVIDER_PROTOCOL' },
  { title: 'answers 100 in fastjson2', fault: { ...status(100), id23: true }, answer: '503 PROVIDER_BUSY' },
  {
    title: 'answers 70 in fastjson2',
    fault: { ...status(70, 'java.lang.NumberFormatException: For input string: "中"'), id23: true },
    answer: '400 REQUEST_INVALID',
  },
  { title: 'answers 70 in fastjson2 without a text', fault: { id23: true }, answer: '502 PROVIDER_REFUSED' },
];

describe('a provider that', { concurrency: 6 }, () => {
  const providers: MockProvider[] = [];
  let gateway: GatewayUnderTest;
  before(async () => {
    for (const _ of FAULTS) providers.push(await startMockProvider());
    const service = (index: number, timeoutMs?: number) =>
      typesService(providers[index]!.address, { methods: { echo: { parameters: ['Object'], timeoutMs } } });
    gateway = await startGatewayUnderTest({
      services: Object.fromEntries(
        FAULTS.flatMap(({ answer }, index) => [
          [`well${index}`, service(index)],
          [`ill${index}`, service(index, answer.startsWith('504') ? TIMEOUT_MS : undefined)],
        ]),
      ),
      routes: FAULTS.flatMap((_, index) =>
        ['well', 'ill'].map((state) => ({
          id: `${state}${index}`,
          match: { path: `/${state}/${index}` },
          call: { service: `${state}${index}`, method: 'echo', args: ['query.v'] },
        })),
      ),
    });
  });
  after(async () => {
    await gateway.stop();
    await Promise.all(providers.map((provider) => provider.kill()));
  });

  for (const [index, { title, fault, answer, counters = {} }] of FAULTS.entries()) {
    it(`${title}: ${answer}, and the next call works`, async () => {
      const provider = providers[index]!;
      assert.equal(await gateway.json(`/well/${index}?v=before`), 'before');
      provider.setFaults([{ method: '*', fault, times: 1 }]);
      const { status, text } = await gateway.send(`/ill/${index}?v=value`);
      assert.equal(status === 200 ? '200' : `${status} ${JSON.parse(text).code}`, answer);
      if (status === 200) assert.equal(text, '"value"');
      assert.equal(provider.calls.length, 2, 'sent once');
      const channel = () => gateway.rpc.stats().find(({ provider: key }) => key === `127.0.0.1:${provider.port}`)!;
      if (counters.late) await until(() => channel().counters.late > 0, 'the late answer');
      assert.equal(await gateway.json(`/well/${index}?v=after`), 'after');
      for (const [counter, count] of Object.entries(counters)) {
        const value = () => channel().counters[counter as Counter];
        await until(() => value() >= count, `${counter} ${count}`);
        assert.equal(value(), count, counter);
      }
      assert.equal(channel().pending, 0);
    });
  }
});

describe('what a provider sends', () => {
  it('takes no more memory than the limits allow, whatever it stands for', async (context) => {
    const provider = await startMockProvider();
    context.after(() => provider.kill());
    const gateway = await startGatewayUnderTest(
      {
        services: { types: typesService(provider.address, { methods: { echo: { parameters: ['Object'] } } }) },
        routes: [
          { id: 'echo', match: { path: '/echo' }, call: { service: 'types', method: 'echo', args: ['query.v'] } },
        ],
      },
      context,
    );
    await gateway.text('/echo?v=warm');
    const faults: Fault[] = [
      { referenceBomb: 50 },
      { nestedLists: 1_000_000 },
      { hugeLength: 'max' },
      { referenceBomb: 900 },
    ];
    for (const fault of faults) {
      provider.setFaults([{ method: '*', fault, times: 1 }]);
      const usedBefore = collectGarbage();
      const { status } = await gateway.send('/echo?v=x');
      const { heapUsed, external } = process.memoryUsage();
      assert.equal(status, 502);
      assert.ok(
        heapUsed + external - usedBefore < MAX_HEAP_GROWTH_BYTES,
        `${JSON.stringify(fault)}: ${heapUsed + external - usedBefore}`,
      );
      assert.equal(await gateway.json('/echo?v=after'), 'after');
    }
  });

  it('is an answer or an error within its time, whichever bits are flipped', async (context) => {
    const provider = await startMockProvider({ faults: [{ method: '*', fault: { corruptBody: 3 } }], seed: 7 });
    context.after(() => provider.kill());
    const gateway = await startGatewayUnderTest(
      {
        services: {
          types: typesService(provider.address, {
            generic: 'raw.return',
            methods: { allTypes: {}, fail: { parameters: ['String'] } },
          }),
        },
        routes: [
          { id: 'all', match: { path: '/all' }, call: { service: 'types', method: 'allTypes' } },
          {
            id: 'fail',
            match: { path: '/fail' },
            call: { service: 'types', method: 'fail', args: [{ value: 'raw' }] },
          },
        ],
      },
      context,
    );
    const seen = new Set<string>();
    for (let round = 0; round < 10; round++) {
      const replies = await Promise.all(
        Array.from({ length: 10 }, (_, index) => gateway.send(index % 2 === 0 ? '/all' : '/fail')),
      );
      for (const { status, text } of replies) {
        const body = JSON.parse(text) as { code?: string };
        seen.add(status === 200 ? '200' : `${status} ${body.code}`);
      }
    }
    const known = ['200', '500 PROVIDER_EXCEPTION', '502 PROVIDER_PROTOCOL', '502 RESPONSE_TOO_LARGE'];
    assert.deepEqual(
      [...seen].filter((answer) => !known.includes(answer)),
      [],
    );
    assert.ok(seen.has('502 PROVIDER_PROTOCOL'));
    await gateway.idle();
  });
});
