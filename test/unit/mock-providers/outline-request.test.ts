import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MalformedRequest, outlineRequest } from '../../../mock-providers/outline-request.ts';
import { ReceivedCall } from '../../../mock-providers/received-call.ts';
import { genericBody, TYPES, USERS } from './raw-client.ts';

const body = genericBody({
  service: USERS,
  method: 'saveUser',
  types: ['com.acme.user.User', 'long'],
  args: [
    { name: '李😀', tags: ['a', 'b'], balance: { $class: 'com.acme.Money', $: { amount: 1.5 } }, at: new Date(1) },
    { $class: 'long', $: '9007199254740993' },
  ],
  attachments: { traceparent: '00-1-2-01' },
});

describe('outlineRequest', () => {
  it('finds the parts of a generic call', () => {
    const outline = outlineRequest(body);
    assert.equal(outline.protocolVersion, '2.0.2');
    assert.equal(outline.path, USERS);
    assert.equal(outline.version, '1.0.0');
    assert.equal(outline.method, '$invoke');
    assert.deepEqual(outline.invoked, { name: 'saveUser', types: ['com.acme.user.User', 'long'], typedLists: true });
    assert.equal(outline.attachments.get('group'), 'core');
    assert.equal(outline.attachments.get('traceparent'), '00-1-2-01');
    assert.equal(body[outline.argumentsEnd], 'H'.charCodeAt(0));
  });

  it('refuses a body that ends anywhere before its end', () => {
    for (let length = 0; length < body.length; length++) {
      // A body may end in front of the attachments.
      if (length === outlineRequest(body).argumentsEnd) continue;
      assert.throws(() => outlineRequest(body.subarray(0, length)), MalformedRequest, `${length} bytes`);
    }
  });

  it('tells a broken head from broken arguments', () => {
    const broken = (text: Buffer): boolean => {
      try {
        outlineRequest(text);
      } catch (error) {
        return (error as MalformedRequest).beforeArguments;
      }
      return assert.fail('accepted');
    };
    assert.equal(broken(Buffer.from('zzzz')), true);
    assert.equal(broken(body.subarray(0, body.length - 1)), false);
  });

  it('refuses 4-byte UTF-8, lists without length, lengths beyond the body and deep nesting', () => {
    const withArgument = (hex: string): Buffer => {
      const start = genericBody({ service: TYPES, method: 'echo', types: ['java.lang.Object'], args: [null] });
      const at = start.lastIndexOf(Buffer.from('N', 'latin1'), outlineRequest(start).argumentsEnd);
      return Buffer.concat([start.subarray(0, at), Buffer.from(hex, 'hex'), start.subarray(at + 1)]);
    };
    assert.doesNotThrow(() => outlineRequest(withArgument('91')));
    for (const hex of [
      '02f09f9880',
      '57915a',
      '5801ff',
      '58497fffffff',
      '5849ffffffff',
      `${'79'.repeat(1100)}78`,
      '4f90',
    ]) {
      assert.throws(() => outlineRequest(withArgument(hex)), MalformedRequest, hex.slice(0, 20));
    }
  });

  it('refuses or understands any bytes, and never fails in another way', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(body.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.uint8Array({ maxLength: 8 }),
        (changes, tail) => {
          const changed = Buffer.concat([body, tail]);
          for (const [at, byte] of changes) changed[at] = byte;
          try {
            assert.ok(outlineRequest(changed).path.length >= 0);
          } catch (error) {
            assert.ok(error instanceof MalformedRequest, String(error));
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('ReceivedCall', () => {
  it('decodes arguments as hessian.js does and with their types', () => {
    const call = new ReceivedCall(3, false, outlineRequest(body), body);
    const [user, id] = call.args as [Record<string, unknown>, unknown];
    assert.equal(user.name, '李😀');
    assert.deepEqual(user.balance, { amount: 1.5 });
    assert.equal(id, '9007199254740993');
    assert.equal(call.argTexts[1], 'long 9007199254740993');
    assert.match(call.argTexts[0]!, /^map\{.*object com\.acme\.Money\{amount: double 1\.5\}/);
    assert.equal(call.attachments.generic, 'true');
  });
});
