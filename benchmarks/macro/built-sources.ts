import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in a file; the line counts from 0. */
export interface SourcePlace {
  readonly path: string;
  readonly lineNumber: number;
}

const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

/** Knows of built files, if they have their source maps in them, of what sources they were made. */
export class BuiltSources {
  readonly #maps = new Map<string, SourceMap | undefined>();

  /**
   * The place in the sources that a place in a file was made of: the place itself where the file has no map.
   *
   * @param url `file:` URL
   * @param lineNumber counts from 0, as does `columnNumber`
   */
  placeOf(url: string, lineNumber: number, columnNumber: number): SourcePlace {
    const path = fileURLToPath(url);
    const entry = this.#mapOf(path)?.findEntry(lineNumber, columnNumber);
    if (entry === undefined || !('originalSource' in entry)) return { path, lineNumber };
    return { path: resolve(dirname(path), entry.originalSource), lineNumber: entry.originalLine };
  }

  #mapOf(path: string): SourceMap | undefined {
    if (!this.#maps.has(path)) this.#maps.set(path, readMap(path));
    return this.#maps.get(path);
  }
}

function readMap(path: string): SourceMap | undefined {
  const map = INLINE_MAP.exec(readFileSync(path, 'latin1'))?.[1];
  return map === undefined ? undefined : new SourceMap(JSON.parse(Buffer.from(map, 'base64').toString()));
}
