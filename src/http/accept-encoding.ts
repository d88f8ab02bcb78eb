/** A content coding the gateway can apply (RFC 9110, section 8.4.1). */
export type ContentCoding = 'br' | 'gzip';

/** A weight in thousandths; codings that the header does not name have none. */
const NOT_NAMED = -1;
const FULL_WEIGHT = 1_000;

/**
 * The coding for an answer by the request's `Accept-Encoding` (RFC 9110, section 12.5.3): the one with the highest
 * weight, `br` where both are equal; undefined for none, which is to send the answer as it is.
 *
 * None is chosen where the header is absent, empty or not well-formed, where it allows neither coding, and where it
 * prefers `identity` by name. Of a coding that is named twice, the lower weight counts. A client that takes nothing at
 * all (`*;q=0`) gets the answer as it is too, as the specification advises, since an answer helps it more than a 406.
 *
 * The header is read once from left to right, whatever is in it.
 */
export function chooseCoding(acceptEncoding: string | undefined): ContentCoding | undefined {
  if (acceptEncoding === undefined || acceptEncoding === '') return undefined;
  const weights = readWeights(acceptEncoding);
  if (weights === undefined) return undefined;
  const others = weights.any === NOT_NAMED ? 0 : weights.any;
  const br = weights.br === NOT_NAMED ? others : weights.br;
  const gzip = weights.gzip === NOT_NAMED ? others : weights.gzip;
  const best = Math.max(br, gzip);
  if (best === 0 || best < weights.identity) return undefined;
  return br === best ? 'br' : 'gzip';
}

interface Weights {
  br: number;
  gzip: number;
  identity: number;
  /** Of `*`: every coding that is not named. */
  any: number;
}

/** Undefined when the header does not follow the grammar. Empty list members are allowed (RFC 9110, section 5.6.1). */
function readWeights(header: string): Weights | undefined {
  const weights: Weights = { br: NOT_NAMED, gzip: NOT_NAMED, identity: NOT_NAMED, any: NOT_NAMED };
  let at = 0;
  while (at < header.length) {
    at = skipBlank(header, at);
    const nameEnd = skipToken(header, at);
    if (nameEnd > at) {
      const name = header.slice(at, nameEnd);
      const member = readWeight(header, skipBlank(header, nameEnd));
      if (member === undefined) return undefined;
      note(weights, name.toLowerCase(), member.weight);
      at = skipBlank(header, member.end);
    }
    if (at < header.length && header.charCodeAt(at) !== COMMA) return undefined;
    at += 1;
  }
  return weights;
}

function note(weights: Weights, name: string, weight: number): void {
  switch (name) {
    case 'br':
      weights.br = lower(weights.br, weight);
      break;
    case 'gzip':
    case 'x-gzip': // the same coding by its old name (RFC 9110, section 8.4.1.3)
      weights.gzip = lower(weights.gzip, weight);
      break;
    case 'identity':
      weights.identity = lower(weights.identity, weight);
      break;
    case '*':
      weights.any = lower(weights.any, weight);
      break;
  }
}

function lower(present: number, weight: number): number {
  return present === NOT_NAMED ? weight : Math.min(present, weight);
}

const TAB = 0x09;
const SPACE = 0x20;
const COMMA = 0x2c;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;

interface ReadWeight {
  readonly weight: number;
  /** Index after it. */
  readonly end: number;
}

/** Reads `;q=0.5`, if there is one at `start`: at most three decimals, and 1 is the most. */
function readWeight(header: string, start: number): ReadWeight | undefined {
  if (header.charCodeAt(start) !== SEMICOLON) return { weight: FULL_WEIGHT, end: start };
  const name = skipBlank(header, start + 1);
  if (header[name] !== 'q' && header[name] !== 'Q') return undefined;
  if (header.charCodeAt(name + 1) !== EQUALS) return undefined;
  const whole = header.charCodeAt(name + 2) - ZERO;
  if (whole !== 0 && whole !== 1) return undefined;
  let weight = whole * FULL_WEIGHT;
  let end = name + 3;
  if (header.charCodeAt(end) === DOT) {
    end += 1;
    for (let unit = FULL_WEIGHT / 10; unit >= 1 && isDigit(header.charCodeAt(end)); unit /= 10) {
      weight += (header.charCodeAt(end) - ZERO) * unit;
      end += 1;
    }
  }
  return weight > FULL_WEIGHT ? undefined : { weight, end };
}

function skipBlank(header: string, start: number): number {
  let end = start;
  for (let code = header.charCodeAt(end); code === SPACE || code === TAB; code = header.charCodeAt(end)) end += 1;
  return end;
}

/** Every character of a token (RFC 9110, section 5.6.2); `*` is one. */
const TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const IS_TOKEN_CHARACTER = Array.from({ length: 128 }, (_, code) =>
  TOKEN_CHARACTERS.includes(String.fromCharCode(code)),
);

function skipToken(header: string, start: number): number {
  let end = start;
  while (IS_TOKEN_CHARACTER[header.charCodeAt(end)] === true) end += 1;
  return end;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
