/** A message of Nacos' gRPC protocol: a type, which is the simple name of a Java class, and that class as JSON. */
export interface NacosPayload {
  readonly type: string;
  /** UTF-8. */
  readonly json: Buffer;
}

/** Bytes that are no message of Nacos. */
export class NacosPayloadError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NacosPayloadError';
  }
}

/** Numbers of the fields in `nacos_grpc_service.proto`, and of `google.protobuf.Any`. */
const PAYLOAD_METADATA = 2;
const PAYLOAD_BODY = 3;
const METADATA_TYPE = 3;
const METADATA_HEADERS = 7;
const MAP_KEY = 1;
const MAP_VALUE = 2;
const ANY_VALUE = 2;

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;

/** Writes a message; `headers` carry the token of who is logged in. */
export function encodeNacosPayload(type: string, body: object, headers: Readonly<Record<string, string>>): Buffer {
  const metadata = [field(METADATA_TYPE, Buffer.from(type))];
  for (const [name, value] of Object.entries(headers)) {
    const entry = Buffer.concat([field(MAP_KEY, Buffer.from(name)), field(MAP_VALUE, Buffer.from(value))]);
    metadata.push(field(METADATA_HEADERS, entry));
  }
  const any = field(ANY_VALUE, Buffer.from(JSON.stringify(body)));
  return Buffer.concat([field(PAYLOAD_METADATA, Buffer.concat(metadata)), field(PAYLOAD_BODY, any)]);
}

/**
 * Reads a message. Fields that are not known are skipped.
 *
 * @throws NacosPayloadError
 */
export function decodeNacosPayload(bytes: Buffer): NacosPayload {
  let type = '';
  let json = Buffer.alloc(0);
  for (const [number, value] of fields(bytes)) {
    if (number === PAYLOAD_METADATA) type = lastField(value, METADATA_TYPE)?.toString('utf8') ?? type;
    else if (number === PAYLOAD_BODY) json = lastField(value, ANY_VALUE) ?? json;
  }
  if (type === '') throw new NacosPayloadError('a message names no type');
  return { type, json };
}

function field(number: number, value: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + LENGTH), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

function lastField(bytes: Buffer, wanted: number): Buffer<ArrayBuffer> | undefined {
  let found: Buffer<ArrayBuffer> | undefined;
  for (const [number, value] of fields(bytes)) if (number === wanted) found = value;
  return found;
}

/** The fields that have a length; numbers are skipped. */
function* fields(bytes: Buffer): Generator<readonly [number: number, value: Buffer<ArrayBuffer>]> {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 0x80) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 2 ** 63) throw new NacosPayloadError('a message is cut off');
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = next();
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === VARINT) next();
    else if (wireType === FIXED_64) at += 8;
    else if (wireType === FIXED_32) at += 4;
    else if (wireType === LENGTH) {
      const length = next();
      if (length > bytes.length - at) throw new NacosPayloadError('a message is cut off');
      yield [number, bytes.subarray(at, at + length) as Buffer<ArrayBuffer>];
      at += length;
    } else throw new NacosPayloadError('a message has a field of no known form');
    if (at > bytes.length) throw new NacosPayloadError('a message is cut off');
  }
}
