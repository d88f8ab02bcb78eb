import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maskSecrets } from '../../../src/config/mask-secrets.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { ALL_ROUTES, selectRoutes } from '../../../src/config/select-routes.ts';

const TEXT = `
services:
  orders: { interface: com.acme.Orders, providers: ["dubbo://a:1"], methods: { get: {} } }
  prices: { interface: com.acme.Prices, providers: ["dubbo://a:1"], methods: { get: {} } }
  prices-next: { interface: com.acme.Prices, version: "2", providers: ["dubbo://a:1"], methods: { get: {} } }
  shadow: { interface: com.acme.Shadow, providers: ["dubbo://a:1"], methods: { get: {} } }
routes:
  - { id: plain, match: { path: /plain }, call: { service: orders, method: get } }
  - { id: order, tags: [trade], match: { path: /order, headers: { x-key: "\${A}" } }, call: { service: orders, method: get } }
  - id: price
    tags: [trade, catalogue]
    match: { path: /price, headers: { x-key: "\${B}" } }
    split:
      - { weight: 1, call: { service: prices, method: get } }
      - { weight: 1, call: { service: prices-next, method: get } }
    mirror: { share: 1, call: { service: shadow, method: get } }
`;

const { config, secretPaths, diagnostics } = parseConfig(TEXT, 'my.yaml', { A: 'secret-a', B: 'secret-b' });

function selected(only: readonly string[], except: readonly string[] = []) {
  assert.ok(config, JSON.stringify(diagnostics));
  return selectRoutes(config, secretPaths, { only, except });
}

function idsOf(only: readonly string[], except?: readonly string[]): string[] {
  return selected(only, except).config!.routes.map(({ id }) => id);
}

describe('a part of the routes', () => {
  it('is all of them where nothing is selected', () => {
    assert.equal(selectRoutes(config!, secretPaths, ALL_ROUTES).config, config);
  });

  it('is those with one of the tags, less those with another', () => {
    assert.deepEqual(idsOf(['trade']), ['order', 'price']);
    assert.deepEqual(idsOf(['catalogue']), ['price']);
    assert.deepEqual(idsOf(['catalogue', 'trade']), ['order', 'price']);
    assert.deepEqual(idsOf([], ['catalogue']), ['plain', 'order']);
    assert.deepEqual(idsOf(['trade'], ['catalogue']), ['order']);
    assert.deepEqual(idsOf([], ['trade']), ['plain']);
  });

  it('has the services that are called, by sides and mirrors too, and no others', () => {
    assert.deepEqual(Object.keys(selected([], ['trade']).config!.services), ['orders']);
    assert.deepEqual(Object.keys(selected(['catalogue']).config!.services), ['prices', 'prices-next', 'shadow']);
  });

  it('keeps its secrets hidden where they are now', () => {
    const part = selected(['catalogue']);
    assert.deepEqual(part.secretPaths, ['routes[0].match.headers.x-key']);
    assert.ok(!JSON.stringify(maskSecrets(part.config, part.secretPaths)).includes('secret-'));
  });

  it('is refused for a tag that no route has, with the nearest', () => {
    const wrong = selected(['trad'], ['other']);
    assert.equal(wrong.config, undefined);
    assert.deepEqual(
      wrong.diagnostics.map(({ severity, message, suggestion }) => [severity, message, suggestion]),
      [
        ['error', 'only: no route has the tag "trad"', 'trade'],
        ['error', 'except: no route has the tag "other"', undefined],
      ],
    );
  });

  it('is refused where it is nothing', () => {
    const { config: none, diagnostics: found } = selected(['trade'], ['trade']);
    assert.equal(none, undefined);
    assert.deepEqual(
      found.map(({ message }) => message),
      ['no route is left of what is asked for by tag'],
    );
  });
});
