import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import { type HessianValue, readTreeOf, skipValueOf } from '../hessian/hessian-tree.ts';
import { markOf, returnTo } from '../hessian/reader-mark.ts';
import * as Token from '../hessian/token.ts';
import { writeInt, writeString } from '../json/json-writer.ts';
import { type ClassNameKind, classNameKind, isClassKey } from './class-name-kind.ts';
import type { ClassPlan, ClassPlans } from './class-plan.ts';
import { writeHessianString } from './hessian-string-to-json.ts';
import { type JdkScalar, jdkScalar } from './jdk-values.ts';
import type { ResponseOptions } from './response-options.ts';
import {
  writeBase64,
  writeDate,
  writeDecimal,
  writeDoubleAs,
  writeFloatAs,
  writeJdkScalar,
  writeLongAs,
} from './scalar-to-json.ts';
import { withSharedParts } from './shared-parts.ts';
import { TranscodeError } from './transcode-error.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** Values of a JDK value's tree at the most; the largest seen is a ZonedDateTime of Dubbo 2.6 with all its zone rules. */
const MAX_JDK_NODES = 20_000;

/** `memoEnd` of a container in the reference table: not written, or not to be copied; and: being written. */
const UNWRITTEN = -1;
const IN_PROGRESS = -2;
const NOTHING_OPEN = 0x7fff_ffff;

/**
 * Writes a Hessian value as JSON text straight from its bytes; no object tree in between.
 *
 * - Untyped and typed maps become objects. The `class` key that PojoUtils.generalize adds may stand anywhere in a map;
 *   where it names a JDK value that was taken apart, the map is read again and written as that value's usual text.
 * - Objects follow the plan of their class definition.
 * - A reference to a finished container is written again: its output is copied, or it is read a second time where its
 *   output hangs on what was around it. A reference to an unfinished one is a cycle.
 * - Everything is bounded: depth and counts by the reader's limits, output by the writer's cap, second readings by a
 *   budget that grows with the body.
 *
 * Not re-entrant; one instance serves one thread. Throws `HessianError`, `TranscodeError` and `ByteLimitError`.
 */
export class HessianToJson {
  /** Back references that became null since the start. */
  cycleCount = 0;
  readonly #plans: ClassPlans;
  readonly #reader: HessianReader;
  #out!: ByteWriter;
  #options!: ResponseOptions;
  readonly #bodyPlans: (ClassPlan | undefined)[] = [];
  #rereadBudget = 0;
  /** The outermost unfinished container that was referred to from inside the container being written. */
  #outermostCycle = NOTHING_OPEN;

  constructor(reader: HessianReader, plans: ClassPlans) {
    this.#reader = reader;
    this.#plans = plans;
  }

  /** Writes the value whose head the reader has just read. */
  write(token: Token.Token, out: ByteWriter, options: ResponseOptions): void {
    const reader = this.#reader;
    this.#out = out;
    this.#options = options;
    this.#rereadBudget = 8 * (reader.end - reader.base) + 1024 * 1024;
    this.#outermostCycle = NOTHING_OPEN;
    this.#bodyPlans.length = 0;
    this.#value(token, 0);
  }

  #value(token: Token.Token, depth: number): void {
    const reader = this.#reader;
    const out = this.#out;
    switch (token) {
      case Token.STRING:
        writeHessianString(reader, out);
        break;
      case Token.INT:
        writeInt(out, reader.int);
        break;
      case Token.NULL:
        out.ascii('null');
        break;
      case Token.TRUE:
        out.ascii('true');
        break;
      case Token.FALSE:
        out.ascii('false');
        break;
      case Token.LONG:
        writeLongAs(out, reader.high, reader.low, this.#options);
        break;
      case Token.DOUBLE:
        writeDoubleAs(out, reader.double, this.#options);
        break;
      case Token.DATE:
        writeDate(out, reader.high, reader.low, this.#options.formatDate);
        break;
      case Token.BINARY:
        writeBase64(out, reader.binary());
        break;
      case Token.LIST:
      case Token.MAP:
      case Token.OBJECT:
        this.#container(token, depth);
        break;
      case Token.REFERENCE:
        this.#reference(reader.int, depth);
        break;
      default:
        throw reader.fault('invalid', 'expected a value', -1);
    }
  }

  #container(token: Token.Token, depth: number): void {
    const reader = this.#reader;
    const { references, reference } = reader;
    if (depth >= reader.limits.maxDepth) throw reader.fault('limit', `nested deeper than ${reader.limits.maxDepth}`);
    const outside = this.#outermostCycle;
    this.#outermostCycle = NOTHING_OPEN;
    references.memoEnd[reference] = IN_PROGRESS;
    const start = this.#out.position;
    if (token === Token.LIST) this.#list(depth);
    else if (token === Token.MAP) this.#map(reference, depth);
    else this.#object(reference, depth);
    references.memoStart[reference] = start;
    const whole = this.#outermostCycle >= reference;
    references.memoEnd[reference] = whole ? this.#out.position : UNWRITTEN;
    this.#outermostCycle = whole ? outside : Math.min(outside, this.#outermostCycle);
  }

  #list(depth: number): void {
    const reader = this.#reader;
    const out = this.#out;
    const length = reader.int;
    const floats = reader.type === '[float';
    out.byte(OPEN_BRACKET);
    for (let i = 0; i !== length; i++) {
      const token = reader.next();
      if (token === Token.END && length === -1) break;
      if (i > 0) out.byte(COMMA);
      if (floats && token === Token.DOUBLE) writeFloatAs(out, reader.double, this.#options);
      else this.#value(token, depth + 1);
    }
    out.byte(CLOSE_BRACKET);
  }

  #map(reference: number, depth: number): void {
    const reader = this.#reader;
    const out = this.#out;
    const start = out.position;
    out.byte(OPEN_BRACE);
    for (;;) {
      const keyToken = reader.next();
      if (keyToken === Token.END) break;
      const entry = out.position;
      if (entry > start + 1) out.byte(COMMA);
      if (keyToken === Token.STRING) {
        if (isClassKey(reader)) {
          const jdkClass = this.#classEntry(entry, depth);
          if (jdkClass !== undefined && this.#jdkMap(jdkClass, reference, start)) return;
          continue;
        }
        writeHessianString(reader, out);
      } else if (!this.#otherKey(keyToken, depth)) {
        this.#pairs(reference, start, depth);
        return;
      }
      out.byte(0x3a);
      const token = reader.next();
      if (token === Token.NULL && this.#options.nulls === 'omit') out.position = entry;
      else this.#value(token, depth + 1);
    }
    out.byte(CLOSE_BRACE);
  }

  /**
   * Reads the value of a `class` key. Drops the pair when the value looks like a class name; returns that name where it
   * is a JDK value's.
   */
  #classEntry(entry: number, depth: number): string | undefined {
    const reader = this.#reader;
    const out = this.#out;
    reader.skipString();
    const token = reader.next();
    const name = token === Token.STRING ? reader.string() : undefined;
    const kind: ClassNameKind = name === undefined ? 'other' : classNameKind(name);
    if (kind !== 'other' && this.#options.classKey === 'drop') {
      out.position = entry;
    } else {
      out.ascii('"class":');
      if (name === undefined) this.#value(token, depth + 1);
      else writeString(out, name);
    }
    return kind === 'jdk' && this.#options.jdkValues === 'text' ? name : undefined;
  }

  /** Reads the map again as a JDK value; false, with everything as before, where its parts do not fit. */
  #jdkMap(className: string, reference: number, start: number): boolean {
    const mark = markOf(this.#reader);
    const scalar = this.#rereadJdk(className, reference);
    if (scalar === undefined) {
      returnTo(mark, this.#reader);
      return false;
    }
    this.#out.position = start;
    writeJdkScalar(this.#out, scalar, this.#options);
    return true;
  }

  #rereadJdk(className: string, reference: number): JdkScalar | undefined {
    const reader = this.#reader;
    this.#rewind(reference);
    const tree = withSharedParts(readTreeOf(reader, reader.next(), MAX_JDK_NODES), this.#part);
    this.#forgetInside(reference);
    return tree === undefined ? undefined : jdkScalar(className, tree);
  }

  /** A finished container that a JDK value refers to; null for one that is still being written. */
  readonly #part = (reference: number): HessianValue => {
    const reader = this.#reader;
    if (reader.references.memoEnd[reference] === IN_PROGRESS) return null;
    const mark = markOf(reader);
    this.#rewind(reference);
    const part = readTreeOf(reader, reader.next(), MAX_JDK_NODES);
    returnTo(mark, reader);
    return part;
  };

  /** Writes a key that is no string as text; false where `mapKeys: pairs` asks for pairs instead. */
  #otherKey(token: Token.Token, depth: number): boolean {
    if (this.#options.mapKeys === 'pairs') return false;
    const out = this.#out;
    const start = out.position;
    const firstInside = this.#reader.references.count;
    this.#value(token, depth + 1);
    for (let i = firstInside; i < this.#reader.references.count; i++) this.#reader.references.memoEnd[i] = UNWRITTEN;
    const first = out.buffer[start];
    if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      throw new TranscodeError('map-key', 'a map has an object or a list as key, which JSON cannot say');
    }
    if (first !== QUOTE) {
      out.byte(QUOTE);
      out.byte(QUOTE);
      out.buffer.copyWithin(start + 1, start, out.position - 2);
      out.buffer[start] = QUOTE;
    }
    return true;
  }

  /** The map as a list of [key, value]; it is read again from its start. */
  #pairs(reference: number, start: number, depth: number): void {
    const reader = this.#reader;
    const out = this.#out;
    this.#rewind(reference);
    reader.next();
    this.#forgetInside(reference);
    out.position = start;
    out.byte(OPEN_BRACKET);
    for (let i = 0; ; i++) {
      const keyToken = reader.next();
      if (keyToken === Token.END) break;
      out.byte(i === 0 ? OPEN_BRACKET : COMMA);
      if (i > 0) out.byte(OPEN_BRACKET);
      this.#value(keyToken, depth + 1);
      out.byte(COMMA);
      this.#value(reader.next(), depth + 1);
      out.byte(CLOSE_BRACKET);
    }
    out.byte(CLOSE_BRACKET);
  }

  #object(reference: number, depth: number): void {
    const reader = this.#reader;
    const plan = this.#plan(reader.classIndex);
    if (plan.form === 'fields' || plan.form === 'throwable') {
      this.#fields(plan, depth);
      return;
    }
    if (plan.form === 'enum-set') {
      this.#enumSet(plan, depth);
    } else if (plan.form !== 'jdk') {
      const token = reader.next();
      if (token === Token.STRING) {
        if (plan.form === 'name') writeHessianString(reader, this.#out);
        else writeDecimal(this.#out, reader.string(), this.#options);
      } else {
        this.#fieldsAgain(plan, reference, depth); // it only looked like an enum or a BigDecimal
      }
    } else if (this.#options.jdkValues === 'as-is' && plan.className !== 'java.math.BigInteger') {
      this.#fields(plan, depth);
    } else {
      this.#jdkObject(plan, reference, depth);
    }
  }

  /** Definitions keep their numbers for the whole body, so each is looked up once. */
  #plan(classIndex: number): ClassPlan {
    let plan = this.#bodyPlans[classIndex];
    if (plan === undefined) {
      plan = this.#plans.find(this.#reader, this.#reader.classDefinition(classIndex));
      this.#bodyPlans[classIndex] = plan;
    }
    return plan;
  }

  #fields(plan: ClassPlan, depth: number): void {
    const reader = this.#reader;
    const out = this.#out;
    const { keys } = plan;
    const start = out.position + 1;
    out.byte(OPEN_BRACE);
    if (plan.form === 'throwable') {
      out.ascii('"exceptionClass":');
      writeString(out, plan.className);
    }
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      const token = reader.next();
      if (key === undefined || (token === Token.NULL && this.#options.nulls === 'omit')) {
        skipValueOf(reader, token, depth + 1);
        continue;
      }
      if (out.position > start) out.byte(COMMA);
      out.bytes(key);
      this.#value(token, depth + 1);
    }
    out.byte(CLOSE_BRACE);
  }

  #enumSet(plan: ClassPlan, depth: number): void {
    const reader = this.#reader;
    for (const field of plan.fields) {
      const token = reader.next();
      if (field === 'objects') this.#value(token, depth + 1);
      else skipValueOf(reader, token, depth + 1);
    }
  }

  #jdkObject(plan: ClassPlan, reference: number, depth: number): void {
    const scalar = this.#rereadJdk(plan.className, reference);
    if (scalar !== undefined) writeJdkScalar(this.#out, scalar, this.#options);
    else this.#fieldsAgain(plan, reference, depth);
  }

  #fieldsAgain(plan: ClassPlan, reference: number, depth: number): void {
    this.#rewind(reference);
    this.#reader.next();
    this.#forgetInside(reference);
    this.#fields(plan, depth);
  }

  #reference(target: number, depth: number): void {
    const reader = this.#reader;
    const out = this.#out;
    const { references } = reader;
    const end = references.memoEnd[target]!;
    if (end === IN_PROGRESS) {
      if (this.#options.cycles === 'error') throw new TranscodeError('cycle', 'the result refers back to itself');
      this.cycleCount++;
      if (target < this.#outermostCycle) this.#outermostCycle = target;
      out.ascii('null');
    } else if (end >= 0) {
      out.repeat(references.memoStart[target]!, end);
    } else {
      this.#again(target, depth);
    }
  }

  /** Reads a finished container a second time, in its place here. */
  #again(target: number, depth: number): void {
    const mark = markOf(this.#reader);
    this.#rewind(target);
    this.#container(this.#reader.next(), depth);
    returnTo(mark, this.#reader);
  }

  #rewind(reference: number): void {
    const reader = this.#reader;
    this.#rereadBudget -= Math.max(16, reader.position - reader.references.start[reference]!);
    if (this.#rereadBudget < 0) throw reader.fault('limit', 'too many references to read again');
    reader.rewindTo(reference);
  }

  /** The container is still being written; what was written inside it is thrown away and can no longer be copied. */
  #forgetInside(reference: number): void {
    const { references } = this.#reader;
    references.memoEnd[reference] = IN_PROGRESS;
    for (let i = reference + 1; i < references.count; i++) references.memoEnd[i] = UNWRITTEN;
  }
}
