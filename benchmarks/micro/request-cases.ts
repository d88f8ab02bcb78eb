import { deepStrictEqual } from 'node:assert/strict';
import { DecoderV2, EncoderV2 } from 'hessian.js';
import { ByteWriter } from '../../src/bytes/byte-writer.ts';
import { parseArgument } from '../../src/config/argument-source.ts';
import { HessianWriter } from '../../src/hessian/hessian-writer.ts';
import { createClassTypes } from '../../src/java/class-types.ts';
import { parseJavaType } from '../../src/java/java-type.ts';
import { parseJson } from '../../src/json/json-document.ts';
import { compileArguments } from '../../src/transcoder/arguments/argument-plan.ts';
import type { RequestView } from '../../src/transcoder/request-view.ts';
import type { MicroCase, MicroPair } from './micro-case.ts';
import { requestBodies } from './request-bodies.ts';

const MAX_JSON_DEPTH = 64;
const BASELINE = 'JSON.parse + hessian.js';

/** The JSON of a request to the Hessian of an argument. */
export function requestCases(): MicroCase[] {
  return requestBodies().map(({ name, summary, json }) => ({
    name: `micro/request-${name}`,
    prepare: () => requestPair(summary, json),
  }));
}

function requestPair(summary: string, json: string): MicroPair {
  const bytes = Buffer.from(json);
  const type = parseJavaType('com.acme.catalog.Basket');
  const plan = compileArguments([parseArgument('body')], [type], createClassTypes({}), { allowedClasses: new Set() });
  const writer = new HessianWriter(new ByteWriter(16 * 1024));
  const transcode = (): Buffer => {
    writer.out.reset();
    writer.reset();
    plan.write(new BodyOnly(bytes), writer);
    return writer.out.take();
  };
  const encoder = new EncoderV2({ size: 16 * 1024 });
  const encode = (): Buffer => {
    encoder.reset();
    return encoder.write(JSON.parse(bytes.toString())).get();
  };
  return {
    summary: `${summary}: ${bytes.length} bytes to ${transcode().length}`,
    ours: () => transcode().length,
    baselineName: BASELINE,
    baseline: () => encode().length,
    check: () => deepStrictEqual(new DecoderV2(transcode()).read(), new DecoderV2(encode()).read()),
  };
}

/** A request of which nothing but its body is read. */
class BodyOnly implements RequestView {
  readonly body;
  readonly claims = undefined;
  readonly clientIp = '127.0.0.1';
  readonly requestId = 'request';

  constructor(bytes: Buffer) {
    this.body = parseJson(bytes, MAX_JSON_DEPTH);
  }

  pathParameter(): undefined {}
  query(): undefined {}
  header(): undefined {}
  cookie(): undefined {}

  queryAll(): readonly string[] {
    return [];
  }
}
