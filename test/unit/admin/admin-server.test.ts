import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createAdminServer } from '../../../src/admin/admin-server.ts';
import { captureLog } from '../../support/captured-log.ts';
import { fakeView } from './admin-harness.ts';

const OPTIONS = { host: '127.0.0.1', port: 0, token: '', allowedHosts: [] };

async function startServer(context: TestContext, isReady: () => boolean) {
  const readiness = () => {
    const ready = isReady();
    return { ready, checks: { listening: true, serving: ready }, missingRegistries: [] };
  };
  const view = fakeView({ readiness });
  const log = captureLog();
  const server = createAdminServer(view, { ...OPTIONS, logger: log.logger, requestTimeoutMs: 200 });
  const { port } = await server.start();
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) await server.stop();
    isStopped = true;
  };
  context.after(stop);
  return { server, port, log, stop, url: (path: string) => `http://127.0.0.1:${port}${path}` };
}

describe('createAdminServer()', () => {
  it('says that the process lives, whether ready or not', async (context) => {
    const { url } = await startServer(context, () => false);
    const response = await fetch(url('/healthz'));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.deepEqual(await response.json(), { status: 'ok' });
    const head = await fetch(url('/healthz'), { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
  });

  it('says whether the gateway is ready, with its checks when asked', async (context) => {
    let ready = true;
    const { url } = await startServer(context, () => ready);
    const before = await fetch(url('/readyz'));
    assert.equal(before.status, 200);
    assert.deepEqual(await before.json(), { status: 'ready' });
    ready = false;
    const after = await fetch(url('/readyz?verbose'));
    assert.equal(after.status, 503);
    assert.deepEqual(await after.json(), { status: 'not ready', checks: { listening: true, serving: false } });
    assert.equal((await fetch(url('/readyz'), { method: 'HEAD' })).status, 503);
  });

  it('answers other paths and methods with Problem Details', async (context) => {
    const { url } = await startServer(context, () => true);
    const missing = await fetch(url('/metricz'));
    assert.equal(missing.status, 404);
    assert.equal(missing.headers.get('content-type'), 'application/problem+json');
    assert.equal(((await missing.json()) as { code: string }).code, 'ROUTE_NOT_FOUND');
    const wrong = await fetch(url('/healthz'), { method: 'POST', body: 'x' });
    assert.equal(wrong.status, 405);
    assert.equal(wrong.headers.get('allow'), 'HEAD, GET');
    assert.equal(((await wrong.json()) as { code: string }).code, 'METHOD_NOT_ALLOWED');
    assert.equal((await fetch(url('/healthz'), { method: 'PURGE' })).status, 405);
  });

  it('tells nothing when a check throws', async (context) => {
    const { url, log } = await startServer(context, () => {
      throw new Error('secret');
    });
    const response = await fetch(url('/readyz'));
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /secret/);
    assert.match(log.text, /secret/);
  });

  it('cuts off clients that never finish a request', async (context) => {
    const { port } = await startServer(context, () => true);
    const socket = connect(port, '127.0.0.1');
    context.after(() => socket.destroy());
    socket.write('GET /healthz HTTP/1.1\r\nHost');
    socket.resume();
    const closed = new Promise<string>((resolve) => socket.once('close', () => resolve('closed')));
    const late = new Promise<string>((resolve) => setTimeout(() => resolve('still open'), 30_000).unref());
    assert.equal(await Promise.race([closed, late]), 'closed');
  });

  it('reports a port that is taken and closes when stopped', async (context) => {
    const { port, server, stop } = await startServer(context, () => true);
    const second = createAdminServer(fakeView(), { ...OPTIONS, port, logger: captureLog().logger });
    await assert.rejects(second.start(), { code: 'EADDRINUSE' });
    await stop();
    assert.equal(server.address, undefined);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`));
  });
});
