import { type Answer, AnswerEncoder } from './answer-encoder.ts';
import type { Dialect } from './dialects.ts';
import { generalize } from './generalize.ts';
import { JavaException, ServiceError } from './java-exception.ts';
import type { JavaList, JavaValue } from './java-value.ts';
import { JavaValueReader } from './java-value-reader.ts';
import { findMethod, type ReadCall } from './method-lookup.ts';
import type { RequestOutline } from './outline-request.ts';
import { realize } from './realize.ts';
import { type CallContext, erased, type MethodDefinition, type ServiceDefinition, serviceKey } from './service.ts';
import { STATUS_BAD_REQUEST } from './wire.ts';

/** Answers kept ready, and the largest of them. */
const MAX_CACHED_ANSWERS = 256;
const MAX_CACHED_BYTES = 256 * 1024;

const STATUS_SERVER_ERROR = 80;
const NO_ATTACHMENTS: ReadonlyMap<string, string> = new Map();

/** Ends of the connection a call came over, for texts that name them. */
export interface CallAddresses {
  readonly local: string;
  readonly remote: string;
}

/**
 * Runs calls: finds service and method, converts arguments, runs the method, encodes what it returns or throws. The
 * answers of methods that depend on nothing but their arguments and the shop's state are kept, so that the next equal
 * call costs no decoding and no encoding.
 */
export class Dispatcher {
  readonly encoder: AnswerEncoder;
  readonly #dialect: Dialect;
  readonly #services = new Map<string, ServiceDefinition>();
  readonly #cache = new Map<string, Answer>();
  /** Answers given out of the cache so far. */
  cacheHits = 0;

  constructor(services: readonly ServiceDefinition[], dialect: Dialect) {
    this.#dialect = dialect;
    this.encoder = new AnswerEncoder(dialect);
    for (const service of services) {
      this.#services.set(serviceKey(service.name, service.version, service.group), service);
    }
  }

  /** The answer to a call; null when the dialect gives none. Never throws; a promise only for methods that wait. */
  answer(outline: RequestOutline, body: Buffer, addresses: CallAddresses): Answer | null | Promise<Answer> {
    const key = this.#cacheKey(outline, body, addresses);
    const kept = this.#cache.get(key);
    if (kept !== undefined) {
      this.cacheHits++;
      return kept;
    }
    try {
      return this.#dispatch(outline, body, addresses, key);
    } catch (error) {
      return this.#failed(error, outline);
    }
  }

  #dispatch(
    outline: RequestOutline,
    body: Buffer,
    addresses: CallAddresses,
    cacheKey: string,
  ): Answer | null | Promise<Answer> {
    const { attachments } = outline;
    const isGo = this.#dialect.name === 'go';
    const name = isGo ? (attachments.get('interface') ?? '') : (attachments.get('path') ?? outline.path);
    const version = attachments.get('version') ?? outline.version;
    const group = attachments.get('group') ?? null;
    const service = this.#services.get(serviceKey(name, version, group));
    if (service === undefined) return this.#unknownService(name, version, group, addresses);
    if (outline.invoked !== null && isGo && !outline.invoked.typedLists) return null;

    const call = readCall(outline, body);
    if (outline.method === '$echo' && call.values.length === 1) {
      return this.encoder.value(outline, call.values[0]!, this.#answerAttachments(addresses));
    }
    const method = findMethod(service, outline, call, this.#dialect);
    const parameters = this.#realizeAll(method, call.values, service);
    const mode = attachments.get('generic') ?? 'true';
    const context: CallContext = {
      dialect: this.#dialect,
      resultForm: mode === 'raw.return' && this.#dialect.rawReturn ? 'objects' : 'maps',
      wireArguments: call.values,
      types: call.types ?? erased(method.parameters === 'any' ? [] : method.parameters),
      attachments,
      answerAttachments: this.#answerAttachments(addresses),
    };
    return this.#run(method, parameters, context, outline, cacheKey);
  }

  #run(
    method: MethodDefinition,
    parameters: readonly JavaValue[],
    context: CallContext,
    outline: RequestOutline,
    cacheKey: string,
  ): Answer | Promise<Answer> {
    if (method.effect === 'writes') this.#cache.clear();
    let answer: Answer;
    try {
      const result = method.run(parameters, context);
      if (result instanceof Promise) {
        return result
          .then((value) => this.#encodeResult(outline, value, context))
          .catch((error: unknown) => this.#failed(error, outline));
      }
      answer = this.#encodeResult(outline, result, context);
    } catch (error) {
      if (!(error instanceof JavaException)) throw error;
      answer = this.encoder.exception(outline, error, context.answerAttachments);
    }
    if (method.effect === 'constant' || method.effect === 'reads') this.#keep(cacheKey, answer);
    return answer;
  }

  #encodeResult(outline: RequestOutline, result: JavaValue, context: CallContext): Answer {
    const value = context.resultForm === 'objects' ? result : generalize(result, this.#dialect);
    const answer = this.encoder.value(outline, value, context.answerAttachments);
    const { payloadBytes, tooLargeStatus } = this.#dialect;
    if (answer.body.length <= payloadBytes) return answer;
    const text = `Data length too large: ${answer.body.length}, max payload: ${payloadBytes}, channel: NettyChannel`;
    return this.#dialect.name === 'go' ? this.encoder.goException(text) : this.encoder.status(tooLargeStatus, text);
  }

  #failed(error: unknown, outline: RequestOutline): Answer {
    if (error instanceof JavaException) return this.encoder.exception(outline, error, NO_ATTACHMENTS);
    if (error instanceof ServiceError) return this.encoder.serviceError(error);
    if (error instanceof UnreadableArguments) {
      return this.encoder.status(STATUS_BAD_REQUEST, `Fail to decode request due to: ${error.message}`);
    }
    return this.encoder.status(
      STATUS_SERVER_ERROR,
      `Unexpected failure in the mock provider: ${(error as Error).message}`,
    );
  }

  #realizeAll(method: MethodDefinition, values: readonly JavaValue[], service: ServiceDefinition): JavaValue[] {
    const { parameters } = method;
    if (parameters === 'any') return [...values];
    try {
      return parameters.map((type, index) => realize(values[index] ?? null, type, service.classes));
    } catch (error) {
      if (!(error instanceof ServiceError) || !this.#wrapsConversionErrors(error)) throw error;
      throw new ServiceError('org.apache.dubbo.rpc.RpcException', `${error.className}: ${error.message}`);
    }
  }

  /** 2.6 shows the bare cause, 2.7 wraps the kinds of IllegalArgumentException, 3.x all. */
  #wrapsConversionErrors(error: ServiceError): boolean {
    if (this.#dialect.name === '2.7') return /NumberFormat|IllegalArgument/.test(error.className);
    return this.#dialect.name === '3.2' || this.#dialect.name === '3.3';
  }

  #unknownService(name: string, version: string | null, group: string | null, addresses: CallAddresses): Answer {
    const key = serviceKey(name, version, group);
    const { unknownService, rootPackage } = this.#dialect;
    if (unknownService === 'exception') return this.encoder.goException(`don't have this exporter, key: ${key}`);
    const sameButGroup = [...this.#services.values()].some(
      (service) => serviceKey(service.name, service.version, null) === serviceKey(name, version, null),
    );
    if (unknownService === 'bad-request' && !sameButGroup) {
      const text = 'Fail to decode request due to: RpcInvocation [methodName=$invoke, parameterTypes=null]';
      return this.encoder.status(STATUS_BAD_REQUEST, text);
    }
    const port = addresses.local.slice(addresses.local.lastIndexOf(':'));
    const exported = [...this.#services.keys()].map((known) => known + port).join(', ');
    return this.encoder.serviceError(
      new ServiceError(
        `${rootPackage}.remoting.RemotingException`,
        `Not found exported service: ${key}${port} in [${exported}], may be version or group mismatch , ` +
          `channel: consumer: /${addresses.remote} --> provider: /${addresses.local}, message:RpcInvocation ` +
          '[methodName=$invoke, parameterTypes=[class java.lang.String, class [Ljava.lang.String;, ' +
          'class [Ljava.lang.Object;]]',
      ),
    );
  }

  #answerAttachments(addresses: CallAddresses): Map<string, string> {
    if (this.#dialect.name !== 'go') return new Map();
    return new Map([
      ['local-addr', addresses.local],
      ['remote-addr', addresses.remote],
    ]);
  }

  #cacheKey(outline: RequestOutline, body: Buffer, addresses: CallAddresses): string {
    const { attachments } = outline;
    const call = body.toString('latin1', 0, outline.argumentsEnd);
    if (this.#dialect.name === 'go') return `${call}\n${[...attachments].join('\n')}\n${addresses.remote}`;
    const generic = attachments.get('generic');
    const path = attachments.get('path');
    return `${call}\n${generic}\n${path}\n${attachments.get('version')}\n${attachments.get('group')}`;
  }

  #keep(key: string, answer: Answer): void {
    if (answer.body.length > MAX_CACHED_BYTES) return;
    if (this.#cache.size >= MAX_CACHED_ANSWERS) this.#cache.delete(this.#cache.keys().next().value!);
    this.#cache.set(key, answer);
  }
}

class UnreadableArguments extends Error {}

/** Reads the arguments from the start of the body, because they may refer to what came before them. */
function readCall(outline: RequestOutline, body: Buffer): ReadCall {
  const reader = new JavaValueReader(body.subarray(0, outline.argumentsEnd));
  const fields: JavaValue[] = [];
  try {
    while (reader.position < outline.argumentsEnd) fields.push(reader.read());
  } catch (error) {
    throw new UnreadableArguments((error as Error).message);
  }
  const values = fields.slice(5);
  if (outline.invoked === null) return { types: null, values, valuesGiven: true };
  const list = values[2] as JavaList | null;
  return { types: outline.invoked.types, values: list?.items ?? [], valuesGiven: list !== null };
}
