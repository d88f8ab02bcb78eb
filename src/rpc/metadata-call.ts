import { ByteWriter } from '../bytes/byte-writer.ts';
import type { ProviderAddress } from '../config/provider-address.ts';
import {
  FLAG_REQUEST,
  FLAG_TWO_WAY,
  FRAME_HEADER_BYTES,
  SERIALIZATION_HESSIAN2,
  writeFrameHeader,
} from '../dubbo/frame-header.ts';
import { RESPONSE_STATUS } from '../dubbo/response-status.ts';
import { HessianError } from '../hessian/hessian-error.ts';
import { HessianReader } from '../hessian/hessian-reader.ts';
import { HessianMap, HessianObject, type HessianValue, readTree } from '../hessian/hessian-tree.ts';
import { HessianWriter } from '../hessian/hessian-writer.ts';
import {
  type ApplicationMetadata,
  MAX_SERVICES,
  type ServiceMetadata,
  serviceMetadata,
} from '../registry/application-metadata.ts';
import type { AnswerFrame } from './answer-frame.ts';
import { PendingCall } from './pending-call.ts';
import type { RpcClient } from './rpc-client.ts';
import type { RpcFailure } from './rpc-failure.ts';

const SERVICE = 'org.apache.dubbo.metadata.MetadataService';
const SERVICE_VERSION = '1.0.0';
const METHOD = 'getMetadataInfo';
const PARAMETER_TYPES = 'Ljava/lang/String;';
const PROTOCOL_VERSION = '2.0.2';
/** The body length stands in the last four bytes of the header. */
const LENGTH_OFFSET = 12;
/** `DubboCodec`: the result follows, without and with attachments behind it. */
const VALUE_FLAGS: readonly HessianValue[] = [1, 4];

/**
 * Asks a provider of Dubbo 3 by a plain call what it serves (`MetadataService.getMetadataInfo`, which takes no generic
 * calls). The connection is shared with other calls to the address and released afterwards. Rejects where there is no such
 * answer, with words fit for a log.
 *
 * @param timeoutMs time for the whole call, default 3,000
 */
export function fetchMetadata(
  client: RpcClient,
  address: ProviderAddress,
  application: string,
  revision: string,
  timeoutMs = 3_000,
): Promise<ApplicationMetadata> {
  return new Promise<ApplicationMetadata>((resolve, reject) => {
    const frame = encodeMetadataCall(application, revision, timeoutMs);
    const channel = client.channel(address, 1);
    const call = new MetadataCall(resolve, reject, () => channel.release());
    channel.send(frame, 0, frame.length, timeoutMs, call);
  });
}

class MetadataCall extends PendingCall {
  readonly #resolve: (metadata: ApplicationMetadata) => void;
  readonly #reject: (error: Error) => void;
  readonly #release: () => void;

  constructor(resolve: (metadata: ApplicationMetadata) => void, reject: (error: Error) => void, release: () => void) {
    super();
    this.#resolve = resolve;
    this.#reject = reject;
    this.#release = release;
  }

  override onAnswer(frame: AnswerFrame): void {
    try {
      this.#resolve(decodeMetadataAnswer(frame));
    } catch (error) {
      this.#reject(error instanceof HessianError ? new Error('its answer is not valid Hessian 2') : (error as Error));
    }
    this.#release();
  }

  override onFailure({ reason }: RpcFailure): void {
    this.#reject(new Error(`there is no answer (${reason})`));
    this.#release();
  }

  override onSent(): void {
    this.#reject(new Error('the call asks for no answer'));
    this.#release();
  }
}

/** The whole frame of the call; its request id is left 0. */
export function encodeMetadataCall(application: string, revision: string, timeoutMs: number): Buffer {
  const out = new ByteWriter(512);
  const writer = new HessianWriter(out);
  out.ensure(FRAME_HEADER_BYTES);
  writeFrameHeader(out.buffer, 0, FLAG_REQUEST | FLAG_TWO_WAY | SERIALIZATION_HESSIAN2, 0, 0, 0, 0);
  out.position = FRAME_HEADER_BYTES;
  for (const text of [PROTOCOL_VERSION, SERVICE, SERVICE_VERSION, METHOD, PARAMETER_TYPES, revision]) {
    writer.string(text);
  }
  writer.untypedMapStart();
  const attachments = {
    path: SERVICE,
    interface: SERVICE,
    version: SERVICE_VERSION,
    // The metadata service of an application is in the group of its name.
    group: application,
    timeout: String(timeoutMs),
  };
  for (const [name, value] of Object.entries(attachments)) {
    writer.string(name);
    writer.string(value);
  }
  writer.mapEnd();
  out.patchInt32(LENGTH_OFFSET, out.position - FRAME_HEADER_BYTES);
  return out.take();
}

/**
 * Reads the answer to the call.
 *
 * @throws HessianError, or Error with what the provider did instead, in words fit for a log
 */
export function decodeMetadataAnswer(
  frame: Pick<AnswerFrame, 'status' | 'serialization' | 'buffer' | 'start' | 'end'>,
): ApplicationMetadata {
  if (frame.status !== RESPONSE_STATUS.OK) throw new Error(`the provider refused the call (status ${frame.status})`);
  if (frame.serialization !== SERIALIZATION_HESSIAN2) {
    throw new Error(`the answer has serialization id ${frame.serialization} instead of 2`);
  }
  const reader = new HessianReader();
  reader.reset(frame.buffer, frame.start, frame.end);
  if (!VALUE_FLAGS.includes(readTree(reader))) throw new Error('the provider threw an exception or gave null');
  const value = readTree(reader);
  if (!(value instanceof HessianObject) || !(value.get('services') instanceof HessianMap)) {
    throw new Error('the provider gave what is no MetadataInfo');
  }
  const { entries } = value.get('services') as HessianMap;
  if (entries.length > MAX_SERVICES) throw new Error(`the provider serves more than ${MAX_SERVICES} services`);
  const services: ServiceMetadata[] = [];
  for (const [, info] of entries) {
    const service = info instanceof HessianObject ? serviceMetadata(plain(info)) : undefined;
    if (service !== undefined) services.push(service);
  }
  return { application: textOf(value.get('app')), revision: textOf(value.get('revision')), services };
}

/** The fields of `ServiceInfo` as JSON would have them. */
function plain(info: HessianObject): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const name of ['name', 'group', 'version', 'protocol', 'port', 'path'])
    record[name] = info.get(name) ?? undefined;
  const params = info.get('params');
  const parameters: [string, unknown][] = [];
  if (params instanceof HessianMap) {
    for (const [name, value] of params.entries) if (typeof name === 'string') parameters.push([name, value]);
  }
  record.params = Object.fromEntries(parameters);
  return record;
}

function textOf(value: HessianValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
