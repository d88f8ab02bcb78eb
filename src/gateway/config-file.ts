import { type FileHandle, lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Why a file cannot be put in the place of another one; the message is for people and names no path. */
export class ConfigFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigFileError';
  }
}

/** What the system says of a file; equal for one that nobody has changed. */
export interface FileState {
  readonly mode: number;
  readonly owner: number;
  readonly group: number;
  readonly stamp: string;
}

/**
 * The state of a file that may be replaced.
 *
 * @throws ConfigFileError for a directory, a link, a file that nobody may write, or none at all
 */
export async function replaceableFile(path: string): Promise<FileState> {
  const found = await orFailure(lstat(path));
  if (found.isDirectory()) {
    throw new ConfigFileError('it is a directory of several files; change them where they are');
  }
  if (found.isSymbolicLink()) {
    throw new ConfigFileError('its file is a link, as in a ConfigMap of Kubernetes; change what the link leads to');
  }
  if (!found.isFile()) throw new ConfigFileError('it does not come from a plain file');
  if ((found.mode & WRITE_BITS) === 0) throw new ConfigFileError('its file is read-only');
  const { mode, uid: owner, gid: group, ino, size, mtimeMs } = found;
  return { mode: mode & PERMISSION_BITS, owner, group, stamp: `${ino}:${size}:${mtimeMs}` };
}

/**
 * Writes a text beside a file, as `.name.tmp`, with the mode of the file and, where that is allowed, its owner. Resolves
 * with its path.
 *
 * @throws ConfigFileError where the directory does not take it
 */
export async function writeBeside(path: string, text: string | Buffer, state: FileState): Promise<string> {
  const staged = join(dirname(path), `.${basename(path)}.tmp`);
  // What an earlier process may have left there, and a link that somebody put there, are not written through.
  await orFailure(rm(staged, { force: true }));
  const handle = await orFailure(open(staged, 'wx', state.mode));
  try {
    await orFailure(fill(handle, text, state));
  } catch (error) {
    await removeBeside(staged);
    throw error;
  } finally {
    await handle.close();
  }
  return staged;
}

/** Puts what was written beside a file in its place, at once for all who read it. Throws `ConfigFileError`. */
export async function moveIntoPlace(staged: string, path: string): Promise<void> {
  await orFailure(rename(staged, path));
}

/** The bytes of a file. Throws `ConfigFileError`. */
export function fileBytes(path: string): Promise<Buffer> {
  return orFailure(readFile(path));
}

/** Removes what was written beside a file, if it is still there. */
export async function removeBeside(staged: string): Promise<void> {
  await rm(staged, { force: true }).catch(() => {});
}

const PERMISSION_BITS = 0o7777;
const WRITE_BITS = 0o222;

/** Also on the disk, so that a crash of the machine leaves the old file or the new one. */
async function fill(handle: FileHandle, text: string | Buffer, { mode, owner, group }: FileState): Promise<void> {
  await handle.writeFile(text);
  // A process that is not root may not give a file away, and then it stays its own.
  await handle.chown(owner, group).catch(() => {});
  // After the owner: a change of it takes bits away. And the mode of `open` is cut by the mask of the process.
  await handle.chmod(mode);
  await handle.sync();
}

async function orFailure<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new ConfigFileError(REASONS[code] ?? `its file cannot be replaced: ${code}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its file is gone',
  EACCES: 'its file or directory may not be written',
  EPERM: 'its file or directory may not be written',
  EROFS: 'its file system is read-only',
  EBUSY: 'its file is mounted by itself and cannot be replaced; mount its directory instead',
  ENOSPC: 'its file system is full',
  EDQUOT: 'its file system is full',
};
