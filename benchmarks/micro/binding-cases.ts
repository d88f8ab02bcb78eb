import { deepStrictEqual } from 'node:assert/strict';
import { DecoderV2, EncoderV2 } from 'hessian.js';
import { ByteWriter } from '../../src/bytes/byte-writer.ts';
import { parseArgument } from '../../src/config/argument-source.ts';
import { HessianWriter } from '../../src/hessian/hessian-writer.ts';
import { RequestExchange } from '../../src/http/request-exchange.ts';
import { createTrustedProxies } from '../../src/http/trusted-proxies.ts';
import { createClassTypes } from '../../src/java/class-types.ts';
import { parseJavaType } from '../../src/java/java-type.ts';
import { compileArguments } from '../../src/transcoder/arguments/argument-plan.ts';
import type { MicroCase, MicroPair } from './micro-case.ts';

const FILTER_CLASS = 'com.acme.order.OrderFilter';
const FILTER_FIELDS = { status: 'String', page: 'int', archived: 'boolean', tenant: 'String' };
const CUSTOMER = '9007199254740';
const QUERY = 'status=shipped%20late&page=3&archived=true&sort=date';
const REQUEST = {
  url: `/customers/${CUSTOMER}/orders?${QUERY}`,
  method: 'GET',
  headers: { host: 'api.example.com', 'x-request-id': '5b1f4a0e-8f0f-4c53', 'x-tenant': 'acme' },
};

/** From the parts of a request without a body to the Hessian of the arguments. */
export function bindingCases(): MicroCase[] {
  return [{ name: 'micro/binding', prepare: bindingPair }];
}

function bindingPair(): MicroPair {
  const filter = { status: 'query.status', page: 'query.page', archived: 'query.archived', tenant: 'header.x-tenant' };
  const types = createClassTypes({ [FILTER_CLASS]: FILTER_FIELDS });
  const plan = compileArguments(
    [parseArgument('path.customer'), parseArgument(filter)],
    [parseJavaType('long'), parseJavaType(FILTER_CLASS)],
    types,
    { allowedClasses: new Set() },
  );
  const pathParameters = { get: (name: string) => (name === 'customer' ? CUSTOMER : undefined) };
  const proxies = createTrustedProxies([]);
  const writer = new HessianWriter(new ByteWriter(16 * 1024));
  const bind = (): Buffer => {
    const exchange = new RequestExchange(REQUEST, '127.0.0.1', proxies);
    exchange.pathParameters = pathParameters;
    writer.out.reset();
    writer.reset();
    plan.write(exchange, writer);
    return writer.out.take();
  };
  const encoder = new EncoderV2({ size: 16 * 1024 });
  const encode = (): Buffer => {
    const query = new URLSearchParams(REQUEST.url.slice(REQUEST.url.indexOf('?') + 1));
    encoder.reset();
    encoder.write({ $class: 'long', $: Number(pathParameters.get('customer')) });
    encoder.write({
      status: query.get('status'),
      page: Number(query.get('page')),
      archived: query.get('archived') === 'true',
      tenant: REQUEST.headers['x-tenant'],
    });
    return encoder.get();
  };
  return {
    summary: `a long of the path, an object of three query parameters and a header: ${bind().length} bytes`,
    ours: () => bind().length,
    baselineName: 'URLSearchParams + hessian.js',
    baseline: () => encode().length,
    check: () => deepStrictEqual(valuesOf(bind()), valuesOf(encode())),
  };
}

/** Both arguments; `class` is what the gateway adds for the provider to know the class of a map. */
function valuesOf(hessian: Buffer): unknown[] {
  const decoder = new DecoderV2(hessian);
  const first = decoder.read();
  const { class: _, ...second } = decoder.read() as Record<string, unknown>;
  return [first, second];
}
