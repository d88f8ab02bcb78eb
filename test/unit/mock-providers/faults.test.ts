import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { DecoderV2 } from 'hessian.js';
import { FAULT_NAMES, type Fault, type FaultRule, FaultScript, readFaultFile } from '../../../mock-providers/faults.ts';
import { type MockProvider, startMockProvider } from '../../../mock-providers/mock-provider.ts';
import { decodeResult, RawClient, type ReceivedFrame, TYPES } from './raw-client.ts';

const call = { service: TYPES, method: 'describe', types: ['java.lang.Object'], args: [5] };
const METHOD = `${TYPES}#describe`;

describe('scripted faults', () => {
  let provider: MockProvider;
  let client: RawClient;
  before(async () => {
    provider = await startMockProvider();
  });
  after(() => provider.kill());
  afterEach(() => {
    client.close();
    provider.clearFaults();
  });

  /** Sends one call that goes wrong in this way. */
  async function faulty(fault: Fault): Promise<bigint> {
    client = await RawClient.open(provider.port);
    provider.setFaults([{ method: METHOD, fault, times: 1 }]);
    return client.send(call);
  }
  async function frameOf(fault: Fault): Promise<ReceivedFrame> {
    const id = await faulty(fault);
    await client.until(() => client.frames.some((frame) => frame.id === id));
    return client.frames.find((frame) => frame.id === id)!;
  }
  async function closedAfter(fault: Fault): Promise<Buffer> {
    await faulty(fault);
    await client.until(() => client.closed);
    return client.bytes;
  }
  const healthyBody = async (): Promise<Buffer> => (await client.call(call)).body;

  it('delay an answer', async () => {
    const start = performance.now();
    const frame = await frameOf({ delayMs: 40 });
    assert.ok(performance.now() - start >= 38);
    assert.equal(decodeResult(frame.body).value, 'int 5');
  });

  it('never answer, while the connection serves on', async () => {
    const id = await faulty({ stall: true });
    await healthyBody();
    assert.equal(
      client.frames.some((frame) => frame.id === id),
      false,
    );
  });

  it('cut the connection before or after the method ran', async () => {
    for (const dropConnection of ['before', 'after'] as const) {
      assert.equal((await closedAfter({ dropConnection })).length, 0);
    }
  });

  it('cut the connection within the answer, or end it there', async () => {
    for (const fault of [{ dropConnection: 'mid-frame' }, { truncated: true }] as const) {
      const bytes = await closedAfter(fault);
      assert.ok(bytes.length >= 16 && bytes.length < 16 + bytes.readInt32BE(12), `${bytes.length} bytes`);
    }
  });

  it('answer under another id', async () => {
    const id = await faulty({ wrongId: true });
    await client.until(() => client.frames.length === 1);
    assert.notEqual(client.frames[0]!.id, id);
    await healthyBody();
    assert.equal(
      client.frames.some((frame) => frame.id === id),
      false,
    );
  });

  it('answer twice, at once or late', async () => {
    for (const fault of [{ duplicate: true }, { answerTwiceLate: 20 }] as const) {
      const id = await faulty(fault);
      await client.until(() => client.frames.length === 2);
      assert.deepEqual(
        client.frames.map((frame) => frame.id),
        [id, id],
      );
      client.close();
    }
  });

  it('send garbage', async () => {
    await faulty({ garbage: 64 });
    await client.until(() => client.bytes.length === 64);
    assert.notEqual(client.bytes[0], 0xda);
  });

  it('flip bits of the body, always the same ones', async () => {
    const first = (await frameOf({ corruptBody: 3 })).body;
    client.close();
    const second = (await frameOf({ corruptBody: 3 })).body;
    assert.deepEqual(first, second);
    assert.notDeepEqual(first, await healthyBody());
  });

  it('lengthen the body', async () => {
    const { body } = await frameOf({ trailingBytes: 7 });
    const healthy = await healthyBody();
    assert.equal(body.length, healthy.length + 7);
    assert.deepEqual(body.subarray(0, healthy.length), healthy);
  });

  it('announce absurd lengths', async () => {
    for (const [hugeLength, announced] of [
      ['max', 0x7fff_ffff],
      ['negative', -1],
    ] as const) {
      await faulty({ hugeLength });
      await client.until(() => client.bytes.length > 16);
      assert.equal(client.bytes.readInt32BE(12), announced);
      client.close();
    }
  });

  it('throw an exception of any class', async () => {
    const { body } = await frameOf({ exception: { class: 'com.acme.Oops', message: 'oops' } });
    assert.equal(decodeResult(body).flag, 3);
    assert.match(body.toString('latin1'), /oops.{1,2}com\.acme\.Oops/s);
  });

  it('answer with any status, in Hessian or in fastjson2', async () => {
    for (const code of [25, 30, 31, 40, 50, 60, 70, 80, 90, 100, 255]) {
      const frame = await frameOf({ status: { code, text: `status ${code}` } });
      assert.equal(frame.status, code);
      assert.equal(new DecoderV2(frame.body).readString(), `status ${code}`);
      client.close();
    }
    const frame = await frameOf({ id23: true, status: { code: 100, text: 'pool exhausted' } });
    assert.deepEqual([frame.flags, frame.status], [23, 100]);
    assert.match(frame.body.toString('latin1'), /pool exhausted$/);
    client.close();
    assert.equal((await frameOf({ id23: true })).status, 70);
  });

  it('send READONLY before the answer', async () => {
    const id = await faulty({ readonly: true });
    await client.until(() => client.frames.length === 3);
    assert.deepEqual(
      client.frames.map(({ flags }) => flags),
      [0xa2, 0xa2, 0x02],
    );
    assert.equal(client.frames[2]!.id, id);
  });

  it('return lists nested 200,000 deep', async () => {
    const { body } = await frameOf({ nestedLists: 200_000 });
    assert.equal(body.subarray(1, 200_002).toString('latin1'), `${'y'.repeat(200_000)}x`);
  });

  it('return a reference bomb', async () => {
    const { body } = await frameOf({ referenceBomb: 22 });
    assert.ok(body.length < 250);
    let value = decodeResult(body).value as unknown[];
    for (let level = 0; level < 22; level++) {
      assert.equal(value[0], value[1]);
      value = value[0] as unknown[];
    }
    assert.deepEqual(value, ['leaf']);
  });

  it('return more than any limit allows', async () => {
    const { body } = await frameOf({ oversize: 9_000_000 });
    assert.ok(body.length > 9_000_000);
    client.close();
    assert.equal((decodeResult((await frameOf({ oversize: 40_000 })).body).value as string).length, 40_000);
  });

  it('send any bytes as the body', async () => {
    const { body, status } = await frameOf({ bodyHex: '94d800' });
    assert.deepEqual([status, body.toString('hex')], [20, '94d800']);
  });

  it('dribble the answer', async () => {
    const start = performance.now();
    const { body } = await frameOf({ slowWrite: { chunkBytes: 5, everyMs: 5 } });
    assert.ok(performance.now() - start >= 25);
    assert.equal(decodeResult(body).value, 'int 5');
  });

  it('close behind the answer', async () => {
    const bytes = await closedAfter({ closeAfterAnswer: true });
    assert.equal(decodeResult(bytes.subarray(16)).value, 'int 5');
  });

  it('go together', async () => {
    const frame = await frameOf({ delayMs: 5, status: { code: 100, text: 'busy' }, closeAfterAnswer: true });
    assert.equal(frame.status, 100);
    await client.until(() => client.closed);
    assert.ok(provider.stats.faults > 0);
  });
});

describe('the table of faults', () => {
  it('in the README names every fault and no other', async () => {
    const readme = await readFile(new URL('../../../mock-providers/README.md', import.meta.url), 'utf8');
    const table = readme.slice(readme.indexOf('## Faults'), readme.indexOf('## From a test'));
    const named = [...table.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name);
    assert.deepEqual(named.sort(), [...FAULT_NAMES].sort());
  });
});

describe('FaultScript', () => {
  const status = (code: number): Fault => ({ status: { code, text: '' } });

  it('takes the first rule that fits and counts it down', () => {
    const script = new FaultScript([
      { method: 'a.B#c', fault: status(1), times: 2 },
      { method: 'a.B#*', fault: status(2), times: 1 },
      { method: '*', fault: status(3) },
    ]);
    const codes = ['c', 'c', 'c', 'c', 'd'].map((method) => script.next('a.B', method)?.status?.code);
    assert.deepEqual(codes, [1, 1, 2, 3, 3]);
    assert.equal(script.next('other', 'c')?.status?.code, 3);
  });

  it('throws the same dice for the same seed', () => {
    const draw = (seed: number): boolean[] => {
      const script = new FaultScript([{ method: '*', fault: status(1), probability: 0.3 }], seed);
      return Array.from({ length: 1000 }, () => script.next('a', 'b') !== null);
    };
    assert.deepEqual(draw(7), draw(7));
    assert.notDeepEqual(draw(7), draw(8));
    const hits = draw(7).filter(Boolean).length;
    assert.ok(hits > 240 && hits < 360, `${hits} hits`);
  });

  it('refuses rules it does not know', () => {
    const bad = [
      { method: '*', fault: {} },
      { method: '*', fault: { dely: 5 } },
      { method: 'getUser', fault: { stall: true } },
      { method: '*', fault: { stall: true }, times: 0 },
    ];
    for (const rule of bad)
      assert.throws(() => new FaultScript([rule as FaultRule]), /wrong faults/, JSON.stringify(rule));
  });
});

describe('readFaultFile', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'faults-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('reads YAML and JSON, lists and files with a seed', async () => {
    const yaml = join(folder, 'faults.yaml');
    await writeFile(yaml, 'seed: 9\nfaults:\n  - { method: "a.B#c", fault: { delayMs: 5 }, times: 2 }\n');
    assert.deepEqual(await readFaultFile(yaml), {
      seed: 9,
      faults: [{ method: 'a.B#c', fault: { delayMs: 5 }, times: 2 }],
    });
    const json = join(folder, 'faults.json');
    await writeFile(json, '[{"method":"*","fault":{"stall":true}}]');
    assert.deepEqual(await readFaultFile(json), { seed: 1, faults: [{ method: '*', fault: { stall: true } }] });
  });

  it('names the file and the place of a mistake', async () => {
    const path = join(folder, 'wrong.yaml');
    await writeFile(path, '- { method: "*", fault: { dely: 5 } }\n');
    await assert.rejects(
      readFaultFile(path),
      (error: Error) => error.message.includes(path) && error.message.includes('dely'),
    );
    await assert.rejects(readFaultFile(join(folder, 'none.yaml')), /cannot read the faults in .*none\.yaml/);
  });
});
