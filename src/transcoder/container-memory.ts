import type { HessianError } from '../hessian/hessian-error.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';

/** `memoEnd` of a container in the reference table: not written, or not to be copied; and: being written. */
const UNWRITTEN = -1;
const IN_PROGRESS = -2;
const NOTHING_OPEN = 0x7fff_ffff;

/** Bytes that may be read a second time: this many for each byte of the body, and some more. */
const BUDGET_PER_BYTE = 16;
const FREE_BUDGET = 512 * 1024;
/** What a second reading costs beside its bytes. */
const FIXED_CHARGE = 16;

/**
 * What a transcoder knows of the containers of a body: which are being written now, where the text of the finished ones
 * stands in the output, and how much may still be read a second time.
 *
 * A text can be copied unless a reference in it became null because of a container around it: elsewhere that container
 * may not be around it. While something is read a second time nothing is copied and no text is kept: the containers that
 * are open then may lie inside a finished one, whose text would show what must be null here.
 */
export class ContainerMemory {
  /**
   * Set once a container would nest too deep: whoever has just written a value returns then, and the outermost throws it.
   * An exception through hundreds of frames costs milliseconds, and the engine drops the compiled code of all of them.
   */
  tooDeep: HessianError | undefined = undefined;
  readonly #reader: HessianReader;
  /** The containers being written, outermost first. */
  readonly #path: Int32Array;
  /** For each of them, what `#outermostCycle` was when it started. */
  readonly #outside: Int32Array;
  #depth = 0;
  /** Least place on the path that was referred to from inside the innermost open container. */
  #outermostCycle = NOTHING_OPEN;
  #rereading = 0;
  #budget = 0;

  constructor(reader: HessianReader) {
    this.#reader = reader;
    this.#path = new Int32Array(reader.limits.maxDepth);
    this.#outside = new Int32Array(reader.limits.maxDepth);
  }

  /** Forgets all of the body before. */
  reset(): void {
    const { base, end } = this.#reader;
    this.tooDeep = undefined;
    this.#depth = 0;
    this.#outermostCycle = NOTHING_OPEN;
    this.#rereading = 0;
    this.#budget = BUDGET_PER_BYTE * (end - base) + FREE_BUDGET;
  }

  /** How many containers are open. */
  get depth(): number {
    return this.#depth;
  }

  /** Whether the container is being written now, so that a reference to it is a cycle. */
  isOpen(reference: number): boolean {
    if (this.#reader.references.memoEnd[reference] === IN_PROGRESS) return true;
    return this.#rereading > 0 && this.#placeOf(reference) !== -1;
  }

  /** Whether a container that starts here is open already: it lies inside one that is read again because of it. */
  isOpenAgain(reference: number): boolean {
    return this.#rereading > 0 && this.#placeOf(reference) !== -1;
  }

  /** Whether the text of the finished container stands at `memoStart` to `memoEnd` of the output. */
  canCopy(reference: number): boolean {
    return this.#rereading === 0 && this.#reader.references.memoEnd[reference]! >= 0;
  }

  mustReread(reference: number): boolean {
    return !this.canCopy(reference) && !this.isOpen(reference);
  }

  /** A container starts; the ones before it that are not closed are around it. False, with `tooDeep` set, for one too many. */
  open(reference: number): boolean {
    const place = this.#depth;
    if (place === this.#path.length) return this.#refuse();
    this.#depth = place + 1;
    this.#path[place] = reference;
    this.#outside[place] = this.#outermostCycle;
    this.#outermostCycle = NOTHING_OPEN;
    this.#reader.references.memoEnd[reference] = IN_PROGRESS;
    return true;
  }

  /** The innermost open container is finished; its text is the output from `start` to `end`. */
  close(reference: number, start: number, end: number): void {
    const place = --this.#depth;
    const outside = this.#outside[place]!;
    const whole = this.#outermostCycle >= place;
    const { references } = this.#reader;
    references.memoStart[reference] = start;
    references.memoEnd[reference] = whole && this.#rereading === 0 ? end : UNWRITTEN;
    this.#outermostCycle = whole ? outside : Math.min(outside, this.#outermostCycle);
  }

  /** A reference to an open container was written as null. */
  noteCycle(reference: number): void {
    this.#outermostCycle = Math.min(this.#outermostCycle, this.#placeOf(reference));
  }

  /** The output from the container's start on was thrown away; it is open still. */
  restart(reference: number): void {
    this.#reader.references.memoEnd[reference] = IN_PROGRESS;
    this.forget(reference + 1);
  }

  /** The text of this container and all later ones is no longer where it was. */
  forget(first: number): void {
    const { references } = this.#reader;
    for (let i = first; i < references.count; i++) references.memoEnd[i] = UNWRITTEN;
  }

  /** Moves the reader to the start of a finished container, which will be written a second time. */
  startRereading(reference: number): void {
    this.charge(FIXED_CHARGE);
    this.#rereading++;
    this.#reader.rewindTo(reference);
  }

  endRereading(reference: number): void {
    this.#rereading--;
    this.charge(this.#reader.position - this.#reader.references.start[reference]!);
  }

  /** Pays for bytes that are read more than once. */
  charge(bytes: number): void {
    this.#budget -= bytes;
    if (this.#budget < 0) throw this.#reader.fault('limit', 'too much to read again');
  }

  #refuse(): boolean {
    this.tooDeep = this.#reader.fault('limit', `nested deeper than ${this.#path.length}`);
    return false;
  }

  #placeOf(reference: number): number {
    for (let place = this.#depth - 1; place >= 0; place--) if (this.#path[place] === reference) return place;
    return -1;
  }
}
