import type { Dialect } from './dialects.ts';
import { ServiceError } from './java-exception.ts';
import type { JavaValue } from './java-value.ts';
import type { RequestOutline } from './outline-request.ts';
import { erased, type MethodDefinition, type ServiceDefinition } from './service.ts';

/** Types and values of a call's arguments as they came. */
export interface ReadCall {
  /** Null when the caller left the types out. */
  readonly types: readonly string[] | null;
  readonly values: JavaValue[];
  /** False when null was sent in place of the list. */
  readonly valuesGiven: boolean;
}

/** Generic modes that are not served, with what a provider says that cannot do them either. */
const SERVED_MODES = new Set(['', 'true', 'raw.return']);

/**
 * The method a generic call means: by name and exactly these parameter types, or the only one of its name when no
 * types came. A list of values that was null is filled with nulls.
 *
 * @throws ServiceError with the text of the dialect for whatever does not fit
 */
export function findMethod(
  service: ServiceDefinition,
  outline: RequestOutline,
  call: ReadCall,
  dialect: Dialect,
): MethodDefinition {
  const rpcException = `${dialect.rootPackage}.rpc.RpcException`;
  const isGeneric = outline.method === '$invoke' || (outline.method === '$invokeAsync' && dialect.name !== '2.6');
  if (!isGeneric || outline.invoked === null) {
    throw unknownMethod(service.name, outline.method, [outline.descriptor], dialect);
  }
  const mode = outline.attachments.get('generic') ?? '';
  if (!SERVED_MODES.has(/^true$/i.test(mode) ? 'true' : mode)) {
    throw new ServiceError(rpcException, `Generic serialization [${mode}] only support message from java`);
  }
  const { name } = outline.invoked;
  const ofName = service.methods.filter((method) => method.name === name);
  const method = call.types === null ? only(ofName, name, service.name) : exactly(ofName, call.types);
  if (method === undefined) throw unknownMethod(service.name, name, call.types ?? [], dialect);
  const expected = method.parameters === 'any' ? call.types!.length : method.parameters.length;
  if (!call.valuesGiven) while (call.values.length < expected) call.values.push(null);
  if (call.values.length !== expected) {
    throw dialect.name === '2.6'
      ? new ServiceError('java.lang.IllegalArgumentException', 'args.length != types.length')
      : new ServiceError(rpcException, 'GenericFilter#invoke args.length != types.length, please check your params');
  }
  return method;
}

function only(methods: readonly MethodDefinition[], name: string, service: string): MethodDefinition | undefined {
  if (methods.length > 1 || methods[0]?.parameters === 'any') {
    throw new ServiceError(
      'java.lang.IllegalStateException',
      `Not unique method for method name(${name}) in class(${service}), find ${Math.max(2, methods.length)} methods.`,
    );
  }
  return methods[0];
}

function exactly(methods: readonly MethodDefinition[], types: readonly string[]): MethodDefinition | undefined {
  const wanted = types.map((type) => (type === '[B' ? 'byte[]' : type)).join(',');
  return methods.find(({ parameters }) => parameters === 'any' || erased(parameters).join(',') === wanted);
}

function unknownMethod(service: string, name: string, types: readonly string[], dialect: Dialect): ServiceError {
  const rpcException = `${dialect.rootPackage}.rpc.RpcException`;
  if (dialect.name === 'go') return new ServiceError(rpcException, `method not found: ${service}.${name}`);
  if (dialect.name === '2.6' || dialect.name === '2.7') {
    return new ServiceError(rpcException, `${service}.${name}(${types.join(', ')})`);
  }
  return new ServiceError(rpcException, `No such method ${name} in class interface ${service}`);
}
