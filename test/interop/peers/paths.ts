import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JavaPeerName } from './peer-names.ts';

/** The folder `test/interop`. */
export const INTEROP_FOLDER = fileURLToPath(new URL('..', import.meta.url));

const LIB_FOLDER = join(INTEROP_FOLDER, 'lib');

/** Where the program that the Go sources are built to stands. */
export const GO_PROGRAM_FOLDER = join(LIB_FOLDER, 'go');
export const GO_PROGRAM = join(GO_PROGRAM_FOLDER, 'provider');

/** A Nacos server: its jars, and our class that starts it. */
export const NACOS_JAR_FOLDER = join(LIB_FOLDER, 'nacos');
export const NACOS_CLASS_FOLDER = join(INTEROP_FOLDER, 'classes', 'nacos');

/** The jars of one Dubbo version. */
export function jarFolder(name: JavaPeerName): string {
  return join(LIB_FOLDER, name);
}

/** Our own classes, compiled against one Dubbo version. */
export function classFolder(name: JavaPeerName): string {
  return join(INTEROP_FOLDER, 'classes', name);
}
