import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RouteConfig } from '../../../src/config/schema.ts';
import type { ConditionView } from '../../../src/routing/conditions.ts';
import { createRouter, type Match, type RoutingEntry } from '../../../src/routing/router.ts';
import { cpuMs, fastestMs } from '../../support/fastest-ms.ts';

type MatchConfig = RouteConfig['match'];

interface Values {
  readonly host?: string;
  readonly headers?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly cookie?: Record<string, string>;
}

function view({ host = '', headers = {}, query = {}, cookie = {} }: Values = {}): ConditionView {
  return {
    host,
    header: (name) => headers[name],
    query: (name) => query[name],
    cookie: (name) => cookie[name],
  };
}

function route(target: string, match: Partial<MatchConfig> & { path: string }): RoutingEntry<string> {
  return { target, match: { method: 'GET', headers: {}, query: {}, cookie: {}, ...match } };
}

function routerOf(...entries: RoutingEntry<string>[]) {
  const router = createRouter(entries);
  return (path: string, values?: Values, method = 'GET') => router.find(method, path, view(values));
}

function targetOf(match: Match<string>): string {
  return match.kind === 'found' ? match.target : match.kind;
}

function parametersOf(match: Match<string>, ...names: string[]): (string | undefined)[] {
  assert.equal(match.kind, 'found');
  return match.kind === 'found' ? names.map((name) => match.parameters.get(name)) : [];
}

describe('createRouter() paths', () => {
  it('prefers literal text to a parameter and a parameter to the rest', () => {
    const find = routerOf(
      route('rest', { path: '/users/*' }),
      route('parameter', { path: '/users/:id' }),
      route('literal', { path: '/users/me' }),
    );
    assert.equal(targetOf(find('/users/me')), 'literal');
    assert.equal(targetOf(find('/users/meeting')), 'parameter');
    assert.equal(targetOf(find('/users/me/inbox')), 'rest');
    assert.equal(targetOf(find('/users/')), 'rest');
    assert.equal(targetOf(find('/users')), 'not-found');
  });

  it('compares segments from the left', () => {
    const find = routerOf(route('left', { path: '/a/:x/:y' }), route('right', { path: '/:w/b/c' }));
    assert.equal(targetOf(find('/a/b/c')), 'left');
    assert.equal(targetOf(find('/z/b/c')), 'right');
  });

  it('takes a slash at the end, double slashes and case as they are', () => {
    const find = routerOf(route('plain', { path: '/a/b' }), route('slash', { path: '/a/b/' }));
    assert.equal(targetOf(find('/a/b')), 'plain');
    assert.equal(targetOf(find('/a/b/')), 'slash');
    assert.equal(targetOf(find('/a//b')), 'not-found');
    assert.equal(targetOf(find('/A/b')), 'not-found');
    assert.equal(targetOf(find('//a/b')), 'not-found');
  });

  it('never matches a parameter with an empty segment', () => {
    const find = routerOf(route('one', { path: '/users/:id' }), route('two', { path: '/x/:a/:b' }));
    assert.equal(targetOf(find('/users/')), 'not-found');
    assert.equal(targetOf(find('/x//b')), 'not-found');
    assert.equal(targetOf(find('/x/a/')), 'not-found');
    assert.equal(targetOf(find('/x/a/b')), 'two');
  });

  it('gives decoded parameters by name, an encoded slash inside', () => {
    const find = routerOf(route('two', { path: '/u/:id/f/:file' }), route('rest', { path: '/raw/*' }));
    assert.deepEqual(parametersOf(find('/u/a%2Fb/f/%E4%BD%A0%20%2541+c'), 'id', 'file', 'other'), [
      'a/b',
      '你 %41+c',
      undefined,
    ]);
    assert.deepEqual(parametersOf(find('/raw/a/b%3F'), '*'), ['a/b?']);
    assert.deepEqual(parametersOf(find('/raw/'), '*'), ['']);
  });

  it('matches the percent-encoded form of literal text', () => {
    const find = routerOf(
      route('cafe', { path: '/café/100%' }),
      route('colon', { path: '/v1/a:b' }),
      route('regex', { path: '/x/(a|b)+.[c]?' }),
    );
    assert.equal(targetOf(find('/caf%C3%A9/100%25')), 'cafe');
    assert.equal(targetOf(find('/v1/a:b')), 'colon');
    assert.equal(targetOf(find('/v1/aXb')), 'not-found');
    assert.equal(targetOf(find('/x/a')), 'not-found');
    assert.equal(targetOf(find('/x/(a|b)+.[c]')), 'not-found');
  });

  it('keeps names such as __proto__ as names', () => {
    const find = routerOf(route('r', { path: '/p/:__proto__/:constructor' }));
    assert.deepEqual(parametersOf(find('/p/1/2'), '__proto__', 'constructor', 'toString'), ['1', '2', undefined]);
  });

  it('keeps parameter names apart where patterns of one shape name them differently', () => {
    const find = routerOf(
      route('tenant', { path: '/u/:name', headers: { 'x-tenant': 'a' } }),
      route('any', { path: '/u/:id' }),
    );
    assert.deepEqual(parametersOf(find('/u/7', { headers: { 'x-tenant': 'a' } }), 'name', 'id'), ['7', undefined]);
    assert.deepEqual(parametersOf(find('/u/7'), 'name', 'id'), [undefined, '7']);
  });

  it('takes parameters as long as a URL may be', () => {
    const find = routerOf(route('r', { path: '/u/:id' }));
    const id = 'x'.repeat(8000);
    assert.deepEqual(parametersOf(find(`/u/${id}`), 'id'), [id]);
  });

  for (const path of ['/u/%', '/u/%2', '/u/%zz', '/u/%ff', '/u/%C3%28', '/nowhere/%u0041', '/%c0%af']) {
    it(`reports bad percent-encoding in ${path}`, () => {
      const find = routerOf(route('r', { path: '/u/:id' }));
      assert.equal(find(path).kind, 'bad-encoding');
      assert.equal(find(path, {}, 'DELETE').kind, 'bad-encoding');
    });
  }
});

describe('createRouter() conditions', () => {
  it('prefers an exact host, then the longest wildcard, then none', () => {
    const find = routerOf(
      route('none', { path: '/' }),
      route('wide', { path: '/', host: '*.example.com' }),
      route('narrow', { path: '/', host: '*.eu.example.com' }),
      route('exact', { path: '/', host: ['API.example.com', 'other.example.org:8080'] }),
    );
    assert.equal(targetOf(find('/', { host: 'api.example.com' })), 'exact');
    assert.equal(targetOf(find('/', { host: 'other.example.org' })), 'exact');
    assert.equal(targetOf(find('/', { host: 'a.eu.example.com' })), 'narrow');
    assert.equal(targetOf(find('/', { host: 'a.b.example.com' })), 'wide');
    assert.equal(targetOf(find('/', { host: 'example.com' })), 'none');
    assert.equal(targetOf(find('/')), 'none');
  });

  it('prefers more conditions, then the order in the file', () => {
    const find = routerOf(
      route('first', { path: '/', headers: { a: true } }),
      route('second', { path: '/', query: { b: true } }),
      route('both', { path: '/', headers: { A: 'x' }, query: { b: 'y' } }),
      route('none', { path: '/' }),
    );
    const headers = { a: 'x' };
    assert.equal(targetOf(find('/', { headers, query: { b: 'y' } })), 'both');
    assert.equal(targetOf(find('/', { headers, query: { b: 'z' } })), 'first');
    assert.equal(targetOf(find('/', { query: { b: '' } })), 'second');
    assert.equal(targetOf(find('/')), 'none');
  });

  it('takes a host before any number of other conditions', () => {
    const find = routerOf(
      route('conditions', { path: '/', headers: { a: true, b: true } }),
      route('host', { path: '/', host: 'h' }),
    );
    assert.equal(targetOf(find('/', { host: 'h', headers: { a: '', b: '' } })), 'host');
  });

  it('knows exact values, any value and absence', () => {
    const find = routerOf(
      route('absent', { path: '/absent', cookie: { c: false } }),
      route('any', { path: '/any', cookie: { c: true } }),
      route('exact', { path: '/exact', cookie: { c: 'v' } }),
    );
    const cases: [string, Record<string, string>, string][] = [
      ['/absent', {}, 'absent'],
      ['/absent', { c: '' }, 'not-found'],
      ['/any', { c: '' }, 'any'],
      ['/any', {}, 'not-found'],
      ['/exact', { c: 'v' }, 'exact'],
      ['/exact', { c: 'V' }, 'not-found'],
      ['/exact', {}, 'not-found'],
    ];
    for (const [path, cookie, expected] of cases) assert.equal(targetOf(find(path, { cookie })), expected, path);
  });

  it('falls back to less exact paths when conditions fail', () => {
    const find = routerOf(
      route('literal', { path: '/a/b', headers: { k: '1' } }),
      route('parameter', { path: '/a/:x', headers: { k: '2' } }),
      route('rest', { path: '/a/*' }),
      route('root', { path: '/*', headers: { k: '3' } }),
    );
    assert.equal(targetOf(find('/a/b', { headers: { k: '1' } })), 'literal');
    assert.equal(targetOf(find('/a/b', { headers: { k: '2' } })), 'parameter');
    assert.deepEqual(parametersOf(find('/a/b', { headers: { k: '2' } }), 'x'), ['b']);
    assert.equal(targetOf(find('/a/b', { headers: { k: '3' } })), 'rest');
    assert.deepEqual(parametersOf(find('/a/b'), '*'), ['b']);
    assert.equal(targetOf(find('/z', { headers: { k: '3' } })), 'root');
    assert.equal(targetOf(find('/z')), 'not-found');
  });
});

describe('createRouter() methods', () => {
  const find = routerOf(
    route('read', { path: '/u/:id' }),
    route('write', { path: '/u/:id', method: ['PUT', 'delete'] }),
    route('tenant', { path: '/t', method: 'POST', host: 'a', headers: { k: '1' } }),
    route('head', { path: '/h', method: 'HEAD' }),
    route('get', { path: '/h' }),
    route('options', { path: '/o', method: 'OPTIONS' }),
  );

  it('serves HEAD by the GET route unless a HEAD route fits', () => {
    assert.equal(targetOf(find('/u/1', {}, 'HEAD')), 'read');
    assert.equal(targetOf(find('/h', {}, 'HEAD')), 'head');
    assert.equal(targetOf(find('/h', {}, 'GET')), 'get');
  });

  it('lists the methods of a path with 405 and OPTIONS', () => {
    const allow = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PUT'];
    assert.deepEqual(find('/u/1', {}, 'PATCH'), { kind: 'method-not-allowed', allow });
    assert.deepEqual(find('/u/1', {}, 'OPTIONS'), { kind: 'options', allow });
    assert.equal(targetOf(find('/u/1', {}, 'DELETE')), 'write');
    assert.equal(targetOf(find('/o', {}, 'OPTIONS')), 'options');
    assert.equal(find('/none', {}, 'OPTIONS').kind, 'not-found');
  });

  it('counts the host but no other condition when it lists methods', () => {
    assert.deepEqual(find('/t', { host: 'a' }, 'GET'), { kind: 'method-not-allowed', allow: ['OPTIONS', 'POST'] });
    assert.equal(find('/t', { host: 'b' }, 'GET').kind, 'not-found');
    assert.equal(find('/t', { host: 'a' }, 'POST').kind, 'not-found');
    assert.equal(targetOf(find('/t', { host: 'a', headers: { k: '1' } }, 'POST')), 'tenant');
  });

  it('names every method there is', () => {
    const entries = [route('a', { path: '/a' }), route('b', { path: '/b', method: ['PUT', 'PURGE'] })];
    assert.deepEqual(createRouter(entries).methods, ['GET', 'HEAD', 'OPTIONS', 'PURGE', 'PUT']);
    assert.deepEqual(createRouter([]).find('GET', '/', view()), { kind: 'not-found' });
  });
});

describe('createRouter() against a naive matcher', () => {
  const segment = fc.constantFrom('a', 'b', 'ab', ':x', ':y');
  const path = fc
    .tuple(fc.array(segment, { maxLength: 4 }), fc.constantFrom('', '', '/*', '/'))
    .map(([segments, tail]) => `${segments.map((text) => `/${text}`).join('')}${tail}` || '/');
  const entry = fc.record({
    path,
    host: fc.constantFrom(undefined, undefined, 'h.x', '*.x', 'g'),
    headers: fc.constantFrom({}, {}, { k: '1' }, { k: true, l: false }),
  });
  const request = fc.record({
    path: fc.array(fc.constantFrom('a', 'b', 'ab', 'c', ''), { maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
    host: fc.constantFrom('', 'h.x', 'i.x', 'g'),
    headers: fc.constantFrom({}, { k: '1' }, { k: '2' }, { k: '1', l: '' }),
  });

  it('finds the same route', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), fc.array(request, { maxLength: 8 }), (rules, requests) => {
        const entries = rules.map((rule, index) => route(String(index), rule as Partial<MatchConfig> & Rule));
        const find = routerOf(...entries);
        for (const { path, host, headers } of requests) {
          const expected = naive(rules, path, host, headers);
          assert.equal(targetOf(find(path, { host, headers: headers as Record<string, string> })), expected, path);
        }
      }),
      { numRuns: 500 },
    );
  });

  interface Rule {
    readonly path: string;
    readonly host?: string | undefined;
    readonly headers: Record<string, string | boolean | undefined>;
  }

  function naive(rules: readonly Rule[], path: string, host: string, headers: Record<string, unknown>): string {
    const ranked = rules
      .map((rule, index) => ({ rule, index }))
      .filter(({ rule }) => fits(rule, path, host, headers))
      .sort((a, b) => compare(rank(a.rule), rank(b.rule)) || a.index - b.index);
    return ranked.length === 0 ? 'not-found' : String(ranked[0]!.index);
  }

  function fits(rule: Rule, path: string, host: string, headers: Record<string, unknown>): boolean {
    const pattern = rule.path.slice(1).split('/');
    const actual = path.slice(1).split('/');
    const open = pattern.at(-1) === '*';
    if (open ? actual.length < pattern.length : actual.length !== pattern.length) return false;
    for (const [index, text] of pattern.entries()) {
      if (open && index === pattern.length - 1) break;
      if (text.startsWith(':') ? actual[index] === '' : actual[index] !== text) return false;
    }
    if (rule.host?.startsWith('*.') ? !host.endsWith(rule.host.slice(1)) : (rule.host ?? host) !== host) return false;
    return Object.entries(rule.headers).every(([name, wanted]) =>
      typeof wanted === 'string' ? headers[name] === wanted : (headers[name] !== undefined) === wanted,
    );
  }

  function rank(rule: Rule): number[] {
    const pattern = rule.path.slice(1).split('/');
    const weights = pattern.map((text) => (text === '*' ? 2 : text.startsWith(':') ? 1 : 0));
    const hostRank = rule.host === undefined ? 2 : rule.host.startsWith('*') ? 1 : 0;
    return [...weights, ...Array(8 - weights.length).fill(0), hostRank, -Object.keys(rule.headers).length];
  }

  function compare(a: readonly number[], b: readonly number[]): number {
    for (const [index, value] of a.entries()) if (value !== b[index]) return value - b[index]!;
    return 0;
  }
});

describe('createRouter() cost', () => {
  it('builds ten thousand routes and finds any of them as fast as one of ten', () => {
    const startedMs = cpuMs();
    const large = routerOf(
      ...Array.from({ length: 10_000 }, (_, index) => route(String(index), { path: `/service${index}/:id/items` })),
    );
    const builtMs = cpuMs() - startedMs;
    assert.ok(builtMs < 5_000, `built in ${builtMs} ms`);
    assert.deepEqual(parametersOf(large('/service9999/42/items'), 'id'), ['42']);

    const small = routerOf(
      ...Array.from({ length: 10 }, (_, index) => route(String(index), { path: `/service${index}/:id/items` })),
    );
    const ratio = costOf(() => large('/service9999/42/items')) / costOf(() => small('/service9/42/items'));
    assert.ok(ratio < 10, `ten thousand routes cost ${ratio} times ten routes`);
  });

  function costOf(run: () => unknown): number {
    return fastestMs(10, () => {
      for (let count = 0; count < 20_000; count += 1) run();
    });
  }
});
