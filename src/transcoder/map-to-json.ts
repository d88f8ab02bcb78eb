import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import { markOf, returnTo } from '../hessian/reader-mark.ts';
import { skipValueOf } from '../hessian/skip-value.ts';
import * as Token from '../hessian/token.ts';
import { writeString } from '../json/json-writer.ts';
import { type ClassNameKind, classNameKind, isClassKey } from './class-name-kind.ts';
import type { ContainerMemory } from './container-memory.ts';
import { writeHessianString } from './hessian-string-to-json.ts';
import type { JdkReader } from './jdk-reader.ts';
import type { KeyShapes } from './key-shapes.ts';
import type { KeyBranch, KnownKey } from './known-key.ts';
import { writePlainPairs } from './plain-run.ts';
import { writePlainValue } from './plain-value.ts';
import type { ResponseOptions } from './response-options.ts';
import { writeJdkScalar } from './scalar-to-json.ts';
import { TranscodeError } from './transcode-error.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Who writes the values of a map. */
export interface ValueWriter {
  /** Where the keys of maps in the next value are expected. */
  inside: KeyBranch | undefined;
  /** Writes the value whose head was just read. */
  value(token: Token.Token): void;
  /** Writes what a reference leads to. */
  reference(target: number): void;
  /** Goes back to the first element of an open container, whose output so far is thrown away. */
  restart(reference: number): void;
}

/** Writes Hessian maps as JSON objects, or as what they stand for: see `HessianToJson`, whose part this is. */
export class MapToJson {
  readonly #reader: HessianReader;
  readonly #memory: ContainerMemory;
  readonly #jdk: JdkReader;
  readonly #values: ValueWriter;
  #out!: ByteWriter;
  #options!: ResponseOptions;
  #shapes!: KeyShapes;

  constructor(reader: HessianReader, memory: ContainerMemory, jdk: JdkReader, values: ValueWriter) {
    this.#reader = reader;
    this.#memory = memory;
    this.#jdk = jdk;
    this.#values = values;
  }

  /** Starts a body. */
  start(out: ByteWriter, options: ResponseOptions, shapes: KeyShapes): void {
    this.#out = out;
    this.#options = options;
    this.#shapes = shapes;
  }

  /** Writes the map whose MAP token was just read; `inside` is where its keys are expected. */
  write(reference: number, inside: KeyBranch | undefined): void {
    const reader = this.#reader;
    const memory = this.#memory;
    const out = this.#out;
    const start = out.position;
    const omitsNulls = this.#options.nulls === 'omit';
    let mayBeJdk = this.#options.jdkValues === 'text';
    let lookedAhead = !mayBeJdk;
    let branch = inside;
    /** Where the first unknown key came; no later key of the map is looked for. */
    let lost: KeyBranch | undefined;
    // Each pair starts with a comma; in the end the brace takes the place of the first one.
    for (;;) {
      if (branch !== undefined) branch = writePlainPairs(reader, out, this.#options, branch);
      const containersBefore = reader.references.count;
      const entry = out.position;
      const known = branch === undefined ? undefined : this.#knownKey(branch);
      if (known === undefined && branch !== undefined) lost = branch;
      branch = known?.after;
      const keyToken = known === undefined ? reader.next() : Token.STRING;
      if (keyToken === Token.END) break;
      if (known === undefined ? keyToken === Token.STRING && isClassKey(reader) : known.classNames !== undefined) {
        if (known === undefined) reader.skipString();
        else if (this.#options.classKey === 'drop' && known.classNames!.skip(reader)) continue;
        out.byte(COMMA);
        const jdkClass = this.#classValue(entry);
        if (memory.tooDeep !== undefined) return;
        if (jdkClass !== undefined && mayBeJdk) {
          mayBeJdk = false;
          lookedAhead = true;
          if (this.#jdkMap(jdkClass, reference, start)) return;
        }
        continue;
      }
      if (known !== undefined) {
        known.json.write(out);
      } else if (keyToken !== Token.STRING && this.#options.mapKeys === 'pairs') {
        this.#pairs(reference, start);
        return;
      } else {
        out.byte(COMMA);
        if (keyToken === Token.STRING) writeHessianString(reader, out);
        else this.#otherKey(keyToken, containersBefore);
        if (memory.tooDeep !== undefined) return;
        out.byte(COLON);
      }
      if (!omitsNulls && writePlainValue(reader, out, this.#options)) continue;
      this.#values.inside = known === undefined ? this.#insideStrangers(lost) : known.inside;
      const token = reader.next();
      if (token === Token.NULL && omitsNulls) {
        out.position = entry;
        if (keyToken !== Token.STRING) memory.forget(containersBefore);
      } else if (token === Token.REFERENCE && !lookedAhead && memory.mustReread(reader.int)) {
        lookedAhead = true;
        const target = reader.int;
        const jdkClass = this.#jdkClassAhead();
        if (jdkClass !== undefined) {
          mayBeJdk = false;
          if (this.#jdkMap(jdkClass, reference, start)) return;
        }
        this.#values.reference(target);
      } else {
        this.#values.value(token);
      }
      if (memory.tooDeep !== undefined) return;
    }
    if (out.position === start) out.byte(OPEN_BRACE);
    else out.buffer[start] = OPEN_BRACE;
    out.byte(CLOSE_BRACE);
  }

  /** The key that comes next, if its place in the shape is known or can be learnt; the reader stands behind it then. */
  #knownKey(branch: KeyBranch): KnownKey | undefined {
    const reader = this.#reader;
    const { position } = reader;
    const key = branch.find(reader.bytes, position, reader.end);
    if (key === undefined) return this.#shapes.learn(branch, reader);
    reader.position = position + key.raw.length;
    return key;
  }

  #insideStrangers(branch: KeyBranch | undefined): KeyBranch | undefined {
    return branch === undefined ? undefined : this.#shapes.insideStrangers(branch);
  }

  /**
   * Reads the value of a `class` key. Drops the pair when the value looks like a class name; returns that name where it
   * is a JDK value's.
   */
  #classValue(entry: number): string | undefined {
    const reader = this.#reader;
    const out = this.#out;
    const token = reader.next();
    const name = token === Token.STRING ? reader.string() : undefined;
    const kind: ClassNameKind = name === undefined ? 'other' : classNameKind(name);
    const dropped = kind !== 'other' && this.#options.classKey === 'drop';
    if (dropped || (token === Token.NULL && this.#options.nulls === 'omit')) {
      out.position = entry;
    } else {
      out.ascii('"class":');
      if (name === undefined) this.#values.value(token);
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
    this.#values.value(token);
    if (this.#memory.tooDeep !== undefined) return;
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
    this.#values.restart(reference);
    out.position = start;
    out.byte(OPEN_BRACKET);
    for (let i = 0; ; i++) {
      const keyToken = reader.next();
      if (keyToken === Token.END) break;
      out.byte(i === 0 ? OPEN_BRACKET : COMMA);
      if (i > 0) out.byte(OPEN_BRACKET);
      this.#values.value(keyToken);
      if (this.#memory.tooDeep !== undefined) return;
      out.byte(COMMA);
      this.#values.value(reader.next());
      if (this.#memory.tooDeep !== undefined) return;
      out.byte(CLOSE_BRACKET);
    }
    out.byte(CLOSE_BRACKET);
  }
}
