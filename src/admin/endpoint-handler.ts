import type { Context } from 'koa';
import * as z from 'zod';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Endpoint } from './endpoint.ts';
import { checkRequest, parseJsonBody } from './json-request.ts';
import { type BodyRules, readBody } from './request-body.ts';

/** Bytes of a JSON body. */
const MAX_BODY_BYTES = 16_384;
const BODY_RULES = { maxBytes: MAX_BODY_BYTES, mediaTypes: ['application/json'] };

const NOTHING = z.strictObject({});

/** What the router gives a handler of the parts of the path. */
type RoutedContext = Context & { readonly params: Readonly<Record<string, string>> };

/** A Koa handler: checks the request by the schemas of the endpoint, and answers with JSON. */
export function serveEndpoint(endpoint: Endpoint): (context: RoutedContext) => Promise<void> {
  const { query: querySchema = NOTHING, headers: headerSchema = NOTHING, body: bodySchema, textBody } = endpoint;
  return async (context) => {
    checkPath(context.path);
    const query = checkRequest(querySchema, { ...context.query }, 'query');
    const headers = checkRequest(headerSchema, headersOf(context, headerSchema), 'headers');
    let body: unknown;
    if (textBody !== undefined) body = await textOf(context, textBody);
    else if (bodySchema !== undefined) body = checkRequest(bodySchema, await jsonBody(context), 'body');
    const client = context.req.socket.remoteAddress ?? '';
    const setEntityTag = (tag: string): void => context.set('ETag', `"${tag}"`);
    context.body = await endpoint.handle({ parameters: context.params, query, headers, body, client, setEntityTag });
  };
}

/** Those that the endpoint names; the others are nobody's mistake. */
function headersOf({ headers }: Context, schema: z.ZodObject): Record<string, unknown> {
  const names = Object.keys(schema.shape).filter((name) => headers[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, headers[name]]));
}

/** A missing body is an object without members. */
async function jsonBody(context: Context): Promise<unknown> {
  const bytes = await readBody(context.req, BODY_RULES);
  return bytes === undefined ? {} : parseJsonBody(bytes);
}

async function textOf(context: Context, rules: BodyRules): Promise<string> {
  const bytes = (await readBody(context.req, rules)) ?? Buffer.alloc(0);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new GatewayError('REQUEST_INVALID', 'body: The text is not UTF-8.', { extensions: { path: 'body' } });
  }
}

/** The router would take a broken percent-encoding for plain text. */
function checkPath(path: string): void {
  try {
    decodeURIComponent(path);
  } catch {
    throw new GatewayError('REQUEST_TARGET', 'The percent-encoding of the path is broken.');
  }
}
