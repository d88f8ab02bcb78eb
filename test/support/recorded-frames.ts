import { readFileSync } from 'node:fs';

/** A call recorded between a client and a real provider: both frames whole, with their 16 header bytes. */
export interface RecordedCall {
  readonly version: string;
  readonly name: string;
  readonly request: Buffer;
  /** Undefined where the provider sent no answer, or one too large to keep. */
  readonly response: Buffer | undefined;
}

export const RECORDED_VERSIONS = ['2.6.12', '2.7.23', '3.2.16', '3.3.1'] as const;

/** All recorded calls of a Dubbo version, in the order they were made. */
export function recordedCalls(version: (typeof RECORDED_VERSIONS)[number]): RecordedCall[] {
  const url = new URL(`../fixtures/dubbo-frames/dubbo-${version}.json`, import.meta.url);
  const { frames } = JSON.parse(readFileSync(url, 'utf8')) as {
    frames: { name: string; request: string; response: unknown }[];
  };
  return frames.map(({ name, request, response }) => ({
    version,
    name,
    request: Buffer.from(request, 'hex'),
    response:
      typeof response === 'string' && /^(?:[0-9a-f]{2})+$/.test(response) ? Buffer.from(response, 'hex') : undefined,
  }));
}
