import { basketJson } from './basket.ts';
import type { CaseRequest } from './case-request.ts';
import {
  ALL_SERVERS,
  type LineUp,
  PARTS,
  PROVIDER_COUNTS,
  ROUTE_COUNTS,
  SERVERS_WITH_BACKEND,
  TIMEOUTS,
} from './line-ups.ts';
import type { FigureGoal } from './macro-goals.ts';

/** A case of the whole gateway. */
export type MacroCase = RoundsCase | BackendsCase | WorkersCase | LatencyCase | ReloadCase | FootprintCase;

interface CaseFacts {
  readonly name: string;
  readonly summary: string;
  readonly request: CaseRequest;
  /** Why a quick run of all cases leaves it out. */
  readonly notInQuick?: string;
}

/** One kind of request, sent to several servers in turn. */
export interface RoundsCase extends CaseFacts {
  readonly kind: 'rounds';
  readonly lineUp: LineUp;
  /** Where the servers are so slow that requests which are under way when a round ends would matter. */
  readonly slowAnswers?: { readonly connections: number; readonly leastSeconds: number };
  /** Where the provider takes its time, and so many connections wait for it. A round is several times that time. */
  readonly slowBackend?: { readonly delayMs: number; readonly connections: number; readonly leastSeconds: number };
  readonly goals: readonly FigureGoal[];
}

/** What a request costs one and the same gateway when the provider takes longer. */
export interface BackendsCase extends CaseFacts {
  readonly kind: 'backends';
  /** The first is the baseline. */
  readonly delaysMs: readonly number[];
  /** Goal: at most so many times what it costs at the first delay. */
  readonly atMost: number;
}

/** What a request costs a gateway of two workers that answers twice as many. */
export interface WorkersCase extends CaseFacts {
  readonly kind: 'workers';
  /** Goals: CPU for a request, and requests a second, beside those of one worker. */
  readonly cpuAtMost: number;
  readonly rateAtLeast: number;
}

/** What the gateway adds to the latency of a server without provider, at half of what it can do. */
export interface LatencyCase extends CaseFacts {
  readonly kind: 'latency';
  readonly atMostMs: { readonly p50: number; readonly p99: number };
}

/** How long the event loop stands still for a change of the configuration that all of 5,000 routes depend on. */
export interface ReloadCase extends CaseFacts {
  readonly kind: 'reload';
  readonly perSecond: number;
  /** The longest time in ms that it may stand still. */
  readonly atMostMs: number;
}

/** How soon the gateway is there, and how much memory connections take. */
export interface FootprintCase extends CaseFacts {
  readonly kind: 'footprint';
  readonly start: { readonly atMostMs: number; readonly fullSpeedAtMostSeconds: number };
  readonly idle: { readonly connections: number; readonly atMostBytes: number };
  readonly inFlight: {
    readonly request: CaseRequest;
    readonly connections: number;
    readonly delayMs: number;
    readonly atMostBytes: number;
  };
}

const MEGABYTE = 1024 ** 2;
const GET_USER: CaseRequest = { method: 'GET', path: '/users/42', body: undefined };

export const MACRO_CASES: readonly MacroCase[] = [
  {
    kind: 'rounds',
    name: 'gateway/small',
    summary: 'GET /users/42: one object, 0.3 KB of JSON',
    request: GET_USER,
    lineUp: ALL_SERVERS,
    goals: [
      { figure: 'CPU', target: 'bare-koa', atMost: 1.3 },
      { figure: 'CPU', target: 'koa-dubbo-js', atMost: 0.4 },
      { figure: 'CPU', target: 'webflux-dubbo', atMost: 0.5 },
      { figure: 'RSS', target: 'webflux-dubbo', atMost: 1 / 3 },
    ],
  },
  {
    kind: 'rounds',
    name: 'gateway/list50',
    summary: 'GET /products?count=50: 50 objects, 7 KB of JSON',
    request: listProducts(50),
    lineUp: ALL_SERVERS,
    goals: [
      { figure: 'CPU', target: 'koa-dubbo-js', atMost: 0.35 },
      { figure: 'CPU', target: 'webflux-dubbo', atMost: 0.6 },
    ],
  },
  {
    kind: 'rounds',
    name: 'gateway/list1000',
    summary: 'GET /products?count=1000: 1,000 objects, 140 KB of JSON',
    request: listProducts(1_000),
    lineUp: ALL_SERVERS,
    slowAnswers: { connections: 8, leastSeconds: 0.6 },
    notInQuick: 'list50 says nearly the same',
    goals: [],
  },
  {
    kind: 'rounds',
    name: 'gateway/post2k',
    summary: 'POST /baskets: 2 KB of JSON in, 50 bytes out',
    request: { method: 'POST', path: '/baskets', body: basketJson() },
    lineUp: ALL_SERVERS,
    goals: [],
    notInQuick: 'no goal is set for it',
  },
  {
    kind: 'rounds',
    name: 'gateway/slow-backend',
    summary: 'GET /users/42, 1,000 connections, the provider takes 200 ms',
    request: GET_USER,
    lineUp: SERVERS_WITH_BACKEND,
    slowBackend: { delayMs: 200, connections: 1_000, leastSeconds: 1 },
    notInQuick: 'backends has slow providers as well',
    goals: [],
  },
  {
    kind: 'backends',
    name: 'gateway/backends',
    summary: 'GET /users/42 at one rate, the provider takes 0 to 500 ms',
    request: GET_USER,
    delaysMs: [0, 50, 200, 500],
    atMost: 1.1,
  },
  {
    kind: 'rounds',
    name: 'gateway/timeouts',
    summary: 'GET /users/42, calls with a time-out of 500 ms and of 30 s',
    request: GET_USER,
    lineUp: TIMEOUTS,
    goals: [{ figure: 'CPU', target: 'timeoutMs 30000', atMost: 'no difference' }],
  },
  {
    kind: 'rounds',
    name: 'gateway/routes',
    summary: 'GET /users/42, one of 10, 1,000 and 10,000 routes',
    request: GET_USER,
    lineUp: ROUTE_COUNTS,
    goals: [{ figure: 'CPU', target: '10000 routes', atMost: 1.05 }],
  },
  {
    kind: 'rounds',
    name: 'gateway/providers',
    summary: 'GET /fleet/42, a service with 1, 10 and 1,000 providers',
    request: { method: 'GET', path: '/fleet/42', body: undefined },
    lineUp: PROVIDER_COUNTS,
    goals: [],
    notInQuick: 'no goal is set for it',
  },
  {
    kind: 'workers',
    name: 'gateway/workers',
    summary: 'GET /users/42, one worker, and two with twice the requests',
    request: GET_USER,
    cpuAtMost: 1.1,
    rateAtLeast: 1.9,
    notInQuick: 'each worker has to get warm',
  },
  {
    kind: 'rounds',
    name: 'gateway/parts',
    summary: 'GET /users/42, with one part of the gateway off in turn',
    request: GET_USER,
    lineUp: PARTS,
    goals: [],
    notInQuick: 'a part costs less than short rounds can tell',
  },
  {
    kind: 'latency',
    name: 'gateway/latency',
    summary: 'GET /users/42 at half of the best rate: what the gateway adds',
    request: GET_USER,
    atMostMs: { p50: 0.3, p99: 2 },
  },
  {
    kind: 'reload',
    name: 'gateway/reload',
    summary: 'GET /users/42, 500 a second, while a default of 5,000 routes changes',
    request: GET_USER,
    perSecond: 500,
    atMostMs: 50,
    notInQuick: 'a change of 5,000 routes takes a quarter of a minute',
  },
  {
    kind: 'footprint',
    name: 'gateway/footprint',
    summary: 'start, idle connections, and calls in flight with 10 KB answers',
    request: GET_USER,
    start: { atMostMs: 1_000, fullSpeedAtMostSeconds: 5 },
    idle: { connections: 10_000, atMostBytes: 130 * MEGABYTE },
    inFlight: { request: listProducts(72), connections: 5_000, delayMs: 1_000, atMostBytes: 300 * MEGABYTE },
  },
];

function listProducts(count: number): CaseRequest {
  return { method: 'GET', path: `/products?count=${count}`, body: undefined };
}
