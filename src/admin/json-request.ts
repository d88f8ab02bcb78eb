import * as z from 'zod';
import { nearestName } from '../config/nearest-name.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { parseJson } from '../json/json-document.ts';
import { JsonDepthError, JsonSyntaxError } from '../json/json-errors.ts';

/** Deeper than any body of the admin API. */
const MAX_DEPTH = 16;

/** Where a value stands in a request: what a path to it begins with. */
export type RequestPlace = 'body' | 'query' | 'headers';

/**
 * The JSON value of a body.
 *
 * @throws GatewayError REQUEST_JSON with `offset` in bytes, or REQUEST_TOO_DEEP
 */
export function parseJsonBody(bytes: Buffer): unknown {
  try {
    // A strict reading with exact offsets; what it has let by, JSON.parse takes as well.
    parseJson(bytes, MAX_DEPTH);
  } catch (error) {
    if (error instanceof JsonDepthError) {
      throw new GatewayError('REQUEST_TOO_DEEP', `The body nests objects and arrays deeper than ${MAX_DEPTH} levels.`, {
        extensions: { offset: error.offset },
      });
    }
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new GatewayError('REQUEST_JSON', `The body is not valid JSON at byte ${error.offset}: ${error.message}.`, {
      extensions: { offset: error.offset },
    });
  }
  return JSON.parse(bytes.toString());
}

/**
 * A part of a request as its schema has it.
 *
 * @throws GatewayError REQUEST_INVALID, which names the first thing that is wrong and the nearest right one; `path` is
 *   where it stands, such as `body.reason`
 */
export function checkRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: RequestPlace,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') throw unknownKey(issue.keys[0]!, schema, place);
  const path = [place, ...issue.path.map(String)].join('.');
  throw new GatewayError('REQUEST_INVALID', `${path}: ${issue.message}.`, { extensions: { path } });
}

function unknownKey(key: string, schema: z.ZodType, place: RequestPlace): GatewayError {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const nearest = nearestName(key, known);
  const shown = JSON.stringify(key.length > MAX_SHOWN ? `${key.slice(0, MAX_SHOWN)}…` : key);
  const hint = nearest === undefined ? knownText(known) : `; did you mean "${nearest}"?`;
  const path = `${place}.${key.slice(0, MAX_SHOWN)}`;
  return new GatewayError('REQUEST_INVALID', `The ${place} has no member ${shown}${hint}`, { extensions: { path } });
}

/** Longest name of the caller's that is repeated. */
const MAX_SHOWN = 60;

function knownText(known: readonly string[]): string {
  return known.length === 0 ? '; it has none.' : `; it has ${known.map((name) => `"${name}"`).join(', ')}.`;
}
