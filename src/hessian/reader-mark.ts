import type { HessianReader } from './hessian-reader.ts';

/** Where a reader stands: to go on there after something earlier was read a second time. */
export interface ReaderMark {
  readonly position: number;
  readonly typeCount: number;
  readonly classCount: number;
  readonly referenceCount: number;
}

export function markOf({ position, typeCount, classCount, references }: HessianReader): ReaderMark {
  return { position, typeCount, classCount, referenceCount: references.count };
}

export function returnTo(mark: ReaderMark, reader: HessianReader): void {
  reader.position = mark.position;
  reader.typeCount = mark.typeCount;
  reader.classCount = mark.classCount;
  reader.references.count = mark.referenceCount;
}
