/** The status byte of Dubbo responses (`org.apache.dubbo.remoting.exchange.Response`). */
export const RESPONSE_STATUS = {
  OK: 20,
  /** The answer is larger than the provider's limit (3.2.3 and later). */
  SERIALIZATION_ERROR: 25,
  /** Made by Java consumers for themselves. */
  CLIENT_TIMEOUT: 30,
  SERVER_TIMEOUT: 31,
  CHANNEL_INACTIVE: 35,
  /** The request could not be decoded; since 3.2 also an unknown interface or version. */
  BAD_REQUEST: 40,
  /** The answer could not be encoded. */
  BAD_RESPONSE: 50,
  SERVICE_NOT_FOUND: 60,
  /** An exception outside the method: no such method, an argument that does not convert, a wrong token. */
  SERVICE_ERROR: 70,
  SERVER_ERROR: 80,
  CLIENT_ERROR: 90,
  /** The provider has no free thread; nothing ran. */
  SERVER_THREADPOOL_EXHAUSTED: 100,
} as const;

const NAMES = new Map<number, string>(Object.entries(RESPONSE_STATUS).map(([name, status]) => [status, name]));

/** The name in {@link RESPONSE_STATUS}, or `UNKNOWN` for a byte that no known Dubbo version sends. */
export function responseStatusName(status: number): string {
  return NAMES.get(status) ?? 'UNKNOWN';
}
