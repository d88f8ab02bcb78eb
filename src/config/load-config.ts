import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from './diagnostic.ts';
import { type ConfigText, type LoadResult, parseFiles } from './parse-config.ts';

/** Largest file that is read, in bytes. */
const MAX_FILE_BYTES = 16 * 1024 ** 2;

/** Largest file of `${file:…}`, in bytes. */
const MAX_SECRET_BYTES = 64 * 1024;

/** A configuration that was read from files. */
export interface LoadedFiles extends LoadResult {
  /** The files of `${file:…}`, also those that cannot be read. */
  readonly secretFiles: readonly string[];
  /** Equal for equal contents of all files: 64 hexadecimal digits. */
  readonly fingerprint: string;
}

/**
 * Reads the configuration from a file, or from all `*.yaml` and `*.yml` files of a directory in the order of their
 * names; names that start with a dot are skipped, as Kubernetes keeps its own links under them. Nothing is thrown: what
 * cannot be read is a diagnostic too.
 */
export function loadConfig(path: string, environment: NodeJS.ProcessEnv): LoadedFiles {
  const texts: ConfigText[] = [];
  const unreadable: Diagnostic[] = [];
  for (const name of listFiles(path, unreadable)) {
    try {
      texts.push({ name, text: readText(name, MAX_FILE_BYTES) });
    } catch (error) {
      unreadable.push(unreadableFile(name, error));
    }
  }
  const secrets = new Map<string, string>();
  const readFile = (name: string): string => {
    // One that is not there yet is a file of the configuration too: it is to be seen when it comes.
    secrets.set(name, '');
    const text = readSecret(name);
    secrets.set(name, text);
    return text;
  };
  const result = texts.length === 0 ? nothingRead() : parseFiles(texts, { environment, readFile });
  const secretFiles = [...secrets.keys()];
  const fingerprint = fingerprintOf([...texts.map(({ text }) => [text]), ...secrets]);
  if (unreadable.length === 0) return { ...result, secretFiles, fingerprint };
  const diagnostics = [...unreadable, ...result.diagnostics];
  return { ...result, config: undefined, diagnostics, secretFiles, fingerprint };
}

/**
 * The fingerprint of what the files say now; undefined where one of them cannot be read.
 *
 * @param secretFiles the files of `${file:…}`, in the order in which `loadConfig` names them
 */
export function fingerprintOfFiles(path: string, secretFiles: readonly string[]): string | undefined {
  const unreadable: Diagnostic[] = [];
  try {
    const texts = listFiles(path, unreadable).map((name) => [readText(name, MAX_FILE_BYTES)]);
    const secrets = secretFiles.map((name) => [name, readSecret(name)]);
    return unreadable.length === 0 ? fingerprintOf([...texts, ...secrets]) : undefined;
  } catch {
    return undefined;
  }
}

function nothingRead(): LoadResult {
  return { config: undefined, diagnostics: [], files: [], secretPaths: [], locate: (found) => found };
}

function fingerprintOf(contents: readonly (readonly string[])[]): string {
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex');
}

function listFiles(path: string, unreadable: Diagnostic[]): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => /^[^.].*\.ya?ml$/.test(name));
    if (names.length > 0) return names.sort().map((name) => join(path, name));
    unreadable.push(fileDiagnostic(path, 'the directory has no .yaml or .yml file'));
  } catch (error) {
    unreadable.push(unreadableFile(path, error));
  }
  return [];
}

function readText(path: string, maxBytes: number): string {
  const { size } = statSync(path);
  if (size > maxBytes) throw new Error(`it has ${size} bytes; at most ${maxBytes} are read`);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  return text;
}

function readSecret(path: string): string {
  try {
    return readText(path, MAX_SECRET_BYTES);
  } catch (error) {
    throw new Error(reason(error));
  }
}

function unreadableFile(path: string, error: unknown): Diagnostic {
  return fileDiagnostic(path, `cannot be read: ${reason(error)}`);
}

function fileDiagnostic(file: string, message: string): Diagnostic {
  return { severity: 'error', file, line: 0, column: 0, path: '', message };
}

/** The operating system's word for it, without the path, which is already in the message. */
function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = REASONS[code];
  if (known !== undefined) return known;
  return error instanceof Error ? error.message : 'unknown reason';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is no directory',
  ELOOP: 'its links go in a circle',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8',
};
