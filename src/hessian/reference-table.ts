const FIRST_CAPACITY = 64;
const KEEP_CAPACITY = 4096;

/**
 * The containers of a body in the order they start, each with what is needed to read it a second time, and two numbers
 * for the user's own memory of it.
 */
export class ReferenceTable {
  count = 0;
  /** Position of the container's tag. */
  start = new Int32Array(FIRST_CAPACITY);
  /** Sizes of the other two tables at that moment. */
  typeCount = new Int32Array(FIRST_CAPACITY);
  classCount = new Int32Array(FIRST_CAPACITY);
  /** The user's; `add` sets `memoEnd` to -1. */
  memoStart = new Int32Array(FIRST_CAPACITY);
  memoEnd = new Int32Array(FIRST_CAPACITY);

  add(start: number, typeCount: number, classCount: number): number {
    const index = this.count++;
    if (index === this.start.length) this.#resize(index * 2);
    this.start[index] = start;
    this.typeCount[index] = typeCount;
    this.classCount[index] = classCount;
    this.memoEnd[index] = -1;
    return index;
  }

  /** Gives memory back after an unusually large body. */
  shrink(): void {
    this.count = 0;
    if (this.start.length > KEEP_CAPACITY) this.#resize(FIRST_CAPACITY);
  }

  #resize(capacity: number): void {
    this.start = resized(this.start, capacity);
    this.typeCount = resized(this.typeCount, capacity);
    this.classCount = resized(this.classCount, capacity);
    this.memoStart = resized(this.memoStart, capacity);
    this.memoEnd = resized(this.memoEnd, capacity);
  }
}

function resized(from: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(capacity);
  to.set(from.length > capacity ? from.subarray(0, capacity) : from);
  return to;
}
