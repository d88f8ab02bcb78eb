import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from '../../../src/config/parse-config.ts';

const SERVICES = `
services:
  users:
    interface: com.acme.UserService
    providers: ["dubbo://127.0.0.1:20880"]
    methods:
      get: { parameters: [long] }
      notify: { oneway: true }
`;

const GET = 'call: { service: users, method: get, args: [path.id] }';

/** What is found in a route of these keys: `error routes[0].split: message`. */
function found(keys: string, match = '{ path: "/users/:id" }'): readonly string[] {
  const text = `${SERVICES}\nroutes:\n  - { id: r, match: ${match}, ${keys} }\n`;
  return parseConfig(text, 'my.yaml', {}).diagnostics.map(({ severity, path, message, suggestion }) => {
    return `${severity} ${path}: ${message}${suggestion === undefined ? '' : ` (${suggestion}?)`}`;
  });
}

const split = (...sides: readonly string[]) => `split: [${sides.map((side) => `{ ${side}, ${GET} }`).join(', ')}]`;
const TWO = split('weight: 95', 'weight: 5, name: next');

describe('a route', () => {
  it('has one call or a split of several', () => {
    assert.deepEqual(found(GET), []);
    assert.deepEqual(found(TWO), []);
    assert.deepEqual(found(split('weight: 1')), []);
    assert.deepEqual(found('timeoutMs: 5'), [
      'error routes[0]: a route needs the key "call", or "split" for several calls',
    ]);
    assert.deepEqual(found(`${GET}, ${TWO}`), [
      'error routes[0].split: a route has one call or a split, not both: "call" stands in line 11; make it a side of the split',
    ]);
  });

  it('is not told twice of a call that could not be read', () => {
    assert.deepEqual(found('call: 5'), ['error routes[0].call: expected a map, found 5']);
    assert.deepEqual(found('split: 5'), ['error routes[0].split: expected a list, found 5']);
    assert.deepEqual(found('call: { method: get }'), [
      'error routes[0].call.service: `routes[0].call` needs the key "service"',
    ]);
  });
});

describe('the sides of a split', () => {
  it('are checked like the one call of a route, each at its place', () => {
    const sides =
      'split: [{ weight: 1, call: { service: user, method: get } }, { weight: 1, call: { service: users, method: gett, args: [path.ids, 5] } }]';
    assert.deepEqual(
      found(sides).map((text) => text.split(':')[0]),
      [
        'error routes[0].split[0].call.service',
        'error routes[0].split[1].call.method',
        'error routes[0].split[1].call.args[1]',
      ],
    );
  });

  it('keep a field named __proto__ in their arguments', () => {
    const call = '{ service: users, method: get, args: [{ __proto__: path.id }] }';
    assert.deepEqual(found(`split: [{ weight: 1, call: ${call} }], mirror: { share: 1, call: ${call} }`), []);
  });

  it('have weights from 0 of which one is above 0', () => {
    assert.deepEqual(found(split('weight: 0.5', 'weight: 1000')), []);
    for (const wrong of ['-1', '.inf', '.nan', 'many']) {
      const [first, ...others] = found(split('weight: 1', `weight: ${wrong}`));
      assert.match(first!, /^error routes\[0\]\.split\[1\]\.weight: /);
      assert.deepEqual(others, []);
    }
    assert.deepEqual(found(split('weight: 0', 'weight: 0')), [
      'error routes[0].split: all sides have the weight 0: one at least must take requests',
    ]);
  });

  it('are warned of where nothing can reach them', () => {
    const sides = split('weight: 1', 'weight: 0');
    assert.deepEqual(found(sides), [
      'warning routes[0].split[1].weight: the side takes no request: give it a weight, or let requests ask for it by splitOverride',
    ]);
    assert.deepEqual(found(`${sides}, splitOverride: { header: x-side }`), []);
  });

  it('have names of their own, the number of a side being the name of one without', () => {
    assert.deepEqual(found(split('weight: 1, name: a', 'weight: 1, name: b')), []);
    assert.deepEqual(found(split('weight: 1, name: a', 'weight: 1, name: a')), [
      'error routes[0].split[1].name: the side in line 11 is named "a" as well',
    ]);
    assert.match(
      found(split('weight: 1, name: "2"', 'weight: 1'))[0]!,
      /^error routes\[0\]\.split\[0\]\.name: expected letters/,
    );
  });

  it('are at most 32', () => {
    const many = Array.from({ length: 33 }, () => 'weight: 1');
    assert.match(found(split(...many))[0]!, /^error routes\[0\]\.split: /);
    assert.deepEqual(found(split(...many.slice(1))), []);
  });

  it('make the options of answers useless only where all are one-way', () => {
    const oneWay = '{ weight: 1, call: { service: users, method: notify } }';
    const response = 'response: { nulls: omit }';
    assert.deepEqual(found(`split: [${oneWay}, { weight: 1, ${GET} }], ${response}`), []);
    assert.match(found(`split: [${oneWay}], ${response}`)[0]!, /^warning routes\[0\]\.response: the method is oneway/);
  });
});

describe('what chooses a side', () => {
  it('is one text of the request', () => {
    for (const source of ['header.x-user', 'cookie.user', 'query.user', 'path.id', 'jwt.sub', 'client.ip']) {
      assert.deepEqual(found(`${TWO}, stickyOn: ${source}`), [], source);
    }
    assert.deepEqual(found(`${TWO}, stickyOn: body.user`, '{ path: "/users/:id", method: POST }'), []);
    assert.match(
      found(`${TWO}, stickyOn: heder.x-user`).join(),
      /^error routes\[0\]\.stickyOn: "heder\.x-user": a source starts with one of .*\(header\.x-user\?\)$/,
    );
    assert.deepEqual(found(`${TWO}, stickyOn: path.user`).length, 1);
    assert.deepEqual(found(`${TWO}, stickyOn: "query.u[]"`), [
      'error routes[0].stickyOn: what keeps a request on its side is one text, found "query.u[]"',
    ]);
  });

  it('can be named by a header or a cookie', () => {
    assert.deepEqual(found(`${TWO}, splitOverride: { header: x-canary, cookie: canary }`), []);
    assert.deepEqual(found(`${TWO}, splitOverride: {}`), [
      'error routes[0].splitOverride: expected the name of a header or a cookie, such as { header: x-canary }',
    ]);
    assert.deepEqual(found(`${TWO}, splitOverride: { header: "x canary" }`), [
      'error routes[0].splitOverride.header: "x canary" cannot be the name of a header',
    ]);
  });

  it('needs a split', () => {
    assert.deepEqual(found(`${GET}, stickyOn: header.x, splitOverride: { header: x }`), [
      'error routes[0].stickyOn: "stickyOn" needs a "split": there is nothing to choose from',
      'error routes[0].splitOverride: "splitOverride" needs a "split": there is nothing to choose from',
    ]);
  });
});

describe('a mirror', () => {
  it('has a share above 0 and a call that is checked like others', () => {
    assert.deepEqual(found(`${GET}, mirror: { share: 0.1, ${GET} }`), []);
    assert.deepEqual(found(`${TWO}, mirror: { share: 1, maxInFlight: 5, ${GET} }`), []);
    for (const share of ['0', '1.5', '-1']) {
      assert.match(found(`${GET}, mirror: { share: ${share}, ${GET} }`)[0]!, /^error routes\[0\]\.mirror\.share: /);
    }
    assert.deepEqual(found(`${GET}, mirror: { share: 1, call: { service: users, method: gett } }`), [
      'error routes[0].mirror.call.method: service "users" has no method "gett" (get?)',
    ]);
  });
});

describe('the sources that choose a provider', () => {
  it('are checked with the rest of the call', () => {
    const call = (keys: string) => found(`call: { service: users, method: get, args: [path.id], ${keys} }`);
    assert.deepEqual(call('tag: header.x-tag, hashOn: path.id'), []);
    assert.deepEqual(call('tag: { value: gray }'), []);
    assert.match(
      call('tag: heder.x').join(),
      /^error routes\[0\]\.call\.tag: "heder\.x": a source starts .*\(header\.x\?\)$/,
    );
    assert.deepEqual(call('hashOn: path.user').length, 1);
    assert.deepEqual(call('tag: { a: header.x }'), ['error routes[0].call.tag: a tag is one text, found an object']);
  });
});
