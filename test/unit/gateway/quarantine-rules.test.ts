import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import { quarantineRulesByMethod } from '../../../src/gateway/quarantine-rules.ts';
import { checkedConfig } from '../../support/gateway-under-test.ts';

type Services = NonNullable<GatewayConfigInput['services']>;

function rulesOf(input: GatewayConfigInput) {
  return quarantineRulesByMethod(checkedConfig(input));
}

/** What can be told apart of the rules of each method. */
function summary(input: GatewayConfigInput): Record<string, string> {
  return Object.fromEntries(
    [...rulesOf(input)].map(([key, { enabled, timeouts, slowCallMs }]) => [
      key,
      `${enabled ? 'on' : 'off'} ${timeouts} ${slowCallMs}`,
    ]),
  );
}

const SERVICES: Services = {
  users: {
    interface: 'com.acme.UserService',
    version: '1.0.0',
    group: 'core',
    providers: ['dubbo://a:1'],
    quarantine: { timeouts: 4 },
    methods: {
      get: { parameters: ['long'] },
      getByName: { name: 'get', parameters: ['String'], quarantine: { slowCallMs: 700 } },
      export: { quarantine: 'off' },
    },
  },
  prices: {
    interface: 'com.acme.PriceService',
    providers: ['dubbo://a:1'],
    quarantine: 'off',
    methods: { all: {}, quote: { parameters: ['java.util.List<java.lang.Long>'], quarantine: { timeouts: 3 } } },
  },
};

describe('the rules of quarantine by method', () => {
  it('are found under the keys that calls are counted under, the most exact level wins', () => {
    assert.deepEqual(summary({ services: SERVICES, bulkhead: { quarantine: { slowCallMs: 900 } } }), {
      'com.acme.UserService:1.0.0:core#get(long)': 'on 4 900',
      'com.acme.UserService:1.0.0:core#get(java.lang.String)': 'on 4 700',
      'com.acme.UserService:1.0.0:core#export()': 'off 4 900',
      'com.acme.PriceService#all()': 'off 10 900',
      'com.acme.PriceService#quote(java.util.List)': 'on 3 900',
    });
  });

  it('are off everywhere under `quarantine: off`, but for who says otherwise', () => {
    const { quarantine: _, ...users } = SERVICES.users!;
    assert.deepEqual(summary({ services: { users }, bulkhead: { quarantine: 'off' } }), {
      'com.acme.UserService:1.0.0:core#get(long)': 'off 10 2000',
      'com.acme.UserService:1.0.0:core#get(java.lang.String)': 'on 10 700',
      'com.acme.UserService:1.0.0:core#export()': 'off 10 2000',
    });
  });

  it('are complete with the whole section off, since the file may turn it on later', () => {
    const rules = rulesOf({ services: SERVICES, bulkhead: 'off' });
    assert.equal(rules.size, 5);
    assert.ok([...rules.values()].every(({ windowMs }) => windowMs === 10_000));
  });

  it('are those of the first where two entries are the same method', () => {
    const same = { parameters: ['long'] };
    const services: Services = {
      one: {
        interface: 'demo.Foo',
        providers: ['dubbo://a:1'],
        methods: { get: { ...same, quarantine: { timeouts: 5 } } },
      },
      two: {
        interface: 'demo.Foo',
        providers: ['dubbo://b:1'],
        methods: { fetch: { ...same, name: 'get', quarantine: 'off' } },
      },
    };
    assert.deepEqual(summary({ services }), { 'demo.Foo#get(long)': 'on 5 2000' });
  });
});
