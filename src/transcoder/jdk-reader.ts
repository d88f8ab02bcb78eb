import { HessianError } from '../hessian/hessian-error.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import { type HessianValue, readTreeOf } from '../hessian/hessian-tree.ts';
import { markOf, returnTo } from '../hessian/reader-mark.ts';
import type { ContainerMemory } from './container-memory.ts';
import { type JdkScalar, jdkScalar } from './jdk-values.ts';
import { withSharedParts } from './shared-parts.ts';

/** Values of a JDK value's tree at the most; the largest seen is a ZonedDateTime of Dubbo 2.6 with all its zone rules. */
const MAX_NODES = 20_000;
/** Bytes that were read to make the parts that are kept. */
const MAX_KEPT_BYTES = 1024 * 1024;

/** Reads a container that is being written a second time, as a JDK value. */
export class JdkReader {
  readonly #reader: HessianReader;
  readonly #memory: ContainerMemory;
  /** Parts that several values of a body share: the zone rules of a list of dates are read once, not for each date. */
  readonly #parts = new Map<number, HessianValue>();
  #keptBytes = 0;

  constructor(reader: HessianReader, memory: ContainerMemory) {
    this.#reader = reader;
    this.#memory = memory;
  }

  /** Forgets all of the body before. */
  reset(): void {
    this.#keptBytes = 0;
    if (this.#parts.size > 0) this.#parts.clear();
  }

  /**
   * The text or number of the container, behind which the reader stands then; undefined where its parts do not fit. What
   * was written inside the container is taken for thrown away.
   */
  read(className: string, reference: number): JdkScalar | undefined {
    const whole = this.#tree(reference);
    const tree = whole === undefined ? undefined : withSharedParts(whole, this.#part);
    this.#memory.restart(reference);
    return tree === undefined ? undefined : jdkScalar(className, tree);
  }

  /** A finished container that a JDK value refers to; null for one that is still being written, or too large. */
  readonly #part = (reference: number): HessianValue => {
    if (this.#memory.isOpen(reference)) return null;
    const known = this.#parts.get(reference);
    if (known !== undefined) return known;
    const mark = markOf(this.#reader);
    const part = this.#tree(reference) ?? null;
    this.#keptBytes += this.#reader.position - this.#reader.references.start[reference]!;
    returnTo(mark, this.#reader);
    if (this.#keptBytes > MAX_KEPT_BYTES) this.reset();
    this.#parts.set(reference, part);
    return part;
  };

  /** Undefined for what is larger than any JDK value. */
  #tree(reference: number): HessianValue | undefined {
    const reader = this.#reader;
    reader.rewindTo(reference);
    try {
      return readTreeOf(reader, reader.next(), MAX_NODES);
    } catch (error) {
      if (error instanceof HessianError && error.fault === 'limit') return undefined;
      throw error;
    } finally {
      this.#memory.charge(reader.position - reader.references.start[reference]!);
    }
  }
}
