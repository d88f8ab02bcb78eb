import { LRUCache } from 'lru-cache';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { ClassDefinition } from '../hessian/class-memory.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import { writeString } from '../json/json-writer.ts';
import { isJdkObject } from './jdk-values.ts';
import { JsonKey } from './json-key.ts';

/** How objects of a class definition become JSON. */
export type ClassForm =
  /** A JSON object of its fields. */
  | 'fields'
  /** Its single string field, as number digits (BigDecimal). */
  | 'decimal'
  /** Its single field `name`, as text: an enum constant or a java.lang.Class. */
  | 'name'
  /** A JDK value that is put together by `jdk-values.ts`. */
  | 'jdk'
  /** hessian-lite's form of an EnumSet: its field `objects`. */
  | 'enum-set'
  /** A Throwable inside a result: class, message and own fields; stack and cause are left out. */
  | 'throwable';

/** What is known of a class definition once its bytes were seen. */
export interface ClassPlan {
  readonly className: string;
  readonly form: ClassForm;
  readonly fields: readonly string[];
  /** What is written before the fields: a Throwable's class. */
  readonly head: Buffer | undefined;
  /** For each field its key; undefined: the field is not written. */
  readonly keys: readonly (JsonKey | undefined)[];
  /** About how much memory it takes. */
  readonly bytes: number;
}

/** About what a plan takes, and each of its fields, beside their names. */
const PLAN_BYTES = 600;
const FIELD_BYTES = 400;
const BYTES_PER_NAME_BYTE = 4;

const THROWABLE_FIELDS: ReadonlySet<string> = new Set(['stackTrace', 'suppressedExceptions', 'cause']);

/** The hidden field by which an object of an inner class knows the object around it. */
const OUTER_OBJECT = /^this\$\d+$/;
const ENUM_SET = /caucho\.hessian\.io\.EnumSetHandler$/;

/**
 * Plans by the bytes of class definitions: never by name alone, because field order is the writer's (sofa-hessian and
 * hessian.js mix up values when two definitions share a name). Bounded, so that a peer that sends ever new shapes
 * cannot grow it.
 */
export class ClassPlans {
  readonly #declaredClasses: ReadonlySet<string>;
  readonly #plans: LRUCache<string, ClassPlan>;
  hits = 0;
  misses = 0;
  /** Plans that had to make room for others. */
  evictions = 0;

  /**
   * @param declaredClasses classes the configuration has under `types`; a class with the single field `name` is taken
   *   for an enum unless it is among them, because the two look the same on the wire
   * @param maxPlans default 2,000
   * @param maxBytes of all keys and plans, about; default 16 MiB
   */
  constructor(declaredClasses: ReadonlySet<string>, maxPlans = 2_000, maxBytes = 16 * 1024 * 1024) {
    this.#declaredClasses = declaredClasses;
    this.#plans = new LRUCache({
      max: maxPlans,
      maxSize: maxBytes,
      sizeCalculation: (plan, key) => plan.bytes + key.length,
      dispose: (_plan, _key, reason) => {
        if (reason === 'evict') this.evictions++;
      },
    });
  }

  get size(): number {
    return this.#plans.size;
  }

  /** About how much memory the plans take. */
  get bytes(): number {
    return this.#plans.calculatedSize;
  }

  get maxSize(): number {
    return this.#plans.max;
  }

  get maxBytes(): number {
    return this.#plans.maxSize;
  }

  find(reader: HessianReader, definition: ClassDefinition): ClassPlan {
    const key = reader.bytes.toString('latin1', definition.start, definition.end);
    const known = this.#plans.get(key);
    if (known !== undefined) {
      this.hits++;
      return known;
    }
    this.misses++;
    const { name, fields } = reader.classNames(definition);
    const plan = this.#compile(name, fields, definition.end - definition.start);
    this.#plans.set(key, plan);
    return plan;
  }

  #compile(className: string, fields: readonly string[], definitionBytes: number): ClassPlan {
    const form = this.#formOf(className, fields);
    // hessian-lite writes a parent's fields before the child's, so the last of a repeated name is the child's.
    const lastOf = new Map(fields.map((field, index) => [field, index]));
    const keys = fields.map((field, index) => {
      return lastOf.get(field) !== index || isHidden(form, field, lastOf)
        ? undefined
        : new JsonKey(keyName(form, field));
    });
    return {
      className,
      form,
      fields,
      head: form === 'throwable' ? throwableHead(className, lastOf) : undefined,
      keys,
      bytes: PLAN_BYTES + FIELD_BYTES * fields.length + BYTES_PER_NAME_BYTE * definitionBytes,
    };
  }

  #formOf(className: string, fields: readonly string[]): ClassForm {
    const single = fields.length === 1 ? fields[0] : undefined;
    if (className === 'java.math.BigDecimal' && single === 'value') return 'decimal';
    if (isJdkObject(className)) return 'jdk';
    if (ENUM_SET.test(className) && fields.includes('objects')) return 'enum-set';
    if (single === 'name' && !this.#declaredClasses.has(className)) return 'name';
    if (fields.includes('stackTrace') && fields.includes('detailMessage')) return 'throwable';
    return 'fields';
  }
}

function isHidden(form: ClassForm, field: string, fields: ReadonlyMap<string, number>): boolean {
  if (form === 'enum-set') return field !== 'objects';
  if (field.startsWith('this$') && OUTER_OBJECT.test(field)) return true;
  if (form !== 'throwable') return false;
  return THROWABLE_FIELDS.has(field) || (field === 'detailMessage' && fields.has('message'));
}

function keyName(form: ClassForm, field: string): string {
  return form === 'throwable' && field === 'detailMessage' ? 'message' : field;
}

/** `,"exceptionClass":"…"`, unless the exception has a field of that name itself, as Dubbo's GenericException does. */
function throwableHead(className: string, fields: ReadonlyMap<string, number>): Buffer | undefined {
  if (fields.has('exceptionClass')) return undefined;
  const out = new ByteWriter(128);
  out.byte(0x2c);
  writeString(out, 'exceptionClass');
  out.byte(0x3a);
  writeString(out, className);
  return out.take();
}
