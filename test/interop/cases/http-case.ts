import type { CallRoute } from '../gateway/call-route.ts';

/** A request to a route of its own, and what comes back. */
export interface HttpCase {
  readonly title: string;
  readonly call: Omit<CallRoute, 'path'>;
  /** What follows in the route's path, such as `/:id`. */
  readonly pattern?: string;
  /** What follows in the request's path, such as `/5?x=1`. */
  readonly target?: string;
  /** JSON text; the request is then a POST. */
  readonly json?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text, `204`, `202`, or status and code of an error. */
  readonly answer: string;
  /** A header of the answer. */
  readonly answerHeader?: readonly [name: string, value: string];
  /** The problem's `detail`. */
  readonly detail?: RegExp;
}

/** What was sent, in one line. */
export function requestLine(item: HttpCase): string {
  const head = `${item.json === undefined ? 'GET' : 'POST'} /...${item.target ?? ''}`;
  const headers = Object.entries(item.headers ?? {}).map(([name, value]) => ` ${name}: ${value}`);
  return `${head}${headers.join('')}${item.json === undefined ? '' : ` ${item.json}`}`;
}
