import { RESPONSE_STATUS, responseStatusName } from '../dubbo/response-status.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { safeText } from './safe-text.ts';

interface Verdict {
  readonly code: ErrorCode;
  readonly detail: string;
}

/** `java.lang.RuntimeException: org.acme.Foo: text` without its leading class names. */
const CLASS_PREFIX = /^(?:[\w$]+\.)+[\w$]+(?:Exception|Error): ?/;
const MAX_LOGGED_CHARACTERS = 4_000;

/** Texts of PojoUtils and its kin that mean: an argument is not what the method takes. */
const ARGUMENT_TEXTS = [
  'Failed to set pojo',
  'Failed to set field',
  'For input string',
  'No enum constant',
  'Failed to parse date',
  'CAN NOT convert',
  'args.length != types.length',
  'argument type mismatch',
  'is not in allow list',
  'Serialized class',
];

const NO_SUCH_METHOD: Verdict = {
  code: 'PROVIDER_REFUSED',
  detail: 'The provider has no such method with these parameter types.',
};

const NOT_EXPORTED: Verdict = { code: 'PROVIDER_NONE', detail: 'The provider does not export the service.' };

const SERVICE_TEXTS: readonly (readonly [start: string, verdict: Verdict])[] = [
  ['Not found exported service', NOT_EXPORTED],
  ['No such method', NO_SUCH_METHOD],
  [
    'Not unique method',
    { code: 'PROVIDER_REFUSED', detail: 'The provider has several such methods; parameter types must say which.' },
  ],
  ['Invalid token', { code: 'PROVIDER_REFUSED', detail: 'The provider refused the token of the gateway.' }],
];

/** What dubbo-go says of an unknown service, of an unknown method and of a wrong number of arguments. */
const GO_UNKNOWN_SERVICE = "don't have this exporter";
const GO_UNKNOWN_METHOD =
  /^(?:"[^"]{0,500}" method is not found, service key: |the number of args\(=\d+\) is not matched )/;

/** What 2.6 and 2.7 say of an unknown method: `demo.DemoService.nope(java.lang.String)` and nothing else. */
const SIGNATURE_ONLY = /^[\w.$]+\.[\w$]+\([\w.$[\], ]*\)$/;

/**
 * The error for an answer whose status is not 20. What the provider says goes to the log only: status texts hold stack
 * traces, addresses and the names of all its services. Of texts that blame an argument one harmless line is kept.
 */
export function refusalError(status: number, text: string | undefined, provider: string): GatewayError {
  const verdict = verdictOf(status, text ?? '');
  return new GatewayError(verdict.code, verdict.detail, {
    log: {
      provider,
      dubboStatus: status,
      dubboStatusName: responseStatusName(status),
      providerMessage: text === undefined ? '(undecodable)' : text.slice(0, MAX_LOGGED_CHARACTERS),
    },
  });
}

/**
 * The verdict of an exception that dubbo-go sends where Java has a status; undefined for what a method threw. Business
 * exceptions may say "Invalid token" too, so only texts of dubbo-go's own count, and only in its class of exceptions.
 */
export function verdictOfException(className: string, text: string): Verdict | undefined {
  if (className !== 'java.lang.Throwable') return undefined;
  if (GO_UNKNOWN_METHOD.test(text)) return NO_SUCH_METHOD;
  return text.startsWith(GO_UNKNOWN_SERVICE) ? NOT_EXPORTED : undefined;
}

function verdictOf(status: number, text: string): Verdict {
  switch (status) {
    case RESPONSE_STATUS.SERVER_THREADPOOL_EXHAUSTED:
      return { code: 'PROVIDER_BUSY', detail: 'The provider has no free thread; the call was not run.' };
    case RESPONSE_STATUS.CLIENT_TIMEOUT:
    case RESPONSE_STATUS.SERVER_TIMEOUT:
      return { code: 'PROVIDER_TIMEOUT', detail: 'The provider reported a time-out.' };
    case RESPONSE_STATUS.CHANNEL_INACTIVE:
      return { code: 'PROVIDER_CONNECTION_LOST', detail: 'The provider reported a lost connection.' };
    case RESPONSE_STATUS.SERVICE_NOT_FOUND:
      return NOT_EXPORTED;
    case RESPONSE_STATUS.BAD_REQUEST:
      return {
        code: 'PROVIDER_REFUSED',
        detail:
          'The provider could not decode the call: it does not export this service, version or group, or refuses an argument.',
      };
    case RESPONSE_STATUS.SERIALIZATION_ERROR:
    case RESPONSE_STATUS.BAD_RESPONSE:
      return /length too large|max payload/i.test(text.slice(0, 1_000))
        ? { code: 'RESPONSE_TOO_LARGE', detail: "The answer exceeds the provider's own limit." }
        : { code: 'PROVIDER_REFUSED', detail: 'The provider could not encode its answer.' };
    case RESPONSE_STATUS.SERVICE_ERROR:
      return serviceErrorVerdict(text);
    case RESPONSE_STATUS.SERVER_ERROR:
    case RESPONSE_STATUS.CLIENT_ERROR:
      return { code: 'PROVIDER_REFUSED', detail: 'The provider failed to process the call.' };
    default:
      return { code: 'PROVIDER_PROTOCOL', detail: `The provider answered with the unknown status ${status}.` };
  }
}

function serviceErrorVerdict(text: string): Verdict {
  const line = withoutClassPrefixes(firstLine(text));
  if (ARGUMENT_TEXTS.some((known) => line.includes(known))) {
    return {
      code: 'REQUEST_INVALID',
      detail: `The provider could not convert an argument: ${safeText(line).slice(0, 300)}`,
    };
  }
  const known = SERVICE_TEXTS.find(([start]) => line.startsWith(start));
  if (known !== undefined) return known[1];
  if (SIGNATURE_ONLY.test(line)) return NO_SUCH_METHOD;
  return { code: 'PROVIDER_REFUSED', detail: 'The provider could not run the call.' };
}

function firstLine(text: string): string {
  const head = text.slice(0, 2_000);
  const end = head.indexOf('\n');
  return (end === -1 ? head : head.slice(0, end)).trim();
}

function withoutClassPrefixes(line: string): string {
  let rest = line;
  for (let match = CLASS_PREFIX.exec(rest); match !== null; match = CLASS_PREFIX.exec(rest)) {
    rest = rest.slice(match[0].length);
  }
  return rest;
}
