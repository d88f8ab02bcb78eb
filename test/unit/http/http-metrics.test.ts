import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HttpMetrics } from '../../../src/http/http-metrics.ts';
import { MetricRegistry } from '../../../src/telemetry/metrics/metric-registry.ts';
import { fastestMs } from '../../support/fastest-ms.ts';
import { sampleValue } from '../telemetry/metrics/exposition-parser.ts';
import { parsedMetrics, renderedLines } from '../telemetry/metrics/rendered-text.ts';

const REQUESTS = 'sluice_http_requests_total';
const DURATION = 'sluice_http_request_duration_seconds';

function metrics(): { registry: MetricRegistry; http: HttpMetrics } {
  const registry = new MetricRegistry();
  return { registry, http: new HttpMetrics(registry) };
}

describe('HttpMetrics', () => {
  it('counts requests by route, method and status, and adds up durations and bytes', async () => {
    const { registry, http } = metrics();
    const route = http.route('get-user');
    http.record(route, 'GET', 200, 0.25, 0, 100);
    http.record(route, 'GET', 200, 0.0009765625, 0, 50);
    http.record(route, 'POST', 503, 0.5, 7, 20);
    const parsed = await parsedMetrics(registry);
    assert.deepEqual((await renderedLines(registry, REQUESTS)).slice(2), [
      'sluice_http_requests_total{route="get-user",method="GET",status="200"} 2',
      'sluice_http_requests_total{route="get-user",method="POST",status="503"} 1',
    ]);
    assert.equal(sampleValue(parsed, `${DURATION}_count`, { route: 'get-user' }), 3);
    assert.equal(sampleValue(parsed, `${DURATION}_bucket`, { route: 'get-user', le: '0.25' }), 2);
    assert.equal(sampleValue(parsed, `${DURATION}_sum`, { route: 'get-user' }), 0.7509765625);
    assert.equal(sampleValue(parsed, 'sluice_http_request_bytes_total', { route: 'get-user' }), 7);
    assert.equal(sampleValue(parsed, 'sluice_http_response_bytes_total', { route: 'get-user' }), 170);
  });

  it('tells every method and status of every route apart', async () => {
    const { registry, http } = metrics();
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
    const statuses = [599, 100, 404, 200, 499];
    let times = 0;
    const expected = new Map<string, number>();
    for (const id of ['a', 'b']) {
      for (const status of statuses) {
        for (const method of methods) {
          times++;
          for (let i = 0; i < times; i++) http.record(http.route(id), method, status, 0.001, 0, 0);
          expected.set([id, method, status].join(), times);
        }
      }
    }
    const { samples } = (await parsedMetrics(registry)).get(REQUESTS)!;
    assert.deepEqual(new Map(samples.map(({ labels, value }) => [[...labels.values()].join(), value])), expected);
  });

  it('adds no series for what callers make up', async () => {
    const { registry, http } = metrics();
    for (let i = 0; i < 1000; i++) http.record(http.route(), `METHOD${i}`, 404, 0.001, 0, 0);
    for (const method of ['get', '', 'constructor', '__proto__']) http.record(http.route(), method, 404, 0.001, 0, 0);
    const parsed = await parsedMetrics(registry);
    assert.equal(parsed.get(REQUESTS)!.samples.length, 1);
    assert.equal(sampleValue(parsed, REQUESTS, { route: '_none', method: '_OTHER', status: '404' }), 1004);
  });

  it('counts what is no status as other', async () => {
    const { registry, http } = metrics();
    for (const status of [0, -1, 99, 600, 1e9, 200.5, Number.NaN])
      http.record(http.route('a'), 'GET', status, 0.001, 0, 0);
    const parsed = await parsedMetrics(registry);
    assert.equal(parsed.get(REQUESTS)!.samples.length, 1);
    assert.equal(sampleValue(parsed, REQUESTS, { route: 'a', method: 'GET', status: '_OTHER' }), 7);
  });

  it('shows the requests in flight', async () => {
    const { registry, http } = metrics();
    http.inFlight.add(1);
    http.inFlight.add(1);
    http.inFlight.add(-1);
    assert.equal(sampleValue(await parsedMetrics(registry), 'sluice_http_requests_in_flight'), 1);
  });

  it('drops the series of routes that are gone, whose last requests make no new ones', async () => {
    const { registry, http } = metrics();
    const [kept, gone] = [http.route('kept'), http.route('gone')];
    for (const route of [kept, gone, http.route()]) http.record(route, 'GET', 200, 0.001, 1, 1);
    http.keepOnly(new Set([kept]));
    http.record(gone, 'GET', 200, 0.001, 1, 1);
    http.record(gone, 'GET', 500, 0.001, 1, 1);
    http.record(kept, 'GET', 200, 0.001, 1, 1);
    let parsed = await parsedMetrics(registry);
    assert.deepEqual(routesOf(parsed), ['_none', 'kept']);
    assert.equal(sampleValue(parsed, REQUESTS, { route: 'kept', method: 'GET', status: '200' }), 2);
    http.record(http.route('gone'), 'GET', 200, 0.001, 1, 1);
    parsed = await parsedMetrics(registry);
    assert.deepEqual(routesOf(parsed), ['_none', 'gone', 'kept']);
    assert.equal(sampleValue(parsed, `${DURATION}_count`, { route: 'gone' }), 1);
  });

  it('counts a request well below a microsecond', () => {
    const { http } = metrics();
    const routes = Array.from({ length: 100 }, (_, index) => http.route(`route-${index}`));
    const requests = 100_000;
    const ms = fastestMs(5, () => {
      for (let i = 0; i < requests; i++) {
        http.record(routes[i % 100]!, i % 2 === 0 ? 'GET' : 'POST', i % 3 === 0 ? 503 : 200, 0.004, 10, 100);
      }
    });
    assert.ok(ms * 1000 < requests, `${(ms * 1000) / requests} us a request`);
  });
});

function routesOf(parsed: Awaited<ReturnType<typeof parsedMetrics>>): string[] {
  const routes = [...parsed.values()].flatMap(({ samples }) => samples.map(({ labels }) => labels.get('route')));
  return [...new Set(routes)].filter((route) => route !== undefined).sort();
}
