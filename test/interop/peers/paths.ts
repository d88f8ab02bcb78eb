import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JavaPeerName } from './peer-names.ts';

/** The folder `test/interop`. */
export const INTEROP_FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** The program that the Go sources are built to. */
export const GO_PROVIDER = join(INTEROP_FOLDER, 'go', 'provider');

/** The jars of one Dubbo version. */
export function jarFolder(name: JavaPeerName): string {
  return join(INTEROP_FOLDER, 'lib', name);
}

/** Our own classes, compiled against one Dubbo version. */
export function classFolder(name: JavaPeerName): string {
  return join(INTEROP_FOLDER, 'classes', name);
}
