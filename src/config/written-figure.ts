import { type ConfigPath, formatConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';

/** A number of the configuration for a message: as written, `… by default`, or `<from ${NAME}>` for a secret. */
export function figureText(path: ConfigPath, text: string | number, reporter: Reporter): string {
  if (reporter.node(path) === undefined) return `${text} by default`;
  return reporter.isSecret(path) ? reporter.show(path) : String(text);
}

/** A number with its place: `server.limits.maxBodyBytes (1MiB by default)`. */
export function placedFigureText(path: ConfigPath, text: string | number, reporter: Reporter): string {
  return `${formatConfigPath(path)} (${figureText(path, text, reporter)})`;
}

/** The first of these paths that is written; the first of all where none is. */
export function firstWritten(paths: readonly ConfigPath[], reporter: Reporter): ConfigPath {
  return paths.find((path) => reporter.node(path) !== undefined) ?? paths[0]!;
}

/** A size as it would be written: `16MiB`, `1000B`. */
export function byteText(bytes: number): string {
  const unit = UNITS.find(([, factor]) => bytes % factor === 0)!;
  return `${bytes / unit[1]}${unit[0]}`;
}

const UNITS: readonly (readonly [name: string, factor: number])[] = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
  ['B', 1],
];
