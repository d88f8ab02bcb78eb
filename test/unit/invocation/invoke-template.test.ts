import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecoderV2 } from 'hessian.js';
import { ByteLimitError, ByteWriter } from '../../../src/bytes/byte-writer.ts';
import { HessianWriter } from '../../../src/hessian/hessian-writer.ts';
import { type AttachmentPlan, type InvokeTarget, InvokeTemplate } from '../../../src/invocation/invoke-template.ts';
import { createClassTypes } from '../../../src/java/class-types.ts';
import { parseJavaType } from '../../../src/java/java-type.ts';
import { type ArgumentPlan, compileArguments } from '../../../src/transcoder/arguments/argument-plan.ts';
import { BODY, query, type RequestParts, request, source } from '../transcoder/arguments/argument-cases.ts';

const TARGET: InvokeTarget = {
  interfaceName: 'com.acme.UserService',
  version: '1.0.0',
  group: 'core',
  methodName: 'save',
  parameterTypes: ['com.acme.User', 'long', 'java.lang.String[]'],
  generic: 'true',
  oneway: false,
  timeoutMs: 750,
  application: 'sluice',
  token: 'secret',
};

const ARGUMENTS = plan([BODY, query('id'), query('tags[]')], ['com.acme.User', 'long', 'String[]']);
const REQUEST: RequestParts = {
  body: '{"name":"é😀","age":7}',
  query: { id: ['9007199254740993'], 'tags[]': ['a'], tags: ['a', 'b'] },
};

function plan(
  specs: readonly Parameters<typeof compileArguments>[0][number][],
  types: readonly string[],
): ArgumentPlan {
  const arrays = specs.map((spec) =>
    spec.kind === 'source' && spec.source.kind === 'query' && spec.source.name === 'tags[]'
      ? source({ kind: 'query', name: 'tags', all: true })
      : spec,
  );
  return compileArguments(arrays, types.map(parseJavaType), createClassTypes({}), { allowedClasses: new Set() });
}

const NO_ARGUMENTS = plan([], []);

function frameOf(
  template: InvokeTemplate,
  parts: RequestParts = {},
  writer = new HessianWriter(new ByteWriter(16)),
): Buffer {
  template.encode(request(parts), writer);
  return writer.out.take();
}

/** The values of the body as hessian.js reads them, up to its last byte. */
function valuesOf(frame: Buffer): unknown[] {
  const decoder = new DecoderV2(frame.subarray(16));
  const values: unknown[] = [];
  while (decoder.byteBuffer.position() < frame.length - 16) values.push(decoder.read());
  return values;
}

function attachmentsOf(
  target: Partial<InvokeTarget>,
  attachments: readonly AttachmentPlan[] = [],
): Record<string, string> {
  const template = new InvokeTemplate({ ...TARGET, parameterTypes: [], ...target }, NO_ARGUMENTS, attachments);
  return valuesOf(frameOf(template)).at(-1) as Record<string, string>;
}

describe('the frame of a generic call', () => {
  const template = new InvokeTemplate(TARGET, ARGUMENTS, []);

  it('has the header of a two-way Hessian request and the length of its body', () => {
    const frame = frameOf(template, REQUEST);
    assert.equal(frame.toString('hex', 0, 4), 'dabbc200');
    assert.equal(frame.toString('hex', 4, 12), '0000000000000000');
    assert.equal(frame.readInt32BE(12), frame.length - 16);
  });

  it('can bring the token of the provider that it goes to, where the service has none of its own', () => {
    const open = new InvokeTemplate({ ...TARGET, token: undefined }, ARGUMENTS, []);
    const withToken = (one: InvokeTemplate, token: string, writer = new HessianWriter(new ByteWriter(16))) => {
      one.encode(request(REQUEST), writer);
      one.addToken(token, writer);
      const frame = writer.out.take();
      assert.equal(frame.readInt32BE(12), frame.length - 16);
      return valuesOf(frame);
    };
    const { token: _, ...before } = valuesOf(frameOf(open, REQUEST)).at(-1) as Record<string, string>;
    for (const token of ['t-1', 'é'.repeat(1_024)]) {
      const values = withToken(open, token);
      assert.deepEqual(values.at(-1), { ...before, token });
      assert.deepEqual(values.slice(0, -1), valuesOf(frameOf(open, REQUEST)).slice(0, -1));
    }
    // A frame as large as its cap takes a token too.
    const tight = new HessianWriter(new ByteWriter(16, frameOf(open, REQUEST).length));
    assert.deepEqual(withToken(open, '😀'.repeat(512), tight).at(-1), { ...before, token: '😀'.repeat(512) });
    assert.deepEqual(withToken(template, 't-1').at(-1), { ...before, token: 'secret' });
  });

  it('asks for no answer where there is none', () => {
    const oneWay = new InvokeTemplate({ ...TARGET, oneway: true }, ARGUMENTS, []);
    assert.equal(frameOf(oneWay, REQUEST).toString('hex', 0, 4), 'dabb8200');
  });

  it('has the seven fields of a Dubbo request in their order', () => {
    const values = valuesOf(frameOf(template, REQUEST));
    assert.deepEqual(values.slice(0, 5), [
      '2.0.2',
      'com.acme.UserService',
      '1.0.0',
      '$invoke',
      'Ljava/lang/String;[Ljava/lang/String;[Ljava/lang/Object;',
    ]);
    const [method, types, args, attachments, ...rest] = values.slice(5);
    assert.equal(method, 'save');
    assert.deepEqual(types, ['com.acme.User', 'long', 'java.lang.String[]']);
    // hessian.js gives longs past 2^53 as text.
    assert.deepEqual(args, [{ name: 'é😀', age: 7 }, '9007199254740993', ['a', 'b']]);
    assert.deepEqual(attachments, {
      path: 'com.acme.UserService',
      interface: 'com.acme.UserService',
      version: '1.0.0',
      group: 'core',
      generic: 'true',
      'remote.application': 'sluice',
      token: 'secret',
      timeout: '750',
      _TO: '750',
    });
    assert.deepEqual(rest, []);
  });

  it('names the types of its two lists in full, which dubbo-go asks for', () => {
    const text = frameOf(template, REQUEST).toString('latin1');
    assert.ok(text.includes('s\x07[string') && text.includes('s\x07[object'));
  });

  it('has empty lists for a method without parameters', () => {
    const bare = new InvokeTemplate({ ...TARGET, parameterTypes: [] }, NO_ARGUMENTS, []);
    assert.deepEqual(valuesOf(frameOf(bare)).slice(5, 8), ['save', [], []]);
  });

  it('is the same each time, whatever was written before', () => {
    const writer = new HessianWriter(new ByteWriter(16));
    const first = frameOf(template, REQUEST, writer);
    assert.throws(() => frameOf(template, { ...REQUEST, query: { id: ['x'] } }, writer), { code: 'REQUEST_INVALID' });
    assert.deepEqual(frameOf(template, REQUEST, writer), first);
  });

  it('is refused where it exceeds the cap of its writer, exactly', () => {
    const { length } = frameOf(template, REQUEST);
    assert.equal(frameOf(template, REQUEST, new HessianWriter(new ByteWriter(16, length))).length, length);
    assert.throws(() => frameOf(template, REQUEST, new HessianWriter(new ByteWriter(16, length - 1))), ByteLimitError);
  });
});

describe('attachments', () => {
  it('leave out what the service does not have', () => {
    for (const nothing of [undefined, '']) {
      const attachments = attachmentsOf({ version: nothing, group: nothing, token: nothing });
      assert.deepEqual(Object.keys(attachments).sort(), [
        '_TO',
        'generic',
        'interface',
        'path',
        'remote.application',
        'timeout',
      ]);
    }
    const [, , version] = valuesOf(
      frameOf(new InvokeTemplate({ ...TARGET, version: undefined, parameterTypes: [] }, NO_ARGUMENTS, [])),
    );
    assert.equal(version, '');
  });

  it('say how much time is left, as text, where that is not all of it', () => {
    const template = new InvokeTemplate({ ...TARGET, parameterTypes: [] }, NO_ARGUMENTS, [
      { name: 'tenant', value: () => 'acme' },
    ]);
    const writer = new HessianWriter(new ByteWriter(16));
    const attachmentsIn = (leftMs?: number) => {
      template.encode(request({}), writer, leftMs);
      return valuesOf(writer.out.take()).at(-1) as Record<string, string>;
    };
    const whole = attachmentsIn();
    assert.deepEqual([whole.timeout, whole._TO], ['750', '750']);
    assert.deepEqual(attachmentsIn(9), { ...whole, timeout: '9', _TO: '9' });
    assert.deepEqual(attachmentsIn(), whole, 'the next call has all of it');
  });

  it('do not limit what a one-way call sets off', () => {
    const { timeout, _TO } = attachmentsOf({ oneway: true });
    assert.deepEqual([timeout, _TO], ['750', undefined]);
  });

  it('say which form of results is wanted', () => {
    assert.equal(attachmentsOf({ generic: 'raw.return' }).generic, 'raw.return');
  });

  it('of the request come last, as text, and only when they are there', () => {
    const attachments = attachmentsOf({}, [
      { name: 'tenant', value: () => 'é' },
      { name: 'absent', value: () => undefined },
      { name: 'empty', value: ({ requestId }) => (requestId === 'r-1' ? '' : undefined) },
    ]);
    assert.deepEqual([attachments.tenant, attachments.empty, 'absent' in attachments], ['é', '', false]);
    assert.equal(attachments.path, 'com.acme.UserService');
  });
});
