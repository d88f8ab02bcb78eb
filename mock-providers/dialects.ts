/** Which provider is imitated: a line of Dubbo versions, or dubbo-go 3. */
export type DialectName = '2.6' | '2.7' | '3.2' | '3.3' | 'go';

/** What that provider does differently on the wire. */
export interface Dialect {
  readonly name: DialectName;
  /** Whether `java.util.ArrayList` carries its class name (hessian-lite before 4.0). */
  readonly typedArrayList: boolean;
  /** Whether answers with another status than 20, and READONLY, are written in fastjson2 (serialization id 23). */
  readonly fastjson2Errors: boolean;
  /** Service of a wrong name: refused while decoding (40), by the protocol (70), or as an exception in status 20. */
  readonly unknownService: 'bad-request' | 'service-error' | 'exception';
  /** How often READONLY is sent at shutdown. */
  readonly readonlyEvents: number;
  /** Whether each body of an answer is followed by one more `N`. */
  readonly trailingNull: boolean;
  /** `LocalDateTime` and its kin in generalized results: their text, or a map of their getters. */
  readonly javaTime: 'text' | 'getters';
  /** Whether `generic=raw.return` returns objects; the others answer as for `true`. */
  readonly rawReturn: boolean;
  /** Whether a request whose head cannot be decoded, or in an unknown serialization, gets status 40 or no answer. */
  readonly answersGarbage: boolean;
  /** Whether heartbeats in fastjson2 are known. */
  readonly fastjson2Heartbeats: boolean;
  /** Status of an answer above the payload limit. */
  readonly tooLargeStatus: number;
  /** Idle time after which the provider itself sends a heartbeat, 0 for never. */
  readonly pingMs: number;
  /** Largest request body read, and largest answer sent. */
  readonly payloadBytes: number;
  /** Package of the Dubbo classes in stack traces. */
  readonly rootPackage: string;
}

const MIB = 1024 * 1024;

const dubbo27: Dialect = {
  name: '2.7',
  typedArrayList: true,
  fastjson2Errors: false,
  unknownService: 'service-error',
  readonlyEvents: 1,
  trailingNull: false,
  javaTime: 'text',
  rawReturn: true,
  answersGarbage: true,
  fastjson2Heartbeats: false,
  tooLargeStatus: 50,
  pingMs: 0,
  payloadBytes: 8 * MIB,
  rootPackage: 'org.apache.dubbo',
};

const dubbo32: Dialect = {
  ...dubbo27,
  name: '3.2',
  fastjson2Errors: true,
  unknownService: 'bad-request',
  readonlyEvents: 2,
  answersGarbage: false,
  fastjson2Heartbeats: true,
  tooLargeStatus: 25,
};

/** All dialects by name. The default of the mock provider is `3.3`. */
export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  '2.6': {
    ...dubbo27,
    name: '2.6',
    javaTime: 'getters',
    rawReturn: false,
    pingMs: 60_000,
    rootPackage: 'com.alibaba.dubbo',
  },
  '2.7': dubbo27,
  '3.2': dubbo32,
  '3.3': { ...dubbo32, name: '3.3', typedArrayList: false, fastjson2Errors: false },
  go: {
    ...dubbo27,
    name: 'go',
    typedArrayList: false,
    unknownService: 'exception',
    trailingNull: true,
    rawReturn: false,
    answersGarbage: false,
    pingMs: 60_000,
    payloadBytes: 1_024_000,
    rootPackage: 'dubbo.apache.org/dubbo-go/v3',
  },
};

export function isDialectName(name: string): name is DialectName {
  return Object.hasOwn(DIALECTS, name);
}

/**
 * Whether an answer carries attachments, decided by the Dubbo version the request names. 2.6 and dubbo-go: from 2.0.2
 * on but 2.0.10 to 2.6.2; later versions: 2.0.2 to 2.0.99.
 */
export function answersWithAttachments(dialect: Dialect, protocolVersion: string | null): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?/.exec(protocolVersion ?? '');
  if (match === null) return false;
  const number = Number(match[1]) * 10_000 + Number(match[2]) * 100 + Number(match[3] ?? 0);
  if (dialect.name === '2.6' || dialect.name === 'go')
    return number >= 20_002 && !(number >= 20_010 && number <= 20_602);
  return number >= 20_002 && number <= 20_099;
}
