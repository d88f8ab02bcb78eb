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
  // A call's frame is copied from the writer to where its connection gathers them; the baseline's from its Buffer.
  const transcode = (): number => {
    writer.out.reset();
    writer.reset();
    plan.write(new BodyOnly(bytes), writer);
    return writer.out.position;
  };
  const encoder = new EncoderV2({ size: 16 * 1024 });
  const encode = (): Buffer => {
    encoder.reset();
    return encoder.write(JSON.parse(bytes.toString())).get();
  };
  return {
    summary: `${summary}: ${bytes.length} bytes to ${transcode()}`,
    ours: transcode,
    baselineName: BASELINE,
    baseline: () => encode().length,
    check: () => {
      transcode();
      deepStrictEqual(new DecoderV2(writer.out.take()).read(), new DecoderV2(encode()).read());
    },
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
