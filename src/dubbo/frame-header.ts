/**
 * The 16 bytes before each Dubbo frame (`ExchangeCodec`), big endian: magic `da bb`, flags with the serialization id,
 * status, request id (64 bits, any value), body length (signed 32 bits).
 */
export const FRAME_HEADER_BYTES = 16;
export const MAGIC_HIGH = 0xda;
export const MAGIC_LOW = 0xbb;

/** Bits of byte 2. */
export const FLAG_REQUEST = 0x80;
export const FLAG_TWO_WAY = 0x40;
export const FLAG_EVENT = 0x20;
export const SERIALIZATION_MASK = 0x1f;

/** Serialization ids that this gateway reads (`org.apache.dubbo.common.serialize.Constants`). */
export const SERIALIZATION_HESSIAN2 = 2;
export const SERIALIZATION_FASTJSON2 = 23;

const STATUS_OFFSET = 3;
const ID_OFFSET = 4;
const LENGTH_OFFSET = 12;
const TWO_POW_32 = 0x1_0000_0000;

/**
 * Writes a header at `offset`. The id is given as its two signed 32-bit halves; `status` is 0 in requests.
 */
export function writeFrameHeader(
  buffer: Uint8Array,
  offset: number,
  flags: number,
  status: number,
  idHigh: number,
  idLow: number,
  bodyBytes: number,
): void {
  buffer[offset] = MAGIC_HIGH;
  buffer[offset + 1] = MAGIC_LOW;
  buffer[offset + 2] = flags;
  buffer[offset + STATUS_OFFSET] = status;
  writeInt32(buffer, offset + ID_OFFSET, idHigh);
  writeInt32(buffer, offset + ID_OFFSET + 4, idLow);
  writeInt32(buffer, offset + LENGTH_OFFSET, bodyBytes);
}

/** Sets the request id of the header at `offset`; `id` is a safe integer of at least 0. */
export function writeRequestId(buffer: Uint8Array, offset: number, id: number): void {
  writeInt32(buffer, offset + ID_OFFSET, Math.floor(id / TWO_POW_32));
  writeInt32(buffer, offset + ID_OFFSET + 4, id | 0);
}

/** The id as a number, or -1 for one that {@link writeRequestId} cannot have written: then it is not one of ours. */
export function safeRequestId(idHigh: number, idLow: number): number {
  return idHigh >= 0 && idHigh < 0x20_0000 ? idHigh * TWO_POW_32 + (idLow >>> 0) : -1;
}

/** Whether the frame at `offset` asks for an answer. */
export function isTwoWay(buffer: Uint8Array, offset: number): boolean {
  return (buffer[offset + 2]! & FLAG_TWO_WAY) !== 0;
}

/** Signed, as `header[12..16)` is in Java. */
export function readBodyBytes(buffer: Uint8Array, offset: number): number {
  return readInt32(buffer, offset + LENGTH_OFFSET);
}

/** The upper half of the request id, signed. */
export function readIdHigh(buffer: Uint8Array, offset: number): number {
  return readInt32(buffer, offset + ID_OFFSET);
}

/** The lower half of the request id, signed. */
export function readIdLow(buffer: Uint8Array, offset: number): number {
  return readInt32(buffer, offset + ID_OFFSET + 4);
}

function writeInt32(buffer: Uint8Array, offset: number, value: number): void {
  buffer[offset] = value >>> 24;
  buffer[offset + 1] = value >>> 16;
  buffer[offset + 2] = value >>> 8;
  buffer[offset + 3] = value;
}

function readInt32(buffer: Uint8Array, offset: number): number {
  return (buffer[offset]! << 24) | (buffer[offset + 1]! << 16) | (buffer[offset + 2]! << 8) | buffer[offset + 3]!;
}
