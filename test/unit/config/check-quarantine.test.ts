import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkConfig } from '../../../src/config/check-config.ts';
import { findings, USERS_SERVICE } from '../../support/config-findings.ts';

function global(rules: string): string {
  return `bulkhead: { quarantine: ${rules} }`;
}

describe('times in quarantine', () => {
  it('may be equal', () => {
    assert.deepEqual(findings(global('{ minQuarantineMs: 7000, maxQuarantineMs: 7000 }')), []);
  });

  it('contradict each other at one level', () => {
    const least = ['error bulkhead.quarantine.minQuarantineMs'];
    assert.deepEqual(findings(global('{ minQuarantineMs: 7001, maxQuarantineMs: 7000 }')), least);
    assert.deepEqual(findings(global('{ minQuarantineMs: 300001 }')), least);
    assert.deepEqual(findings(global('{ maxQuarantineMs: 4999 }')), ['error bulkhead.quarantine.maxQuarantineMs']);
  });

  it('contradict each other across levels, where the more exact one is written', () => {
    const service = `${global('{ minQuarantineMs: 9000 }')}${USERS_SERVICE}    quarantine: { maxQuarantineMs: 8000 }\n`;
    assert.deepEqual(findings(service), ['error services.users.quarantine.maxQuarantineMs']);
    const method = `${USERS_SERVICE}    quarantine: { maxQuarantineMs: 8000 }\n    methods: { list: { quarantine: { minQuarantineMs: 9000 } } }\n`;
    assert.deepEqual(findings(method), ['error services.users.methods.list.quarantine.minQuarantineMs']);
  });

  it('are told once, not at each level below', () => {
    const below = '    quarantine: { timeouts: 3 }\n    methods: { list: { quarantine: { minCalls: 3 } } }\n';
    assert.deepEqual(findings(`${global('{ maxQuarantineMs: 1 }')}${USERS_SERVICE}${below}`), [
      'error bulkhead.quarantine.maxQuarantineMs',
    ]);
  });

  it('are those of the defaults where quarantine is off above', () => {
    for (const above of [global('off'), 'bulkhead: off']) {
      const text = `${above}${USERS_SERVICE}    methods: { list: { quarantine: { maxQuarantineMs: 4000 } } }\n`;
      assert.deepEqual(findings(text), ['error services.users.methods.list.quarantine.maxQuarantineMs'], above);
    }
  });

  it('are not compared while one is wrong by itself', () => {
    const wrong = `${global('{ minQuarantineMs: 1.5 }')}${USERS_SERVICE}    quarantine: { maxQuarantineMs: 100 }\n`;
    assert.deepEqual(findings(wrong), ['error bulkhead.quarantine.minQuarantineMs']);
    const noSection = `bulkhead: 5${USERS_SERVICE}    quarantine: { maxQuarantineMs: 100 }\n`;
    assert.deepEqual(findings(noSection), ['error bulkhead']);
  });

  it('are named by their path where there are no lines', () => {
    const { diagnostics } = checkConfig({
      bulkhead: { quarantine: { minQuarantineMs: 9000 } },
      services: { a: { interface: 'a.B', providers: ['dubbo://a:1'], quarantine: { maxQuarantineMs: 8000 } } },
    });
    assert.deepEqual(
      diagnostics.map(({ message }) => message),
      [
        'minQuarantineMs (9000, from bulkhead.quarantine.minQuarantineMs) is longer than maxQuarantineMs (8000), to which it grows; lower the one or raise the other',
      ],
    );
  });
});

describe('slowCallMs above the time of a call', () => {
  const warning = ['warning services.users.methods.list.quarantine.slowCallMs'];
  const method = (keys: string, routes = ''): string => `${USERS_SERVICE}    methods: { list: { ${keys} } }\n${routes}`;
  const route = (id: string, timeoutMs = ''): string =>
    `  - { id: ${id}, match: { path: /${id} }, call: { service: users, method: list }${timeoutMs} }\n`;

  it('is warned of where a method has it for itself', () => {
    assert.deepEqual(findings(method('quarantine: { slowCallMs: 1001 }')), warning);
    assert.deepEqual(findings(method('timeoutMs: 3000, quarantine: { slowCallMs: 3001 }')), warning);
  });

  it('is right where calls can last as long', () => {
    assert.deepEqual(findings(method('quarantine: { slowCallMs: 1000 }')), []);
    assert.deepEqual(findings(method('timeoutMs: 3000, quarantine: { slowCallMs: 3000 }')), []);
    assert.deepEqual(findings(`defaults: { timeoutMs: 3000 }${method('quarantine: { slowCallMs: 3000 }')}`), []);
  });

  it('counts the time-outs of the routes', () => {
    const slow = 'quarantine: { slowCallMs: 5000 }';
    assert.deepEqual(findings(method(slow, `routes:\n${route('a', ', timeoutMs: 5000')}`)), []);
    assert.deepEqual(findings(method(slow, `routes:\n${route('a', ', timeoutMs: 4999')}`)), warning);
    assert.deepEqual(findings(method(slow, `routes:\n${route('a')}${route('b', ', timeoutMs: 9000')}`)), []);
    const short = `routes:\n${route('a', ', timeoutMs: 100')}`;
    assert.deepEqual(findings(method(`timeoutMs: 6000, ${slow}`, short)), warning);
    assert.deepEqual(findings(method(`timeoutMs: 6000, ${slow}`, `${short}${route('b')}`)), []);
  });

  it('is warned of at a service where no method that follows it can be slow', () => {
    const service = (methods: string): readonly string[] =>
      findings(`${USERS_SERVICE}    quarantine: { slowCallMs: 5000 }\n    methods: { ${methods} }\n`);
    assert.deepEqual(service('a: {}, b: { timeoutMs: 4999 }'), ['warning services.users.quarantine.slowCallMs']);
    assert.deepEqual(service('a: {}, b: { timeoutMs: 5000 }'), []);
    assert.deepEqual(service('a: { quarantine: off }, b: { quarantine: { slowCallMs: 100 } }'), []);
    assert.deepEqual(service(''), []);
  });

  it('is no matter where it was not written for the method or its service', () => {
    assert.deepEqual(findings(`${global('{ slowCallMs: 60000 }')}${method('quarantine: { timeouts: 3 }')}`), []);
  });

  it('is not judged while a time-out is wrong by itself', () => {
    const slow = 'quarantine: { slowCallMs: 5000 }';
    const broken = [
      [method(`timeoutMs: 1.5, ${slow}`), 'error services.users.methods.list.timeoutMs'],
      [`defaults: { timeoutMs: 1.5 }${method(slow)}`, 'error defaults.timeoutMs'],
      [method(slow, `routes:\n${route('a', ', timeoutMs: 1.5')}`), 'error routes[0].timeoutMs'],
    ] as const;
    for (const [text, finding] of broken) assert.deepEqual(findings(text), [finding]);
  });
});
