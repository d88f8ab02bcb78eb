import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { ClosedLoopLoad } from '../../../../benchmarks/load/closed-loop-load.ts';
import { until } from '../../../support/until.ts';
import { answer, serve } from './counting-server.ts';

const HALT_MS = 10_000;

describe('ClosedLoopLoad', { concurrency: true }, () => {
  it('opens all connections with one request each, and sends nothing more until it is told to', async (context) => {
    const { port, server } = await serve(context, (_request, response) => answer(response, 200, {}, 'fine'));
    const load = loadOf(context, port, 250);
    await load.open();
    assert.deepEqual([server.connections, server.requests], [250, 250]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(server.requests, 250);
  });

  it('has one request on each connection, and reports what was answered since the report before', async (context) => {
    let inFlight = 0;
    let mostInFlight = 0;
    const { port, server } = await serve(context, (_request, response) => {
      mostInFlight = Math.max(mostInFlight, ++inFlight);
      setTimeout(() => {
        inFlight--;
        answer(response, 200, {}, 'fine');
      }, 2);
    });
    const load = loadOf(context, port, 5);
    await load.open();
    load.run(10);
    await until(() => server.requests >= 50, 'requests');
    const first = load.takeReport();
    assert.ok(first.answers > 0 && first.answers === first.latency.count);
    await until(() => server.requests >= 100, 'more requests');
    await load.halt(HALT_MS);
    const second = load.takeReport();
    assert.equal(5 + first.answers + second.answers, server.requests);
    assert.ok(second.elapsedMs > 0 && second.latency.maxMs >= 2);
    assert.equal(server.connections, 5);
    assert.ok(mostInFlight <= 5);
    assert.equal(load.takeReport().answers, 0);
  });

  it('opens another connection after an answer that closes its own', async (context) => {
    const { port, server } = await serve(context, (_request, response) => {
      answer(response, 200, server.requests % 3 === 0 ? { connection: 'close' } : {}, 'fine');
    });
    const load = loadOf(context, port, 2);
    await load.open();
    load.run(0);
    await until(() => server.requests >= 30, 'requests');
    await load.halt(HALT_MS);
    assert.ok(load.takeReport().answers >= 20);
    assert.ok(server.connections >= 6);
  });

  it('fails when an answer is not the expected one', async (context) => {
    let text = 'fine';
    const { port } = await serve(context, (_request, response) => answer(response, 200, {}, text));
    const load = loadOf(context, port, 1);
    await load.open();
    load.run(0);
    text = 'longer than that';
    await assert.rejects(async () => {
      for (;;) {
        load.takeReport();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }, /^Error: \/path was answered with 200 and 16 bytes in place of 4$/);
    await assert.rejects(load.halt(HALT_MS), /in place of 4/);
  });

  it('fails when a connection is refused or lost', async (context) => {
    const { port } = await serve(context, (_request, response) => response.destroy());
    await assert.rejects(loadOf(context, port, 3).open(), /a connection was refused or lost/);
  });

  it('waits for open answers only so long', async (context) => {
    const held: ServerResponse[] = [];
    let isHolding = false;
    const { port } = await serve(context, (_request, response) => {
      if (isHolding) held.push(response);
      else answer(response, 200, {}, 'fine');
    });
    const load = loadOf(context, port, 3);
    await load.open();
    isHolding = true;
    load.run(0);
    await until(() => held.length === 3, 'requests');
    await assert.rejects(load.halt(20), /^Error: 3 requests had no answer 20 ms after the last$/);
  });
});

function loadOf(context: TestContext, port: number, connections: number): ClosedLoopLoad {
  const load = new ClosedLoopLoad({ port, path: '/path', connections, answerBytes: 4 });
  context.after(() => load.close());
  return load;
}
