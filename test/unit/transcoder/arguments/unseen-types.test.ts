import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecoderV2 } from 'hessian.js';
import { ArgumentPlanError } from '../../../../src/transcoder/arguments/argument-plan-error.ts';
import { UNSENDABLE_UNSEEN_CLASSES } from '../../../../src/transcoder/arguments/unsendable-classes.ts';
import { BODY, constant, merge, object, plan, query, refusal, run, type Types } from './argument-cases.ts';

const USER = 'com.acme.User';
const TYPES: Types = {
  'com.acme.Page<T>': { items: 'List<T>', first: 'T', raw: 'T[]', byName: 'Map<String, T>', total: 'long' },
  'com.acme.User': { id: 'long', address: 'com.acme.Address', born: 'java.time.Year' },
  'com.acme.Address': { street: 'String' },
  'com.acme.Holder': { page: 'com.acme.Page<com.acme.User>', users: 'List<? extends com.acme.User>' },
};

/** What hessian.js, which is not our own codec, reads of the bytes for a body. Objects and typed values keep their class. */
function decoded(type: string, body: unknown, allowed: readonly string[] = []): unknown {
  return decode(run(plan(BODY, type, TYPES, allowed), { body: JSON.stringify(body) }));
}

function decode(bytes: Buffer): unknown {
  return JSON.parse(JSON.stringify(new DecoderV2(bytes).read(true)));
}

/** An untyped map as hessian.js shows it with types. */
function map(content: Readonly<Record<string, unknown>>): unknown {
  return content;
}

describe('types that a provider does not see', () => {
  it('name their class where a type variable stood: in a field, a list, an array and a map', () => {
    const user = { class: USER, id: 1 };
    assert.deepEqual(
      untyped(
        decoded(`com.acme.Page<${USER}>`, {
          items: [{ id: 1 }, null],
          first: { id: 1 },
          raw: [{ id: 1 }],
          byName: { a: { id: 1 } },
          total: 1,
        }),
      ),
      map({ items: [user, null], first: user, raw: [user], byName: { a: user }, total: 1 }),
    );
  });

  it('name it as the first entry', () => {
    const bytes = run(plan(BODY, `com.acme.Page<${USER}>`, TYPES), { body: '{"first":{"id":1}}' });
    assert.ok(bytes.includes(Buffer.concat([Buffer.from('H\x05class\x0d', 'latin1'), Buffer.from(USER)])));
  });

  it('do not name it where the provider sees it: the argument itself, and fields of the class', () => {
    const sent = untyped(decoded(`com.acme.Page<${USER}>`, { first: { address: { street: 'x' } } }));
    assert.deepEqual(sent, { first: { class: USER, address: { street: 'x' } } });
    assert.deepEqual(untyped(decoded(`List<${USER}>`, [{ id: 1 }])), [{ id: 1 }]);
    assert.deepEqual(untyped(decoded(`Map<String, ${USER}>`, { a: { id: 1 } })), { a: { id: 1 } });
    assert.deepEqual(untyped(decoded('com.acme.Holder', { page: { total: 1 } })), { page: { total: 1 } });
  });

  it('are found through the fields of other classes and through nested type arguments', () => {
    const user = { class: USER, id: 1 };
    assert.deepEqual(untyped(decoded('com.acme.Holder', { page: { first: { id: 1 } }, users: [{ id: 1 }] })), {
      page: { first: user },
      users: [user],
    });
    assert.deepEqual(untyped(decoded(`com.acme.Page<com.acme.Page<${USER}>>`, { items: [{ first: { id: 1 } }] })), {
      items: [{ class: 'com.acme.Page', first: user }],
    });
    assert.deepEqual(untyped(decoded(`com.acme.Page<List<${USER}>>`, { first: [{ id: 1 }] })), { first: [user] });
  });

  it('name the class of wildcards and of generic classes inside a collection', () => {
    assert.deepEqual(untyped(decoded(`Map<String, ? extends ${USER}>`, { a: { id: 1 } })), {
      a: { class: USER, id: 1 },
    });
    assert.deepEqual(untyped(decoded(`List<com.acme.Page<${USER}>>`, [{ total: 1 }])), [
      { class: 'com.acme.Page', total: 1 },
    ]);
  });

  it('name a class that is not declared too, but none for text, which is an enum constant', () => {
    const sent = decoded('com.acme.Page<com.acme.Other>', { items: [{ a: { b: 1 } }, 'HIGH', 5, null, [1]] });
    assert.deepEqual(untyped(sent), {
      items: [{ class: 'com.acme.Other', a: { b: 1 } }, { enum: 'com.acme.Other', name: 'HIGH' }, 5, null, [1]],
    });
    const fromQuery = plan(object({ first: query('level') }), 'com.acme.Page<com.acme.Level>', TYPES);
    assert.deepEqual(untyped(decode(run(fromQuery, { query: { level: ['LOW'] } }))), {
      first: { enum: 'com.acme.Level', name: 'LOW' },
    });
  });

  it('name no class for types of the JDK', () => {
    for (const type of ['Object', 'java.io.Serializable', 'java.lang.Number', 'Map<String, Object>']) {
      assert.deepEqual(untyped(decoded(`com.acme.Page<${type}>`, { first: { a: 1 } })), { first: { a: 1 } });
    }
    assert.deepEqual(untyped(decoded('com.acme.Page<Long>', { items: [1, '2'] })), { items: [1, 2] });
  });

  it('send JDK values as objects, BigDecimal too', () => {
    const value = { $class: 'java.math.BigDecimal', $: { value: { $class: 'java.lang.String', $: '1.10' } } };
    const sent = JSON.stringify(decoded('com.acme.Page<BigDecimal>', { first: 1.1 }));
    assert.ok(sent.includes(value.$class), sent);
    assert.ok(JSON.stringify(decoded('List<? extends BigDecimal>', ['1.10'])).includes(value.$class));
    assert.ok(!JSON.stringify(decoded('List<BigDecimal>', ['1.10'])).includes(value.$class));
    assert.ok(JSON.stringify(decoded('com.acme.Page<UUID>', { first: ID })).includes('java.util.UUID'));
  });

  it('name the class of a collection that is no ArrayList', () => {
    const bytes = (type: string) => run(plan(BODY, type, TYPES), { body: '[[1]]' }).toString('latin1');
    assert.ok(bytes('List<Set<Long>>').includes('java.util.HashSet'));
    assert.ok(bytes('List<java.util.TreeSet<Long>>').includes('java.util.TreeSet'));
    assert.ok(!bytes('List<List<Long>>').includes('java'));
    assert.ok(!bytes('Set<Collection<Long>>').includes('java'));
  });

  it('are refused where another class would arrive', () => {
    for (const type of UNSENDABLE_UNSEEN_CLASSES.keys()) {
      assert.throws(() => plan(BODY, `com.acme.Page<${type}>`, TYPES), ArgumentPlanError, type);
      assert.throws(() => plan(BODY, `List<? extends ${type}>`), ArgumentPlanError, type);
      assert.doesNotThrow(() => plan(BODY, `List<${type}>`), type);
    }
  });

  it('leave a class key of the request refused, and let an allowed one replace the class', () => {
    const page = `com.acme.Page<${USER}>`;
    const body = { first: { class: 'com.acme.Admin', id: 1 } };
    assert.equal(refusal(plan(BODY, page, TYPES), { body: JSON.stringify(body) }).code, 'REQUEST_CLASS_KEY');
    const own = { first: { class: USER } };
    assert.equal(refusal(plan(BODY, page, TYPES), { body: JSON.stringify(own) }).code, 'REQUEST_CLASS_KEY');
    assert.deepEqual(untyped(decoded(page, body, ['com.acme.Admin'])), { first: { class: 'com.acme.Admin', id: 1 } });
  });

  it('name their class in objects of sources and in merged ones', () => {
    const page = `com.acme.Page<${USER}>`;
    const user = { first: { class: USER, id: 7 } };
    const fromSources = plan(object({ first: object({ id: query('id') }) }), page, TYPES);
    assert.deepEqual(untyped(decode(run(fromSources, { query: { id: ['7'] } }))), user);
    const merged = plan(object({ first: merge(constant({ id: 1 }), object({ id: query('id') })) }), page, TYPES);
    assert.deepEqual(untyped(decode(run(merged, { query: { id: ['7'] } }))), user);
    const typed = plan(object({ first: query('x', { type: 'BigDecimal' }) }), 'com.acme.Page<BigDecimal>', TYPES);
    assert.ok(run(typed, { query: { x: ['1.10'] } }).includes('java.math.BigDecimal'));
  });
});

const ID = '123e4567-e89b-12d3-a456-426614174000';

/** Takes away what hessian.js says of maps, lists and numbers; an object of one name is an enum constant. */
function untyped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untyped);
  if (typeof value !== 'object' || value === null) return value;
  const { $class, $ } = value as { $class?: string; $?: unknown };
  if ($class === undefined) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, untyped(item)]));
  }
  const content = untyped($);
  return /^com\.acme/.test($class) ? { enum: $class, ...(content as object) } : content;
}
