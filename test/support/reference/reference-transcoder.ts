import type { ResponseConfig } from '../../../src/config/schema.ts';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import { isJdkClass, type JdkText, jdkText } from './jdk-texts.ts';
import {
  readValueTree,
  type Tree,
  type TreeContainer,
  TreeDate,
  TreeDouble,
  TreeList,
  TreeMap,
  type TreeObject,
  TreeReference,
} from './value-tree.ts';

/** What the slow way makes of an answer's body. */
export type ReferenceOutcome =
  | { readonly kind: 'text'; readonly text: string; readonly isNull: boolean }
  | { readonly kind: 'exception' }
  /** `orJdk`: what is wrong lies inside a JDK value; the gateway may see the value first and never look there. */
  | { readonly kind: 'error'; readonly reason: string; readonly orJdk: boolean }
  /** The text would be too long to make it this way. */
  | { readonly kind: 'too-big' };

/** Response options without patterns for dates. */
export type ReferenceOptions = Omit<ResponseConfig, 'dates'> & { readonly dates: 'iso' | 'epoch-ms' };

const MAX_CHARACTERS = 2_000_000;
const MAX_DEPTH = 512;

class Refused extends Error {
  orJdk = false;
}
class TooBig extends Error {}

/**
 * The obvious way from an answer's body to JSON: a tree, then text, then nothing remembered. It shares the Hessian
 * reader with the gateway's transcoder, which is tested against hessian.js, and nothing else.
 */
export function referenceOutcome(
  body: Buffer,
  options: ReferenceOptions,
  declaredClasses: readonly string[] = [],
): ReferenceOutcome {
  try {
    const reader = new HessianReader();
    reader.reset(body);
    const containers: TreeContainer[] = [];
    const flag = readValueTree(reader, containers);
    if (typeof flag !== 'number' || flag < 0 || flag > 5) return error('flag');
    const value = flag % 3 === 2 ? null : readValueTree(reader, containers);
    if (flag >= 3) readValueTree(reader, containers);
    const rest = body.subarray(reader.position);
    if (rest.length > 1 || (rest.length === 1 && rest[0] !== 0x4e)) return error('trailing bytes');
    if (flag % 3 === 0) return { kind: 'exception' };
    return { kind: 'text', text: referenceText(value, options, declaredClasses), isNull: value === null };
  } catch (thrown) {
    if (thrown instanceof TooBig) return { kind: 'too-big' };
    if (thrown instanceof HessianError) return error(thrown.message);
    if (thrown instanceof Refused) return error(thrown.message, thrown.orJdk);
    throw thrown;
  }
}

function error(reason: string, orJdk = false): ReferenceOutcome {
  return { kind: 'error', reason, orJdk };
}

export function referenceText(value: Tree, options: ReferenceOptions, declaredClasses: readonly string[] = []): string {
  return new ReferenceText(options, declaredClasses).of(value, []);
}

class ReferenceText {
  readonly #options: ReferenceOptions;
  readonly #declaredClasses: readonly string[];
  #characters = 0;

  constructor(options: ReferenceOptions, declaredClasses: readonly string[]) {
    this.#options = options;
    this.#declaredClasses = declaredClasses;
  }

  /** @param path the containers around the value */
  of(value: Tree, path: readonly TreeContainer[]): string {
    const text = this.#text(value, path);
    this.#characters += text.length;
    if (this.#characters > MAX_CHARACTERS) throw new TooBig();
    return text;
  }

  #text(value: Tree, path: readonly TreeContainer[]): string {
    if (value === null) return 'null';
    if (typeof value === 'boolean' || typeof value === 'number') return String(value);
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'bigint') return this.#long(value);
    if (Buffer.isBuffer(value)) return JSON.stringify(value.toString('base64'));
    if (value instanceof TreeDouble) return this.#double(value.value);
    if (value instanceof TreeDate) return this.#date(value.ms);
    const container = value instanceof TreeReference ? value.target : value;
    if (path.includes(container)) {
      if (this.#options.cycles === 'error') throw new Refused('cycle');
      return 'null';
    }
    if (path.length >= MAX_DEPTH) throw new Refused('depth');
    const inner = [...path, container];
    if (container instanceof TreeList) return this.#list(container, inner);
    return container instanceof TreeMap ? this.#map(container, inner) : this.#object(container, inner);
  }

  #long(value: bigint): string {
    const { longs } = this.#options;
    const isSafe = value > -(2n ** 53n) && value < 2n ** 53n;
    return longs === 'number' || (longs === 'string-if-unsafe' && isSafe) ? String(value) : `"${value}"`;
  }

  #double(value: number): string {
    if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
    return this.#options.nonFinite === 'string' ? `"${value}"` : 'null';
  }

  #float(value: number): string {
    if (!Number.isFinite(value)) return this.#double(value);
    for (let digits = 1; digits <= 9; digits++) {
      const shorter = Number(value.toPrecision(digits));
      if (Object.is(Math.fround(shorter), value)) return this.#double(shorter);
    }
    return this.#double(value);
  }

  #date(ms: bigint): string {
    if (this.#options.dates === 'epoch-ms') return String(ms);
    // The calendar repeats every 400 years, so any date looks like one that JavaScript knows.
    const cycleMs = 146_097n * 86_400_000n;
    const cycles = (ms - (((ms % cycleMs) + cycleMs) % cycleMs)) / cycleMs;
    const date = new Date(Number(ms - cycles * cycleMs));
    const year = BigInt(date.getUTCFullYear()) + 400n * cycles;
    const rest = date.toISOString().slice(4);
    if (year >= 0n && year <= 9999n) return `"${String(year).padStart(4, '0')}${rest}"`;
    return `"${year < 0n ? '-' : '+'}${String(year < 0n ? -year : year).padStart(6, '0')}${rest}"`;
  }

  #decimal(digits: string): string {
    const isNumber = /^[-\d][\d.eE+-]*$/.test(digits) && isJson(digits);
    return isNumber && this.#options.decimals === 'number' ? digits : JSON.stringify(digits);
  }

  #jdk(found: NonNullable<JdkText>): string {
    if ('text' in found) return JSON.stringify(found.text);
    if ('digits' in found) return this.#decimal(found.digits);
    if ('long' in found) return this.#long(found.long);
    return 'date' in found ? this.#date(found.date) : found.literal;
  }

  #list(list: TreeList, path: readonly TreeContainer[]): string {
    const isFloats = list.type === '[float';
    const items = list.items.map((item) =>
      isFloats && item instanceof TreeDouble ? this.#float(item.value) : this.of(item, path),
    );
    return `[${items.join(',')}]`;
  }

  #map(map: TreeMap, path: readonly TreeContainer[]): string {
    try {
      return this.#entries(map, path);
    } catch (thrown) {
      if (thrown instanceof Refused) {
        thrown.orJdk ||= map.entries.some(({ value, isClass }) => isClass && isJdkClass(String(value), true));
      }
      throw thrown;
    }
  }

  #entries(map: TreeMap, path: readonly TreeContainer[]): string {
    const { mapKeys, nulls, classKey, jdkValues } = this.#options;
    const members: string[] = [];
    let triedJdk = jdkValues === 'as-is';
    for (const { key, value, isClass } of map.entries) {
      const isClassName = isClass && typeof value === 'string' && looksLikeClass(value);
      if (isClassName && !triedJdk && isJdkClass(value, true)) {
        triedJdk = true;
        const found = jdkText(value, map, (container) => path.includes(container));
        if (found !== undefined) return this.#jdk(found);
      }
      if (isClassName && classKey === 'drop') continue;
      if (typeof key !== 'string' && mapKeys === 'pairs') return this.#pairs(map, path);
      const name = this.of(key, path);
      if (/^[{[]/.test(name)) throw new Refused('map key');
      const text = this.of(value, path);
      if (value !== null || nulls === 'keep') members.push(`${name.startsWith('"') ? name : `"${name}"`}:${text}`);
    }
    return `{${members.join(',')}}`;
  }

  #pairs(map: TreeMap, path: readonly TreeContainer[]): string {
    return `[${map.entries.map(({ key, value }) => `[${this.of(key, path)},${this.of(value, path)}]`).join(',')}]`;
  }

  #object(object: TreeObject, path: readonly TreeContainer[]): string {
    const { className, fields } = object;
    const only = fields.length === 1 ? fields[0] : undefined;
    const asIs = this.#options.jdkValues === 'as-is' && className !== 'java.math.BigInteger';
    if (className === 'java.math.BigDecimal' && only?.[0] === 'value') {
      return typeof only[1] === 'string' ? this.#decimal(only[1]) : this.#fields(object, path);
    }
    if (isJdkClass(className, false)) {
      const found = asIs ? undefined : jdkText(className, object, (container) => path.includes(container));
      return found === undefined ? this.#fields(object, path) : this.#jdk(found);
    }
    const constants = fields.findLast(([name]) => name === 'objects');
    if (/caucho\.hessian\.io\.EnumSetHandler$/.test(className) && constants !== undefined) {
      return this.of(constants[1], path);
    }
    if (only?.[0] === 'name' && typeof only[1] === 'string' && !this.#declaredClasses.includes(className)) {
      return JSON.stringify(only[1]);
    }
    return this.#fields(object, path);
  }

  #fields({ className, fields }: TreeObject, path: readonly TreeContainer[]): string {
    const names = fields.map(([name]) => name);
    const isThrowable = this.#isThrowable(className, names);
    const members: string[] = [];
    if (isThrowable && !names.includes('exceptionClass')) members.push(`"exceptionClass":${JSON.stringify(className)}`);
    for (const [index, [name, value]] of fields.entries()) {
      if (names.lastIndexOf(name) !== index || /^this\$\d+$/.test(name)) continue;
      if (isThrowable && ['stackTrace', 'suppressedExceptions', 'cause'].includes(name)) continue;
      if (isThrowable && name === 'detailMessage' && names.includes('message')) continue;
      if (value === null && this.#options.nulls === 'omit') continue;
      const shown = isThrowable && name === 'detailMessage' ? 'message' : name;
      members.push(`${JSON.stringify(shown)}:${this.of(value, path)}`);
    }
    return `{${members.join(',')}}`;
  }

  /** A JDK value whose parts do not fit is never taken for an exception. */
  #isThrowable(className: string, names: readonly string[]): boolean {
    return !isJdkClass(className, false) && names.includes('stackTrace') && names.includes('detailMessage');
  }
}

function looksLikeClass(text: string): boolean {
  const names = text.split('.');
  return text.length <= 512 && names.length > 1 && names.every((name) => /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
