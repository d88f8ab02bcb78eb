/** What a process holds at one moment, after its garbage was collected. */
export interface ProcessSample {
  readonly heapBytes: number;
  /** Memory outside the heap: buffers and what native code holds. */
  readonly externalBytes: number;
  readonly residentBytes: number;
  /** What keeps the event loop busy, by type; timers that were told not to are not among them. */
  readonly resources: Readonly<Record<string, number>>;
}
