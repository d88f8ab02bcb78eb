import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { ErrorMapping } from '../../../src/invocation/error-mapping.ts';
import { answerFrame, answerPlan, createDecoder } from '../../support/answer-decoding.ts';
import {
  encodeRecipe,
  intRecipe,
  listRecipe,
  longRecipe,
  mapRecipe,
  NULL_RECIPE,
  objectRecipe,
  type Recipe,
  referenceRecipe,
  textRecipe,
} from '../../support/value-recipe.ts';

const text = textRecipe;
const GENERIC = 'com.alibaba.dubbo.rpc.service.GenericException';

function object(className: string, fields: Readonly<Record<string, Recipe>>): Recipe {
  return objectRecipe({ className, fields: Object.keys(fields) }, ...Object.values(fields));
}

function generic(exceptionClass: string, exceptionMessage: Recipe): Recipe {
  return object(GENERIC, {
    stackTrace: listRecipe([frameOfStack]),
    cause: referenceRecipe(0),
    detailMessage: text(`${exceptionClass}: secret\n\tat a.B.c(B.java:1)`),
    exceptionMessage,
    exceptionClass: text(exceptionClass),
  });
}

const frameOfStack = object('java.lang.StackTraceElement', {
  declaringClass: text('a.B'),
  methodName: text('c'),
  fileName: text('B.java'),
  lineNumber: intRecipe(17),
});

/** The error that an exception becomes. */
function errorOf(exception: Recipe, errors: ConstructorParameters<typeof ErrorMapping>[0] = {}): GatewayError {
  const bytes = Buffer.concat([Buffer.of(0x90), encodeRecipe(exception)]);
  try {
    createDecoder().decode(answerFrame(bytes), answerPlan({}, { errors: new ErrorMapping(errors) }));
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'no error' });
}

function exceptionOf(error: GatewayError): unknown {
  return JSON.parse(error.jsonExtensions?.exception ?? 'null');
}

describe('an exception', () => {
  it('inside GenericException is the one it stands for', () => {
    const error = errorOf(generic('com.acme.SoldOutException', text('sold out')));
    assert.deepEqual([error.code, error.status, error.detail], ['PROVIDER_EXCEPTION', 500, 'sold out']);
    assert.deepEqual(exceptionOf(error), { class: 'com.acme.SoldOutException', message: 'sold out' });
    assert.deepEqual(error.log?.stack, ['a.B.c(B.java:17)']);
    assert.equal(error.log?.exceptionClass, 'com.acme.SoldOutException');
    assert.equal(error.log?.provider, '127.0.0.1:20880');
  });

  it('without a message has none, and no stack in its place', () => {
    const error = errorOf(generic('java.lang.NullPointerException', NULL_RECIPE));
    assert.deepEqual(exceptionOf(error), { class: 'java.lang.NullPointerException', message: '' });
    assert.match(error.detail, /without a message/);
  });

  it('of its own class shows its own fields with every digit', () => {
    const error = errorOf(
      object('com.acme.SoldOutException', {
        code: longRecipe(2n ** 53n + 1n),
        price: object('java.math.BigDecimal', { value: text('1.10') }),
        stackTrace: listRecipe([frameOfStack]),
        cause: referenceRecipe(0),
        detailMessage: text('sold out'),
        items: listRecipe([text('é"')]),
        self: referenceRecipe(0),
        suppressedExceptions: listRecipe([]),
      }),
    );
    assert.match(error.jsonExtensions!.exception!, /"code":9007199254740993,"price":1\.10,"items":\["é\\""\]/);
    const { fields } = exceptionOf(error) as { fields: Record<string, unknown> };
    assert.deepEqual(Object.keys(fields), ['code', 'price', 'items', 'self']);
    assert.doesNotMatch(error.jsonExtensions!.exception!, /a\.B|B\.java/);
  });

  it('has fields that refer to each other', () => {
    const error = errorOf(
      object('a.E_x', { first: listRecipe([intRecipe(1)]), second: referenceRecipe(1), detailMessage: text('x') }),
    );
    assert.deepEqual((exceptionOf(error) as { fields: unknown }).fields, { first: [1], second: [1] });
  });

  it('may come as a map or as something else', () => {
    const asMap = errorOf(mapRecipe({ class: text('a.E_x'), message: text('m'), code: intRecipe(1) }));
    assert.deepEqual(exceptionOf(asMap), { class: 'a.E_x', message: 'm' });
    assert.deepEqual(exceptionOf(errorOf(text('just words'))), { class: 'java.lang.Throwable', message: 'just words' });
    assert.deepEqual(exceptionOf(errorOf(NULL_RECIPE)), { class: 'java.lang.Throwable', message: '' });
    assert.deepEqual(exceptionOf(errorOf(intRecipe(5))), { class: 'java.lang.Throwable', message: '' });
    assert.deepEqual(exceptionOf(errorOf(object('a.E_x', {}))), { class: 'a.E_x', message: '' });
  });

  it('shows neither stack nor address in its message', () => {
    const error = errorOf(generic('a.E_x', text('failed at /10.1.2.3:99\n\tat a.B.c(B.java:1)\nCaused by: x')));
    assert.equal(error.detail, 'failed at [address]');
    assert.deepEqual(exceptionOf(error), { class: 'a.E_x', message: 'failed at [address]' });
    assert.match(String(error.log?.exceptionMessage), /10\.1\.2\.3/);
  });

  it('names its causes in the log, also where they go round', () => {
    const second = object('a.Second', { detailMessage: text('two'), cause: referenceRecipe(0) });
    const error = errorOf(object('a.First', { detailMessage: text('one'), cause: second }));
    const causes = error.log?.causes as string[];
    assert.equal(causes[0], 'a.Second: two');
    assert.ok(causes.length <= 8);
    assert.doesNotMatch(error.jsonExtensions!.exception!, /Second|two/);
  });
});

describe("an exception of Dubbo's own", () => {
  for (const className of ['org.apache.dubbo.rpc.RpcException', 'com.alibaba.dubbo.rpc.RpcException']) {
    it(`such as ${className} says nothing of services and addresses`, () => {
      const message = 'No provider available from registry 10.1.2.3:2181 for service secret.Service';
      const error = errorOf(generic(className, text(message)));
      assert.equal(error.code, 'PROVIDER_EXCEPTION');
      assert.doesNotMatch(`${error.detail}${error.jsonExtensions?.exception}`, /secret|registry|10\.1/);
      assert.equal(error.log?.exceptionMessage, message);
    });
  }

  it('that dubbo-go sends for an unknown service has the code of that', () => {
    const error = errorOf(
      object('java.lang.Throwable', { detailMessage: text("don't have this exporter, key: secret") }),
    );
    assert.deepEqual([error.code, error.status], ['PROVIDER_NONE', 503]);
    assert.doesNotMatch(error.detail, /secret/);
  });
});

describe('mapped exceptions', () => {
  const errors = {
    'com.acme.NotFoundException': { status: 404, code: 'USER_NOT_FOUND' },
    'com.acme.*': { status: 422 },
  };

  it('have the status and code of the route', () => {
    const error = errorOf(generic('com.acme.NotFoundException', text('no user 7')), errors);
    assert.deepEqual([error.status, error.publicCode, error.code], [404, 'USER_NOT_FOUND', 'PROVIDER_EXCEPTION']);
    assert.equal(error.detail, 'no user 7');
  });

  it('keep the usual code where the route names none', () => {
    const error = errorOf(object('com.acme.Other', { detailMessage: text('x') }), errors);
    assert.deepEqual([error.status, error.publicCode], [422, 'PROVIDER_EXCEPTION']);
  });

  it('are those that are named, by the class inside GenericException', () => {
    const error = errorOf(generic('java.lang.RuntimeException', text('x')), { ...errors, [GENERIC]: { status: 400 } });
    assert.equal(error.status, 500);
  });
});
