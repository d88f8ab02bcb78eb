import type { HessianReader } from '../hessian/hessian-reader.ts';
import { isJdkMap } from './jdk-values.ts';

/** What the text under a `class` key is: a JDK value's class, another class, or business data. */
export type ClassNameKind = 'jdk' | 'class' | 'other';

const CLASS_NAME = /^[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)+$/u;
const MAX_REMEMBERED = 2_000;
/** Longer text is no name, and not worth its memory. */
const MAX_NAME_UNITS = 512;

const remembered = new Map<string, ClassNameKind>();

/**
 * Only a qualified name counts as a class: business maps have keys called `class` too ("Economy"), while classes of the
 * default package are not found in services.
 */
export function classNameKind(text: string): ClassNameKind {
  if (text.length > MAX_NAME_UNITS) return 'other';
  let kind = remembered.get(text);
  if (kind === undefined) {
    kind = !CLASS_NAME.test(text) ? 'other' : isJdkMap(text) ? 'jdk' : 'class';
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(text, kind);
  }
  return kind;
}

/** Whether the string whose head was just read is `class`; nothing is consumed. */
export function isClassKey({ bytes, position, end, chunkLength, chunkFinal }: HessianReader): boolean {
  return (
    chunkLength === 5 &&
    chunkFinal &&
    end - position >= 5 &&
    bytes[position] === 0x63 &&
    bytes[position + 1] === 0x6c &&
    bytes[position + 2] === 0x61 &&
    bytes[position + 3] === 0x73 &&
    bytes[position + 4] === 0x73
  );
}
