import type { Counter } from '../telemetry/metrics/counter.ts';
import type { Gauge } from '../telemetry/metrics/gauge.ts';
import type { Histogram } from '../telemetry/metrics/histogram.ts';
import { DURATION_BUCKETS_SECONDS } from '../telemetry/metrics/histogram-buckets.ts';
import { OTHER } from '../telemetry/metrics/metric-family.ts';
import type { CounterFamily, HistogramFamily, MetricRegistry } from '../telemetry/metrics/metric-registry.ts';

/** The methods that have series of their own; the last stands for all others, so that no caller can add series. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', OTHER] as const;
const OTHER_METHOD = METHODS.length - 1;
const NO_ROUTE = '_none';
const MIN_STATUS = 100;
const MAX_STATUS = 599;
/** Stands for every number that is no HTTP status. */
const OTHER_STATUS = 0;
const UNSEEN = -1;

/** The series of one route: a handle for `HttpMetrics.record`, kept by whoever holds the route. */
export class RouteMetrics {
  readonly route: string;
  readonly duration: Histogram;
  readonly requestBytes: Counter;
  readonly responseBytes: Counter;
  /** Requests by status and method; the place is that of the status times the number of methods plus the method's. */
  readonly requests: (Counter | undefined)[] = [];
  /** No more series are made for a route that is gone, whose last requests may still end. */
  isRetired = false;

  constructor(route: string, duration: Histogram, requestBytes: Counter, responseBytes: Counter) {
    this.route = route;
    this.duration = duration;
    this.requestBytes = requestBytes;
    this.responseBytes = responseBytes;
  }
}

/**
 * What is measured of HTTP requests. Routes are named by their id, never by the path of a request; what found no route
 * is counted under `_none`, and methods that no route can have under `_OTHER`.
 */
export class HttpMetrics {
  /** Requests that have arrived and are not answered yet: add 1, later add -1. */
  readonly inFlight: Gauge;
  readonly #requests: CounterFamily<'route' | 'method' | 'status'>;
  readonly #durations: HistogramFamily<'route'>;
  readonly #requestBytes: CounterFamily<'route'>;
  readonly #responseBytes: CounterFamily<'route'>;
  readonly #routes = new Map<string, RouteMetrics>();
  /** The statuses seen so far, and the place of each by its number: few of the 500 there could be occur. */
  readonly #statuses: number[] = [];
  readonly #statusPlaces = new Int16Array(MAX_STATUS + 1).fill(UNSEEN);

  /** Declares the metrics. */
  constructor(registry: MetricRegistry) {
    this.#requests = registry.counter({
      name: 'sluice_http_requests_total',
      help: 'Requests that were answered or whose client went away (status 499).',
      labels: ['route', 'method', 'status'],
    });
    this.#durations = registry.histogram({
      name: 'sluice_http_request_duration_seconds',
      help: 'Time from the end of the headers of a request to its answer handed to the socket.',
      labels: ['route'],
      buckets: DURATION_BUCKETS_SECONDS,
    });
    this.inFlight = registry
      .gauge({ name: 'sluice_http_requests_in_flight', help: 'Requests that are not answered yet.' })
      .with({});
    this.#requestBytes = registry.counter({
      name: 'sluice_http_request_bytes_total',
      help: 'Bytes of request bodies.',
      labels: ['route'],
    });
    this.#responseBytes = registry.counter({
      name: 'sluice_http_response_bytes_total',
      help: 'Bytes of answer bodies as sent.',
      labels: ['route'],
    });
  }

  /** The handle of a route, the same for each call; without an id that of requests that found no route. */
  route(id: string = NO_ROUTE): RouteMetrics {
    let route = this.#routes.get(id);
    if (route === undefined) {
      const labels = { route: id };
      route = new RouteMetrics(
        id,
        this.#durations.with(labels),
        this.#requestBytes.with(labels),
        this.#responseBytes.with(labels),
      );
      this.#routes.set(id, route);
    }
    return route;
  }

  /**
   * Counts one request that has ended.
   *
   * @param status the status of the answer, 499 where the client went away before it
   * @param seconds from the end of the headers to the answer
   * @param requestBytes bytes of the body received
   * @param responseBytes bytes of the body sent
   */
  record(
    route: RouteMetrics,
    method: string,
    status: number,
    seconds: number,
    requestBytes: number,
    responseBytes: number,
  ): void {
    const place = this.#statusPlace(status) * METHODS.length + methodIndex(method);
    const counter = route.requests[place] ?? this.#addCounter(route, place);
    counter?.add(1);
    route.duration.observe(seconds);
    route.requestBytes.add(requestBytes);
    route.responseBytes.add(responseBytes);
  }

  /**
   * Takes the series of all other routes out of the metrics. To be called when routes are gone and their last requests
   * have ended; a route that is asked for again later starts at zero.
   */
  keepOnly(routes: ReadonlySet<RouteMetrics>): void {
    for (const [id, route] of this.#routes) {
      if (id === NO_ROUTE || routes.has(route)) continue;
      route.isRetired = true;
      this.#routes.delete(id);
      const labels = { route: id };
      this.#durations.remove(labels);
      this.#requestBytes.remove(labels);
      this.#responseBytes.remove(labels);
      for (const [place, counter] of route.requests.entries()) {
        if (counter !== undefined) this.#requests.remove(this.#labelsOf(route, place));
      }
    }
  }

  #statusPlace(status: number): number {
    const known = this.#statusPlaces[status] ?? UNSEEN;
    if (known !== UNSEEN) return known;
    if (!(Number.isInteger(status) && status >= MIN_STATUS && status <= MAX_STATUS) && status !== OTHER_STATUS) {
      return this.#statusPlace(OTHER_STATUS);
    }
    this.#statusPlaces[status] = this.#statuses.length;
    this.#statuses.push(status);
    return this.#statuses.length - 1;
  }

  #addCounter(route: RouteMetrics, place: number): Counter | undefined {
    if (route.isRetired) return undefined;
    while (route.requests.length < place) route.requests.push(undefined);
    const counter = this.#requests.with(this.#labelsOf(route, place));
    route.requests[place] = counter;
    return counter;
  }

  #labelsOf({ route }: RouteMetrics, place: number): Record<'route' | 'method' | 'status', string> {
    const status = this.#statuses[Math.floor(place / METHODS.length)]!;
    const method = METHODS[place % METHODS.length]!;
    return { route, method, status: status === OTHER_STATUS ? OTHER : `${status}` };
  }
}

function methodIndex(method: string): number {
  switch (method) {
    case 'GET':
      return 0;
    case 'HEAD':
      return 1;
    case 'POST':
      return 2;
    case 'PUT':
      return 3;
    case 'PATCH':
      return 4;
    case 'DELETE':
      return 5;
    case 'OPTIONS':
      return 6;
    default:
      return OTHER_METHOD;
  }
}
