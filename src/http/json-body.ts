import { GatewayError } from '../errors/gateway-error.ts';
import { type JsonDocument, parseJson } from '../json/json-document.ts';
import { JsonDepthError, JsonSyntaxError } from '../json/json-errors.ts';

const MAX_CLAIMS_DEPTH = 64;

/**
 * Parses a request's body.
 *
 * @throws GatewayError REQUEST_JSON with `offset`, `line` and `column` (in characters, from 1), or REQUEST_TOO_DEEP
 */
export function parseJsonBody(bytes: Buffer, maxJsonDepth: number): JsonDocument {
  try {
    return parseJson(bytes, maxJsonDepth);
  } catch (error) {
    if (error instanceof JsonDepthError) {
      throw new GatewayError(
        'REQUEST_TOO_DEEP',
        `The body nests objects and arrays deeper than ${maxJsonDepth} levels.`,
        { extensions: { offset: error.offset } },
      );
    }
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { line, column } = positionOf(bytes, error.offset);
    throw new GatewayError(
      'REQUEST_JSON',
      `The body is not valid JSON at line ${line}, column ${column}: ${error.message}.`,
      {
        extensions: { offset: error.offset, line, column },
      },
    );
  }
}

/** Claims as argument plans read them. */
export function claimsDocument(claims: Readonly<Record<string, unknown>>): JsonDocument {
  return parseJson(Buffer.from(JSON.stringify(claims)), MAX_CLAIMS_DEPTH);
}

function positionOf(bytes: Buffer, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let index = bytes.indexOf(0x0a); index !== -1 && index < offset; index = bytes.indexOf(0x0a, lineStart)) {
    line += 1;
    lineStart = index + 1;
  }
  return { line, column: bytes.toString('utf8', lineStart, offset).length + 1 };
}
