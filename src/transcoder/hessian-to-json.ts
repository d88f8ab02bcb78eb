import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import { skipValueOf } from '../hessian/hessian-tree.ts';
import { markOf, returnTo } from '../hessian/reader-mark.ts';
import * as Token from '../hessian/token.ts';
import { writeInt, writeString } from '../json/json-writer.ts';
import { type ClassNameKind, classNameKind, isClassKey } from './class-name-kind.ts';
import type { ClassPlan, ClassPlans } from './class-plan.ts';
import { ContainerMemory } from './container-memory.ts';
import { writeHessianString } from './hessian-string-to-json.ts';
import { JdkReader } from './jdk-reader.ts';
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
import { TranscodeError } from './transcode-error.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Writes a Hessian value as JSON text straight from its bytes; no object tree in between.
 *
 * - Untyped and typed maps become objects. The `class` key that PojoUtils.generalize adds may stand anywhere in a map;
 *   where it names a JDK value that was taken apart, the map is read again and written as that value's usual text.
 * - Objects follow the plan of their class definition.
 * - A reference to a container around it is a cycle. A reference to any other one is written again: its output is
 *   copied, or it is read a second time where its output hangs on what was around it.
 * - Everything is bounded: depth and counts by the reader's limits, output by the writer's cap, second readings by a
 *   budget that grows with the body.
 *
 * Not re-entrant; one instance serves one thread. Throws `HessianError`, `TranscodeError` and `ByteLimitError`.
 */
export class HessianToJson {
  /** References that became null since the start because they led to a container around them. */
  cycleCount = 0;
  readonly #plans: ClassPlans;
  readonly #reader: HessianReader;
  readonly #memory: ContainerMemory;
  readonly #jdk: JdkReader;
  #out!: ByteWriter;
  #options!: ResponseOptions;
  readonly #bodyPlans: (ClassPlan | undefined)[] = [];

  constructor(reader: HessianReader, plans: ClassPlans) {
    this.#reader = reader;
    this.#plans = plans;
    this.#memory = new ContainerMemory(reader);
    this.#jdk = new JdkReader(reader, this.#memory);
  }

  /** Writes the value whose head the reader has just read. */
  write(token: Token.Token, out: ByteWriter, options: ResponseOptions): void {
    this.#out = out;
    this.#options = options;
    this.#memory.reset();
    this.#jdk.reset();
    this.#bodyPlans.length = 0;
    this.#value(token);
  }

  #value(token: Token.Token): void {
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
        this.#container(token);
        break;
      case Token.REFERENCE:
        this.#reference(reader.int);
        break;
      default:
        throw reader.fault('invalid', 'expected a value', -1);
    }
  }

  #container(token: Token.Token): void {
    const reader = this.#reader;
    const memory = this.#memory;
    const { reference } = reader;
    if (memory.isOpenAgain(reference)) {
      skipValueOf(reader, token, memory.depth);
      this.#cycle(reference);
      return;
    }
    const start = this.#out.position;
    memory.open(reference);
    if (token === Token.LIST) this.#list();
    else if (token === Token.MAP) this.#map(reference);
    else this.#object(reference);
    memory.close(reference, start, this.#out.position);
  }

  #list(): void {
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
      else this.#value(token);
    }
    out.byte(CLOSE_BRACKET);
  }

  #map(reference: number): void {
    const reader = this.#reader;
    const out = this.#out;
    const start = out.position;
    let mayBeJdk = this.#options.jdkValues === 'text';
    let lookedAhead = !mayBeJdk;
    out.byte(OPEN_BRACE);
    for (;;) {
      const containersBefore = reader.references.count;
      const keyToken = reader.next();
      if (keyToken === Token.END) break;
      const entry = out.position;
      if (entry > start + 1) out.byte(COMMA);
      if (keyToken === Token.STRING) {
        if (isClassKey(reader)) {
          const jdkClass = this.#classEntry(entry);
          if (jdkClass !== undefined && mayBeJdk) {
            mayBeJdk = false;
            lookedAhead = true;
            if (this.#jdkMap(jdkClass, reference, start)) return;
          }
          continue;
        }
        writeHessianString(reader, out);
      } else if (this.#options.mapKeys === 'pairs') {
        this.#pairs(reference, start);
        return;
      } else {
        this.#otherKey(keyToken, containersBefore);
      }
      out.byte(0x3a);
      const token = reader.next();
      if (token === Token.NULL && this.#options.nulls === 'omit') {
        out.position = entry;
        if (keyToken !== Token.STRING) this.#memory.forget(containersBefore);
      } else if (token === Token.REFERENCE && !lookedAhead && this.#memory.mustReread(reader.int)) {
        lookedAhead = true;
        const target = reader.int;
        const jdkClass = this.#jdkClassAhead();
        if (jdkClass !== undefined) {
          mayBeJdk = false;
          if (this.#jdkMap(jdkClass, reference, start)) return;
        }
        this.#reference(target);
      } else {
        this.#value(token);
      }
    }
    out.byte(CLOSE_BRACE);
  }

  /**
   * Reads the value of a `class` key. Drops the pair when the value looks like a class name; returns that name where it
   * is a JDK value's.
   */
  #classEntry(entry: number): string | undefined {
    const reader = this.#reader;
    const out = this.#out;
    reader.skipString();
    const token = reader.next();
    const name = token === Token.STRING ? reader.string() : undefined;
    const kind: ClassNameKind = name === undefined ? 'other' : classNameKind(name);
    const dropped = kind !== 'other' && this.#options.classKey === 'drop';
    if (dropped || (token === Token.NULL && this.#options.nulls === 'omit')) {
      out.position = entry;
    } else {
      out.ascii('"class":');
      if (name === undefined) this.#value(token);
      else writeString(out, name);
    }
    return kind === 'jdk' ? name : undefined;
  }

  /**
   * The JDK class that a later `class` key of the map names, if no key before it is other than text. Looked for before a
   * part is read again only to be thrown away: each ZonedDateTime of a list refers to the 19 KB of zone rules in the first.
   */
  #jdkClassAhead(): string | undefined {
    const reader = this.#reader;
    const memory = this.#memory;
    const mark = markOf(reader);
    let found: string | undefined;
    while (found === undefined && reader.next() === Token.STRING) {
      const isClass = isClassKey(reader);
      reader.skipString();
      const token = reader.next();
      if (!isClass || token !== Token.STRING) {
        skipValueOf(reader, token, memory.depth);
        continue;
      }
      const name = reader.string();
      if (classNameKind(name) === 'jdk') found = name;
    }
    memory.charge(reader.position - mark.position);
    returnTo(mark, reader);
    return found;
  }

  /** Reads the map again as a JDK value; false, with everything as before, where its parts do not fit. */
  #jdkMap(className: string, reference: number, start: number): boolean {
    const mark = markOf(this.#reader);
    const scalar = this.#jdk.read(className, reference);
    if (scalar === undefined) {
      returnTo(mark, this.#reader);
      return false;
    }
    this.#out.position = start;
    writeJdkScalar(this.#out, scalar, this.#options);
    return true;
  }

  /** Writes a key that is no string as text. */
  #otherKey(token: Token.Token, containersBefore: number): void {
    const out = this.#out;
    const start = out.position;
    this.#value(token);
    const first = out.buffer[start];
    if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      throw new TranscodeError('map-key', 'a map has an object or a list as key, which JSON cannot say');
    }
    if (first === QUOTE) return;
    out.byte(QUOTE);
    out.byte(QUOTE);
    out.buffer.copyWithin(start + 1, start, out.position - 2);
    out.buffer[start] = QUOTE;
    this.#memory.forget(containersBefore);
  }

  /** The map as a list of [key, value]; it is read again from its start. */
  #pairs(reference: number, start: number): void {
    const reader = this.#reader;
    const out = this.#out;
    this.#restart(reference);
    out.position = start;
    out.byte(OPEN_BRACKET);
    for (let i = 0; ; i++) {
      const keyToken = reader.next();
      if (keyToken === Token.END) break;
      out.byte(i === 0 ? OPEN_BRACKET : COMMA);
      if (i > 0) out.byte(OPEN_BRACKET);
      this.#value(keyToken);
      out.byte(COMMA);
      this.#value(reader.next());
      out.byte(CLOSE_BRACKET);
    }
    out.byte(CLOSE_BRACKET);
  }

  #object(reference: number): void {
    const reader = this.#reader;
    const plan = this.#plan(reader.classIndex);
    if (plan.form === 'fields' || plan.form === 'throwable') {
      this.#fields(plan);
    } else if (plan.form === 'enum-set') {
      this.#enumSet(plan);
    } else if (plan.form !== 'jdk') {
      const token = reader.next();
      if (token === Token.STRING) {
        if (plan.form === 'name') writeHessianString(reader, this.#out);
        else writeDecimal(this.#out, reader.string(), this.#options);
      } else {
        this.#fieldsAgain(plan, reference); // it only looked like an enum or a BigDecimal
      }
    } else if (this.#options.jdkValues === 'as-is' && plan.className !== 'java.math.BigInteger') {
      this.#fields(plan);
    } else {
      const scalar = this.#jdk.read(plan.className, reference);
      if (scalar !== undefined) writeJdkScalar(this.#out, scalar, this.#options);
      else this.#fieldsAgain(plan, reference);
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

  #fields(plan: ClassPlan): void {
    const reader = this.#reader;
    const out = this.#out;
    const { keys } = plan;
    const start = out.position + 1;
    out.byte(OPEN_BRACE);
    if (plan.head !== undefined) out.bytes(plan.head);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      const token = reader.next();
      if (key === undefined || (token === Token.NULL && this.#options.nulls === 'omit')) {
        skipValueOf(reader, token, this.#memory.depth);
        continue;
      }
      if (out.position > start) out.byte(COMMA);
      out.bytes(key);
      this.#value(token);
    }
    out.byte(CLOSE_BRACE);
  }

  /** Its one field that has a key: the list of constants. */
  #enumSet(plan: ClassPlan): void {
    const reader = this.#reader;
    for (const key of plan.keys) {
      const token = reader.next();
      if (key !== undefined) this.#value(token);
      else skipValueOf(reader, token, this.#memory.depth);
    }
  }

  #fieldsAgain(plan: ClassPlan, reference: number): void {
    this.#restart(reference);
    this.#fields(plan);
  }

  #reference(target: number): void {
    const { memoStart, memoEnd } = this.#reader.references;
    if (this.#memory.isOpen(target)) this.#cycle(target);
    else if (this.#memory.canCopy(target)) this.#out.repeat(memoStart[target]!, memoEnd[target]!);
    else this.#again(target);
  }

  #cycle(target: number): void {
    if (this.#options.cycles === 'error') throw new TranscodeError('cycle', 'the result refers back to itself');
    this.cycleCount++;
    this.#memory.noteCycle(target);
    this.#out.ascii('null');
  }

  /** Reads a finished container a second time, in its place here. */
  #again(target: number): void {
    const mark = markOf(this.#reader);
    this.#memory.startRereading(target);
    this.#container(this.#reader.next());
    this.#memory.endRereading(target);
    returnTo(mark, this.#reader);
  }

  /** Goes back to the first element of an open container, whose output so far is thrown away. */
  #restart(reference: number): void {
    const reader = this.#reader;
    this.#memory.charge(reader.position - reader.references.start[reference]!);
    reader.rewindTo(reference);
    reader.next();
    this.#memory.restart(reference);
  }
}
