import { isDeepStrictEqual } from 'node:util';
import type { CaseRequest } from './case-request.ts';

const TIMEOUT_MS = 5_000;

/** Sends the request of a case once. Undefined when nothing listens yet or the answer is not a 200. */
export async function fetchAnswer(origin: string, request: CaseRequest): Promise<string | undefined> {
  try {
    const answer = await fetch(origin + request.path, {
      method: request.method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(request.body === undefined ? {} : { body: request.body, headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    return answer.status === 200 ? text : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Throws when a server answers with another JSON value than the gateway.
 * @param strip what has to be taken off the answer first, where a server is known to say more
 */
export function checkAnswer(name: string, text: string, expected: string, strip: (value: unknown) => unknown): void {
  if (isDeepStrictEqual(strip(JSON.parse(text)), JSON.parse(expected))) return;
  throw new Error(`${name} gives another answer than the gateway, so there is nothing to compare:
  the gateway: ${expected.slice(0, 500)}
  ${name}: ${text.slice(0, 500)}`);
}

/**
 * What Dubbo for Java and Jackson write in their own way: the `class` keys of maps stay in a generic result, and a date
 * ends in `+00:00` for `Z`.
 */
export function stripJacksonForms(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/^(\d{4}-\d\d-\d\dT[\d:.]+)\+00:00$/, '$1Z');
  if (Array.isArray(value)) return value.map(stripJacksonForms);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'class');
  return Object.fromEntries(entries.map(([key, member]) => [key, stripJacksonForms(member)]));
}

/** What dubbo-js leaves in a generic result: the `class` keys of maps, and a BigDecimal as `{"value": "0.10"}`. */
export function stripDubboJsForms(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripDubboJsForms);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'class');
  if (entries.length === 1 && entries[0]![0] === 'value') return Number(entries[0]![1]);
  return Object.fromEntries(entries.map(([key, member]) => [key, stripDubboJsForms(member)]));
}
