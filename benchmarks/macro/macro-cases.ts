import { basketJson } from './basket.ts';

/** One kind of request, sent to each server in turn. */
export interface MacroCase {
  readonly name: string;
  readonly summary: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string | undefined;
  /** What the gateway is measured against: other servers, or itself with one part off in turn. */
  readonly against: 'peers' | 'parts';
}

export const MACRO_CASES: readonly MacroCase[] = [
  {
    name: 'gateway/small',
    summary: 'GET /users/42: one object, 0.3 KB of JSON',
    method: 'GET',
    path: '/users/42',
    body: undefined,
    against: 'peers',
  },
  {
    name: 'gateway/list50',
    summary: 'GET /products?count=50: 50 objects, 7 KB of JSON',
    method: 'GET',
    path: '/products?count=50',
    body: undefined,
    against: 'peers',
  },
  {
    name: 'gateway/post2k',
    summary: 'POST /baskets: 2 KB of JSON in, 50 bytes out',
    method: 'POST',
    path: '/baskets',
    body: basketJson(),
    against: 'peers',
  },
  {
    name: 'gateway/parts',
    summary: 'GET /users/42, with one part of the gateway off in turn',
    method: 'GET',
    path: '/users/42',
    body: undefined,
    against: 'parts',
  },
];
