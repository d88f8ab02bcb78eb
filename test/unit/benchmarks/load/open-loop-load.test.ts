import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { LoadRecording, StreamRecording } from '../../../../benchmarks/load/load-recording.ts';
import { OpenLoopLoad } from '../../../../benchmarks/load/open-loop-load.ts';
import { until } from '../../../support/until.ts';
import { answer, serve } from './counting-server.ts';

describe('OpenLoopLoad', { concurrency: true }, () => {
  it('sends each stream at its own rate, and counts every answer by what it was', async (context) => {
    const { port, server } = await serve(context, (request, response) => {
      if (request.url === '/good') response.end('fine');
      else answer(response, 503, { 'retry-after': '1' }, '{"code":"BULKHEAD_FULL"}');
    });
    const load = new OpenLoopLoad({
      port,
      streams: [
        { name: 'a', path: '/good', perSecond: 200 },
        { name: 'b', path: '/bad', perSecond: 100 },
      ],
    });
    await until(() => server.requests >= 60, 'requests');
    const recording = await load.stop();
    const [a, b] = recording.streams.map(outcomesOf);
    assert.deepEqual(Object.keys(a!), ['ok']);
    assert.deepEqual(Object.keys(b!), ['503 BULKHEAD_FULL']);
    assert.equal(a!.ok! + b!['503 BULKHEAD_FULL']!, server.requests);
    assert.ok(Math.abs(a!.ok! - 2 * b!['503 BULKHEAD_FULL']!) <= 2);
    const refusals = recording.streams[1]!.intervals.flatMap(({ outcomes }) => outcomes);
    assert.ok(refusals.every(({ latency, withRetryAfter }) => withRetryAfter === latency.count));
    checkNothingLost(recording);
  });

  it('goes on sending while nobody answers, and measures from when a request was due', async (context) => {
    const held: (() => void)[] = [];
    const { port, server } = await serve(context, (_request, response) => {
      held.push(() => response.end('late'));
    });
    const load = new OpenLoopLoad({
      port,
      streams: [{ name: 'a', path: '/', perSecond: 500 }],
      maxConnections: 5,
    });
    await until(() => server.requests === 5, 'as many requests as there may be connections');
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(held.length, 5);
    load.setRate('a', 0);
    const stopped = load.stop();
    const release = setInterval(() => {
      for (const answer of held.splice(0)) answer();
    }, 5);
    const recording = await stopped;
    clearInterval(release);
    assert.equal(recording.maxOpenConnections, 5);
    assert.ok(recording.maxBacklog > 0);
    assert.deepEqual(Object.keys(outcomesOf(recording.streams[0]!)), ['ok']);
    const oldest = recording.streams[0]!.intervals[0]!.outcomes[0]!;
    assert.ok(oldest.latency.maxMs >= 40, 'the wait for a connection counts');
    checkNothingLost(recording);
  });

  it('gives up what has waited too long for a connection, where that is wanted', async (context) => {
    const held: ServerResponse[] = [];
    let isHolding = true;
    const { port } = await serve(context, (_request, response) => {
      if (isHolding) held.push(response);
      else answer(response, 200, {}, 'at once');
    });
    const load = new OpenLoopLoad({
      port,
      streams: [{ name: 'a', path: '/', perSecond: 500 }],
      maxConnections: 2,
      giveUpMs: 20,
    });
    await until(() => held.length === 2, 'as many requests as there may be connections');
    await new Promise((resolve) => setTimeout(resolve, 60));
    load.setRate('a', 0);
    isHolding = false;
    for (const response of held) answer(response, 200, {}, 'late');
    const recording = await load.stop();
    const { ok, 'not sent': notSent, ...others } = outcomesOf(recording.streams[0]!);
    assert.ok(ok! >= 2 && notSent! >= 1);
    assert.deepEqual(others, {});
    checkNothingLost(recording);
  });

  it('counts what was cut as a connection error, and what had no answer as still open', async (context) => {
    const { port, server } = await serve(context, (request, response) => {
      if (request.url === '/cut') response.destroy();
      else if (request.url === '/chunked') response.writeHead(200).end('of no known length');
    });
    const load = new OpenLoopLoad({
      port,
      streams: [
        { name: 'cut', path: '/cut', perSecond: 100 },
        { name: 'chunked', path: '/chunked', perSecond: 100 },
        { name: 'silent', path: '/silent', perSecond: 100 },
      ],
    });
    await until(() => server.requests >= 30, 'requests');
    // Long enough for all others to have ended on a busy machine.
    const recording = await load.stop(1_500);
    const [cut, chunked, silent] = recording.streams.map(outcomesOf);
    assert.deepEqual(Object.keys(chunked!), ['bad answer']);
    assert.deepEqual(Object.keys(cut!), ['connection error']);
    assert.deepEqual(Object.keys(silent!), ['still open']);
    checkNothingLost(recording);
  });

  it('counts requests to a port where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const load = new OpenLoopLoad({ port, streams: [{ name: 'a', path: '/', perSecond: 200 }], maxConnections: 1 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const recording = await load.stop();
    assert.deepEqual(Object.keys(outcomesOf(recording.streams[0]!)), ['connection error']);
    checkNothingLost(recording);
  });

  it('has connections open before the first request, where that is wanted', async (context) => {
    const { port, server } = await serve(context, (_request, response) => answer(response, 200, {}, 'fine'));
    const load = new OpenLoopLoad({ port, streams: [{ name: 'a', path: '/', perSecond: 0 }], openConnections: 7 });
    await until(() => server.connections === 7, 'connections');
    load.setRate('a', 100);
    await until(() => server.requests >= 5, 'requests');
    const recording = await load.stop();
    assert.deepEqual(outcomesOf(recording.streams[0]!), { ok: server.requests });
    checkNothingLost(recording);
  });

  it('opens another connection after an answer that closes its own', async (context) => {
    const { port, server } = await serve(context, (_request, response) => {
      answer(response, 200, { connection: 'close' }, 'bye');
    });
    const load = new OpenLoopLoad({ port, streams: [{ name: 'a', path: '/', perSecond: 300 }], maxConnections: 1 });
    await until(() => server.requests >= 20, 'requests');
    const recording = await load.stop();
    assert.deepEqual(outcomesOf(recording.streams[0]!), { ok: server.requests });
    assert.equal(recording.maxOpenConnections, 1);
    checkNothingLost(recording);
  });

  it('takes a success of another length for a bad answer, where a length is known', async (context) => {
    const { port, server } = await serve(context, (request, response) => {
      answer(response, 200, {}, request.url === '/short' ? 'fine' : 'fine, too');
    });
    const load = new OpenLoopLoad({
      port,
      streams: ['/short', '/long'].map((path) => ({ name: path, path, perSecond: 100, answerBytes: 4 })),
    });
    await until(() => server.requests >= 20, 'requests');
    const recording = await load.stop();
    const [short, long] = recording.streams.map(outcomesOf);
    assert.deepEqual([Object.keys(short!), Object.keys(long!)], [['ok'], ['bad answer']]);
    checkNothingLost(recording);
  });

  it('sends at the same rate with fine ticks', async (context) => {
    const { port, server } = await serve(context, (_request, response) => answer(response, 200, {}, 'fine'));
    const load = new OpenLoopLoad({ port, streams: [{ name: 'a', path: '/', perSecond: 500 }], fineTicks: true });
    await until(() => server.requests >= 50, 'requests');
    const recording = await load.stop();
    assert.deepEqual(outcomesOf(recording.streams[0]!), { ok: server.requests });
    checkNothingLost(recording);
    const { requests } = server;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(server.requests, requests, 'nothing is sent after the stop');
  });
});

function outcomesOf({ intervals }: StreamRecording): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome, latency } of intervals.flatMap(({ outcomes }) => outcomes)) {
    counts[outcome] = (counts[outcome] ?? 0) + latency.count;
  }
  return counts;
}

function checkNothingLost({ streams }: LoadRecording): void {
  for (const { name, intervals } of streams) {
    assert.ok(intervals.length > 0);
    for (const { due, outcomes, fromMs } of intervals) {
      const ended = outcomes.reduce((sum, { latency }) => sum + latency.count, 0);
      assert.equal(ended, due, `${name}, due from ${fromMs}`);
    }
    const ok = intervals.flatMap(({ outcomes }) => outcomes.filter(({ outcome }) => outcome === 'ok'));
    assert.equal(
      intervals.reduce((sum, { okAnswers }) => sum + okAnswers, 0),
      ok.reduce((sum, { latency }) => sum + latency.count, 0),
    );
  }
}
