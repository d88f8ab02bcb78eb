import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Admission, type AdmissionOptions } from '../../../src/admission/admission.ts';
import { HeldRequests } from '../../../src/http/held-requests.ts';
import { type SlowReaderLimits, SlowReaders } from '../../../src/http/slow-readers.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { Ticker } from '../../../src/time/ticker.ts';
import type { CallOutcome, Exchange } from '../../../src/upstream/exchange.ts';
import {
  type FakeRoute,
  type Harness,
  type HarnessOptions,
  json,
  parseAnswers,
  type RawClient,
  rawClient,
  startGateway,
  until,
} from './gateway-harness.ts';

const MIB = 1024 ** 2;
/** More than the buffers of loopback sockets take, so that an unread answer stays in the process. */
const LARGE_BYTES = 24 * MIB;
const LARGE_TEXT = Buffer.alloc(LARGE_BYTES, 'x');

/** A gateway with admission, and a route whose calls the test ends. */
class AdmittingGateway {
  readonly harness: Harness;
  readonly admission: Admission;
  readonly slowReaders: SlowReaders;
  readonly heldRequests: HeldRequests;
  readonly #context: TestContext;
  readonly #route: HeldRoute;

  constructor(
    harness: Harness,
    admission: Admission,
    slowReaders: SlowReaders,
    heldRequests: HeldRequests,
    context: TestContext,
    route: HeldRoute,
  ) {
    this.harness = harness;
    this.admission = admission;
    this.slowReaders = slowReaders;
    this.heldRequests = heldRequests;
    this.#context = context;
    this.#route = route;
  }

  /** The paths' last parts of the calls that run, in the order they began. */
  get running(): readonly string[] {
    return this.#route.running.map(({ id }) => id);
  }

  /** Ends the call that has run for longest. */
  endFirst(): void {
    this.#route.running.shift()!.resolve(json('done'));
  }

  client(): Promise<RawClient> {
    return rawClient(this.#context, this.harness.port);
  }

  async sent(bytes: string): Promise<RawClient> {
    const client = await this.client();
    client.send(bytes);
    return client;
  }

  /** Sends a GET to the held route on a connection of its own, and waits until it runs or waits. */
  async hold(id: string): Promise<RawClient> {
    const { inFlight, waiting } = this.admission.status;
    const client = await this.sent(get(`/held/${id}`));
    await until(() => this.admission.status.inFlight + this.admission.status.waiting === inFlight + waiting + 1);
    return client;
  }

  /** Waits until all is given back. */
  async empty(): Promise<void> {
    await until(() => Object.values(this.books).every((count) => count === 0));
  }

  get books() {
    const { inFlight, inFlightBytes, waiting } = this.admission.status;
    const { waiting: unread, waitingBytes: unreadBytes } = this.slowReaders.status;
    return { inFlight, inFlightBytes, waiting, unread, unreadBytes };
  }
}

class HeldRoute implements FakeRoute {
  readonly id = 'held';
  readonly path = '/held/:id';
  readonly method = ['GET', 'POST'];
  readonly readsBody = true;
  readonly maxBodyBytes = 4 * MIB;
  readonly running: { readonly id: string; readonly resolve: (outcome: CallOutcome) => void }[] = [];

  readonly invoke = (exchange: Exchange): Promise<CallOutcome> =>
    new Promise((resolve) => {
      const call = { id: exchange.pathParameter('id')!, resolve };
      this.running.push(call);
      exchange.call = { cancel: () => void this.running.splice(this.running.indexOf(call), 1) };
    });
}

async function startAdmitting(
  context: TestContext,
  limits: Partial<AdmissionOptions> = {},
  slow: Partial<SlowReaderLimits> = {},
  more: HarnessOptions = {},
): Promise<AdmittingGateway> {
  const ticker = new Ticker(() => {
    const nowMs = systemClock.nowMs();
    admission.tick(nowMs);
    slowReaders.tick(nowMs);
    heldRequests.tick(nowMs);
    return 10;
  });
  context.after(() => ticker.stop());
  const wake = () => ticker.wake(10);
  const slowReaders = new SlowReaders(
    { answerTimeoutMs: 60_000, maxAnswers: 1_000, maxBytes: 1_024 * MIB, ...slow },
    wake,
  );
  const admission = new Admission(
    { maxInFlight: 2, maxInFlightBytes: 1_024 * MIB, maxWaitMs: 10_000, maxQueue: 100, ...limits },
    systemClock.nowMs(),
    wake,
  );
  const heldRequests = new HeldRequests(100, wake);
  const held = new HeldRoute();
  const routes: FakeRoute[] = [
    held,
    { path: '/quick', method: ['GET', 'POST'], readsBody: true, maxBodyBytes: 4 * MIB, invoke: () => json('quick') },
    { path: '/small', method: 'POST', readsBody: true, maxBodyBytes: 100 },
    { path: '/large', invoke: () => ({ body: LARGE_TEXT, status: 200, headers: undefined }) },
  ];
  const server = { compression: { enabled: false }, ...more.server };
  const harness = await startGateway(context, routes, { ...more, server, admission, slowReaders, heldRequests });
  return new AdmittingGateway(harness, admission, slowReaders, heldRequests, context, held);
}

function get(path: string, method = 'GET'): string {
  return `${method} ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
}

function post(path: string, body: string, headers = `Content-Length: ${body.length}`): string {
  return `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`;
}

/** JSON text of this many bytes. */
function jsonText(bytes: number): string {
  return `"${'x'.repeat(bytes - 2)}"`;
}

const CHUNKED = 'Transfer-Encoding: chunked';

describe('requests beyond the places', () => {
  it('wait and are served in the order they came', async (context) => {
    const gateway = await startAdmitting(context);
    const clients: RawClient[] = [];
    for (const id of ['a', 'b', 'c', 'd', 'e']) clients.push(await gateway.hold(id));
    assert.deepEqual(gateway.books, { inFlight: 2, inFlightBytes: 0, waiting: 3, unread: 0, unreadBytes: 0 });
    assert.deepEqual(gateway.running, ['a', 'b']);
    for (const running of [['b', 'c'], ['c', 'd'], ['d', 'e'], ['e'], []]) {
      gateway.endFirst();
      await until(() => gateway.running.length === running.length);
      assert.deepEqual(gateway.running, running);
    }
    for (const client of clients) assert.match(await client.received(/"done"/), /^HTTP\/1.1 200 /);
    await gateway.empty();
  });

  it('free their place in the line at once when the client leaves', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 1 });
    const first = await gateway.hold('a');
    const leaver = await gateway.hold('b');
    const next = await gateway.hold('c');
    leaver.socket.destroy();
    await until(() => gateway.admission.waiting === 1);
    gateway.endFirst();
    await until(() => gateway.running[0] === 'c');
    gateway.endFirst();
    await next.received(/"done"/);
    await first.received(/"done"/);
    await gateway.empty();
    const line = gateway.harness.log.find(({ status }) => status === 499);
    assert.equal(line?.code, 'CLIENT_CLOSED');
  });

  it('free their place when the client leaves while it is served', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 1 });
    const leaver = await gateway.hold('a');
    const next = await gateway.hold('b');
    leaver.socket.destroy();
    await until(() => gateway.running[0] === 'b');
    gateway.endFirst();
    await next.received(/"done"/);
    await gateway.empty();
  });

  it('are refused with ADMISSION_TIMEOUT and Retry-After when they have waited for long enough', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 1, maxWaitMs: 60 });
    const holder = await gateway.hold('a');
    const [answer] = parseAnswers(await (await gateway.hold('b')).received(/\}$/));
    assert.equal(answer!.status, 503);
    assert.equal(JSON.parse(answer!.body).code, 'ADMISSION_TIMEOUT');
    assert.match(answer!.headers['retry-after']!, /^[1-9]\d?$/);
    assert.equal(answer!.headers.connection, 'keep-alive', 'the connection stays: its request was sound');
    assert.equal(gateway.admission.status.timedOutTotal, 1);
    assert.deepEqual(gateway.running, ['a']);
    gateway.endFirst();
    await holder.received(/"done"/);
    await gateway.empty();
  });

  it('are refused with ADMISSION_QUEUE_FULL and Retry-After when too many wait', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 1, maxQueue: 1 });
    const [holder, waiting] = [await gateway.hold('a'), await gateway.hold('b')];
    const refused = await gateway.sent(get('/held/c'));
    const [answer] = parseAnswers(await refused.received(/\}$/));
    assert.equal(answer!.status, 503);
    assert.equal(JSON.parse(answer!.body).code, 'ADMISSION_QUEUE_FULL');
    assert.match(answer!.headers['retry-after']!, /^[1-9]\d?$/);
    gateway.endFirst();
    await until(() => gateway.running[0] === 'b');
    const next = await gateway.sent(get('/quick'));
    await until(() => gateway.admission.waiting === 1);
    gateway.endFirst();
    await next.received(/"quick"/);
    for (const client of [holder, waiting]) await client.received(/"done"/);
    await gateway.empty();
  });

  it('are not looked at for a second on a connection that was refused, while other connections are', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 1, maxQueue: 0 });
    const holder = await gateway.hold('a');
    const refused = await gateway.sent(get('/quick'));
    await refused.received(/ADMISSION_QUEUE_FULL.*\}$/s);
    gateway.endFirst();
    await holder.received(/"done"/);
    refused.send(get('/quick'));
    await until(() => gateway.heldRequests.size === 1);
    const other = await gateway.sent(get('/quick'));
    await other.received(/"quick"/);
    assert.equal(gateway.heldRequests.size, 1);
    await refused.received(/"quick"/);
    assert.equal(gateway.heldRequests.size, 0);
    await gateway.empty();
  });

  it('hold nothing when their client leaves meanwhile', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 1, maxQueue: 0 });
    const holder = await gateway.hold('a');
    const refused = await gateway.sent(get('/quick'));
    await refused.received(/ADMISSION_QUEUE_FULL.*\}$/s);
    refused.send(get('/quick'));
    await until(() => gateway.heldRequests.size === 1);
    refused.socket.destroy();
    const lines = await gateway.harness.requestLines(2);
    assert.deepEqual(
      lines.map(({ status }) => status),
      [503, 499],
    );
    gateway.endFirst();
    await holder.received(/"done"/);
    await until(() => gateway.heldRequests.size === 0);
    await gateway.empty();
  });

  it('wait with their body, which comes in when they are served', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 1 });
    const holder = await gateway.hold('a');
    const body = jsonText(2 * MIB);
    const client = await gateway.sent(post('/quick', body));
    await until(() => gateway.admission.waiting === 1);
    gateway.endFirst();
    await client.received(/"quick"/);
    await holder.received(/"done"/);
    await gateway.empty();
    const lines = await gateway.harness.requestLines(2);
    assert.deepEqual(lines.map(({ requestBytes }) => requestBytes).sort(), [0, body.length]);
  });

  it('are answered when the gateway stops while they wait', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 1 });
    const [holder, waiting] = [await gateway.hold('a'), await gateway.hold('b')];
    gateway.harness.phase = 'draining';
    await gateway.harness.server.stop(0);
    for (const client of [holder, waiting]) {
      const [answer] = parseAnswers(await client.closed());
      assert.equal(JSON.parse(answer!.body).code, 'GATEWAY_STOPPING');
    }
    await gateway.empty();
  });
});

describe('pipelined requests', () => {
  it('each take a place, and are answered in their order', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 2 });
    const client = await gateway.sent(['a', 'b', 'c'].map((id) => get(`/held/${id}`)).join('') + get('/quick'));
    await until(() => gateway.admission.waiting === 2);
    assert.deepEqual(gateway.running, ['a', 'b']);
    gateway.endFirst();
    gateway.endFirst();
    await until(() => gateway.running[0] === 'c');
    gateway.endFirst();
    await client.received(/"done".*"done".*"done".*"quick"/s);
    await gateway.empty();
  });

  it('keep the place of one that is done as long as its answer waits for an earlier one', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 5 });
    const client = await gateway.sent(get('/held/a') + get('/quick'));
    await until(() => gateway.slowReaders.waiting === 1);
    assert.equal(gateway.books.inFlight, 2);
    assert.equal(gateway.books.inFlightBytes, '"quick"'.length);
    gateway.endFirst();
    await client.received(/"done".*"quick"/s);
    await gateway.empty();
  });

  it('are all let go when the client leaves: waiting, running, and done before their turn', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 6 });
    const client = await gateway.sent(get('/held/a') + get('/quick').repeat(3) + get('/held/b').repeat(5));
    await until(() => gateway.slowReaders.waiting === 3 && gateway.admission.waiting === 3);
    client.socket.destroy();
    await gateway.empty();
    assert.equal(gateway.running.length, 0);
  });
});

describe('a request without a call', () => {
  const CASES: readonly [what: string, bytes: string, status: number][] = [
    ['no route', get('/nowhere'), 404],
    ['no route, with a body', post('/nowhere', jsonText(50)), 404],
    ['another method', get('/large', 'DELETE'), 405],
    ['OPTIONS of a path', get('/quick', 'OPTIONS'), 204],
    ['OPTIONS of the server', get('*', 'OPTIONS'), 204],
    ['HEAD', get('/quick', 'HEAD'), 200],
    ['a path that is no text', get('/%ff'), 400],
    ['a body that is too large', post('/small', jsonText(500)), 413],
    ['a chunked body that is too large', post('/small', `1f4\r\n${jsonText(500)}\r\n0\r\n\r\n`, CHUNKED), 413],
    [
      'a body of no known type',
      `POST /small HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<x/>`,
      415,
    ],
    ['a body that is no JSON', post('/small', '{"a":'), 400],
  ];
  for (const [what, bytes, status] of CASES) {
    it(`gives its place and its bytes back: ${what}`, async (context) => {
      const gateway = await startAdmitting(context, { maxInFlight: 1 });
      for (let round = 0; round < 3; round++) {
        const client = await gateway.sent(bytes);
        const [answer] = parseAnswers(await client.received(/\r\n\r\n/));
        assert.equal(answer!.status, status);
        client.socket.destroy();
      }
      await gateway.empty();
      assert.equal(gateway.admission.status.timedOutTotal, 0);
    });
  }
});

describe('the budget for bytes', () => {
  it('holds a body of declared length from the headers to the answer', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 10 });
    const body = jsonText(5_000);
    const client = await gateway.client();
    client.send(post('/held/a', '', `Content-Length: ${body.length}`));
    await until(() => gateway.books.inFlightBytes === body.length);
    client.send(body);
    await until(() => gateway.running.length === 1);
    assert.equal(gateway.books.inFlightBytes, body.length);
    gateway.endFirst();
    await client.received(/"done"/);
    await gateway.empty();
  });

  it('holds the most that a chunked body can be, and what it was once it is in', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 10 });
    const client = await gateway.client();
    client.send(post('/held/a', '', CHUNKED));
    await until(() => gateway.books.inFlightBytes === 4 * MIB);
    client.send(`64\r\n${jsonText(100)}\r\n0\r\n\r\n`);
    await until(() => gateway.running.length === 1);
    assert.equal(gateway.books.inFlightBytes, 100);
    gateway.endFirst();
    await client.received(/"done"/);
    await gateway.empty();
  });

  it('counts a length that no route takes for no more than the longest that one does', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 10, maxInFlightBytes: 4 * MIB });
    const client = await gateway.sent(post('/quick', '', `Content-Length: ${2 ** 40}`));
    const [answer] = parseAnswers(await client.received(/\}$/));
    assert.equal(answer!.status, 413);
    await gateway.empty();
  });

  it('makes who does not fit wait, and everybody behind', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 10, maxInFlightBytes: 1_000 });
    const first = await gateway.sent(post('/held/a', jsonText(600)));
    await until(() => gateway.running.length === 1);
    const second = await gateway.sent(post('/held/b', jsonText(600)));
    await until(() => gateway.admission.waiting === 1);
    const third = await gateway.sent(get('/held/c'));
    await until(() => gateway.admission.waiting === 2);
    gateway.endFirst();
    await until(() => gateway.running.length === 2);
    gateway.endFirst();
    gateway.endFirst();
    for (const client of [first, second, third]) await client.received(/"done"/);
    await gateway.empty();
  });

  it('is free when a client leaves in the middle of its body', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 10 });
    const client = await gateway.sent(post('/quick', 'x'.repeat(1_000), 'Content-Length: 3000000'));
    await until(() => gateway.books.inFlightBytes === 3_000_000);
    client.socket.destroy();
    await gateway.empty();
  });
});

describe('a client that does not read', () => {
  /** A client that asks for a large answer and reads nothing of it. */
  async function deafClient(gateway: AdmittingGateway, bytes = get('/large')): Promise<RawClient> {
    const client = await gateway.client();
    client.socket.pause();
    const { waiting, cutOffTotal } = gateway.slowReaders.status;
    client.send(bytes);
    await until(() => {
      const { status } = gateway.slowReaders;
      return status.waiting + status.cutOffTotal > waiting + cutOffTotal;
    });
    return client;
  }

  it('has its answer booked until it reads, and then the connection goes on', async (context) => {
    const gateway = await startAdmitting(context);
    const client = await deafClient(gateway);
    const { inFlight, inFlightBytes, unread, unreadBytes } = gateway.books;
    assert.deepEqual([inFlight, unread, inFlightBytes], [1, 1, unreadBytes]);
    assert.ok(unreadBytes > LARGE_BYTES / 2 && unreadBytes <= LARGE_BYTES + 1_000, String(unreadBytes));
    let received = 0;
    client.socket.on('data', (chunk: string) => {
      received += chunk.length;
    });
    client.socket.resume();
    await until(() => received > LARGE_BYTES);
    await gateway.empty();
    client.send(get('/quick'));
    await client.received(/"quick"$/);
    await gateway.empty();
    assert.equal(gateway.slowReaders.status.cutOffTotal, 0);
  });

  it('is cut off when its time is over; others on their kept-alive connections are not', async (context) => {
    const gateway = await startAdmitting(context, {}, { answerTimeoutMs: 150 });
    const healthy = await gateway.sent(get('/quick'));
    await healthy.received(/"quick"$/);
    const client = await deafClient(gateway);
    await until(() => gateway.slowReaders.status.cutOffTotal === 1);
    await gateway.empty();
    client.socket.resume();
    await client.closed();
    healthy.send(get('/quick'));
    await healthy.received(/"quick".*"quick"$/s);
    await gateway.empty();
  });

  it('is cut off first when too many bytes wait, and the budget is free afterwards', async (context) => {
    const gateway = await startAdmitting(
      context,
      { maxInFlight: 10, maxInFlightBytes: 3 * LARGE_BYTES },
      { maxBytes: 1.5 * LARGE_BYTES },
    );
    const [first, second] = [await deafClient(gateway), await deafClient(gateway)];
    await until(() => gateway.slowReaders.status.cutOffTotal === 1);
    first.socket.resume();
    await first.closed();
    assert.equal(gateway.books.unread, 1);
    second.socket.destroy();
    await gateway.empty();
  });

  it('cannot pile up pipelined answers: the connection is cut off with all of them', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 100 }, { maxBytes: 2 * LARGE_BYTES });
    const client = await deafClient(gateway, get('/held/a') + get('/large').repeat(5));
    await until(() => gateway.slowReaders.status.cutOffTotal >= 1);
    await gateway.empty();
    assert.deepEqual(gateway.running, [], 'the call that ran on it is given up');
    client.socket.resume();
    await client.closed();
  });

  it('does not keep the next in the line from the place when it leaves', async (context) => {
    const gateway = await startAdmitting(context, { maxInFlight: 1 });
    const client = await deafClient(gateway);
    const next = await gateway.sent(get('/quick'));
    await until(() => gateway.admission.waiting === 1);
    client.socket.destroy();
    await next.received(/"quick"$/);
    await gateway.empty();
  });

  it('is waited for no longer than the system keeps silent, whatever the time for the whole answer', async (context) => {
    const gateway = await startAdmitting(context, {}, {}, { server: { limits: { requestTimeoutMs: 200 } } });
    await deafClient(gateway);
    await gateway.empty();
  });
});
