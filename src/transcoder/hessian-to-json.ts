import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import { markOf, returnTo } from '../hessian/reader-mark.ts';
import { skipValueOf } from '../hessian/skip-value.ts';
import * as Token from '../hessian/token.ts';
import { writeInt } from '../json/json-writer.ts';
import type { AnswerShapes } from './answer-shapes.ts';
import type { ClassPlan, ClassPlans } from './class-plan.ts';
import { ContainerMemory } from './container-memory.ts';
import { writeHessianString } from './hessian-string-to-json.ts';
import { JdkReader } from './jdk-reader.ts';
import type { KeyBranch } from './known-key.ts';
import { MapToJson, type ValueWriter } from './map-to-json.ts';
import { writePlainFields } from './plain-run.ts';
import { writePlainValue } from './plain-value.ts';
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
export class HessianToJson implements ValueWriter {
  /** References that became null since the start because they led to a container around them. */
  cycleCount = 0;
  readonly #plans: ClassPlans;
  readonly #reader: HessianReader;
  readonly #memory: ContainerMemory;
  readonly #jdk: JdkReader;
  #out!: ByteWriter;
  #options!: ResponseOptions;
  #shapes!: AnswerShapes;
  readonly #maps: MapToJson;
  /** Where the keys of the next map are expected. */
  inside: KeyBranch | undefined = undefined;

  constructor(reader: HessianReader, plans: ClassPlans) {
    this.#reader = reader;
    this.#plans = plans;
    this.#memory = new ContainerMemory(reader);
    this.#jdk = new JdkReader(reader, this.#memory);
    this.#maps = new MapToJson(reader, this.#memory, this.#jdk, this);
  }

  /**
   * Starts a body, `bytes[start, end)`: the reader stands at its first value then.
   *
   * @param shapes what is remembered of earlier answers of the same route
   */
  start(bytes: Buffer, start: number, end: number, shapes: AnswerShapes): void {
    this.#reader.reset(bytes, start, end);
    this.#reader.classMemory = shapes.classes;
    shapes.classes.forgetBody();
    this.#shapes = shapes;
  }

  /** Writes the value whose head the reader has just read. */
  write(token: Token.Token, out: ByteWriter, options: ResponseOptions): void {
    this.#out = out;
    this.#options = options;
    this.#memory.reset();
    this.#jdk.reset();
    this.#maps.start(out, options, this.#shapes.keys);
    this.inside = this.#shapes.keys.root;
    this.value(token);
    if (this.#memory.tooDeep !== undefined) throw this.#memory.tooDeep;
  }

  value(token: Token.Token): void {
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
        this.reference(reader.int);
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
    if (!memory.open(reference)) return;
    if (token === Token.LIST) this.#list();
    else if (token === Token.MAP) this.#maps.write(reference, this.inside);
    else this.#object(reference);
    memory.close(reference, start, this.#out.position);
  }

  #list(): void {
    const reader = this.#reader;
    const out = this.#out;
    const length = reader.int;
    const floats = reader.type === '[float';
    const inside = this.inside;
    out.byte(OPEN_BRACKET);
    for (let i = 0; i !== length; i++) {
      const entry = out.position;
      if (i > 0) out.byte(COMMA);
      if (!floats && writePlainValue(reader, out, this.#options)) continue;
      const token = reader.next();
      if (token === Token.END && length === -1) {
        out.position = entry;
        break;
      }
      this.inside = inside;
      if (floats && token === Token.DOUBLE) writeFloatAs(out, reader.double, this.#options);
      else this.value(token);
      if (this.#memory.tooDeep !== undefined) return;
    }
    out.byte(CLOSE_BRACKET);
  }

  #object(reference: number): void {
    const reader = this.#reader;
    const plan = this.#shapes.classes.plan(reader.classIndex, reader, this.#plans);
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

  #fields(plan: ClassPlan): void {
    const reader = this.#reader;
    const out = this.#out;
    const { keys } = plan;
    const omitsNulls = this.#options.nulls === 'omit';
    const start = out.position;
    // Each field starts with a comma; in the end the brace takes the place of the first one.
    if (plan.head !== undefined) out.bytes(plan.head);
    for (let i = 0; ; i++) {
      i = writePlainFields(reader, out, this.#options, keys, i);
      if (i >= keys.length) break;
      const key = keys[i];
      if (key === undefined) {
        skipValueOf(reader, reader.next(), this.#memory.depth);
        continue;
      }
      const entry = out.position;
      key.write(out);
      const token = reader.next();
      if (token === Token.NULL && omitsNulls) {
        out.position = entry;
      } else {
        this.inside = undefined;
        this.value(token);
        if (this.#memory.tooDeep !== undefined) return;
      }
    }
    if (out.position === start) out.byte(OPEN_BRACE);
    else out.buffer[start] = OPEN_BRACE;
    out.byte(CLOSE_BRACE);
  }

  /** Its one field that has a key: the list of constants. */
  #enumSet(plan: ClassPlan): void {
    const reader = this.#reader;
    for (const key of plan.keys) {
      const token = reader.next();
      if (key !== undefined) this.value(token);
      else skipValueOf(reader, token, this.#memory.depth);
      if (this.#memory.tooDeep !== undefined) return;
    }
  }

  #fieldsAgain(plan: ClassPlan, reference: number): void {
    this.restart(reference);
    this.#fields(plan);
  }

  reference(target: number): void {
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
  restart(reference: number): void {
    const reader = this.#reader;
    this.#memory.charge(reader.position - reader.references.start[reference]!);
    reader.rewindTo(reference);
    reader.next();
    this.#memory.restart(reference);
  }
}
