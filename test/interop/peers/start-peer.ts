import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { classFolder, GO_PROGRAM, jarFolder } from './paths.ts';
import type { JavaPeerName, PeerName } from './peer-names.ts';
import { type PeerCommand, PeerProcess } from './peer-process.ts';

/**
 * JDK 17 closes its internals to reflection. Dubbo 2.6 and 2.7 do not start without the first, and Hessian in 2.6 and
 * 3.2 needs the others to take JDK objects apart.
 */
const OPENED_PACKAGES = [
  'java.base/java.lang',
  'java.base/java.util',
  'java.base/java.math',
  'java.base/java.time',
  'java.base/java.net',
  'java.base/java.util.concurrent.atomic',
  'java.base/java.util.concurrent',
  'java.base/java.lang.reflect',
  'java.sql/java.sql',
];

export interface PeerOptions {
  /** The port to listen on; a free one when absent. */
  readonly port?: number;
  /** Java system properties, such as `{ 'dubbo.protocol.threads': '2' }`. The Go provider takes none. */
  readonly properties?: Readonly<Record<string, string>>;
  /** The JVM's time zone. Default `Asia/Shanghai`, so that a value that depends on the zone is noticed. */
  readonly timeZone?: string;
}

/** A running provider. */
export interface Peer {
  readonly name: PeerName;
  readonly port: number;
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** The end of its log. */
  log(): string;
  isRunning(): boolean;
  /** SIGTERM, and waits until it has ended; SIGKILL after the grace time. */
  stop(graceMs?: number): Promise<void>;
  /** SIGTERM without waiting. */
  terminate(): void;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGSTOP: its connections stay open; nothing answers any more once this has resolved. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  resume(): void;
}

/**
 * Starts a real Dubbo provider and waits until it takes calls. It must have been built before (`npm run test:interop`).
 *
 * @throws Error with the provider's log, when it does not get ready in time
 */
export async function startPeer(name: PeerName, options: PeerOptions = {}): Promise<Peer> {
  const port = options.port ?? (await freePort());
  const command = name === 'go' ? goCommand(port) : javaCommand(name, port, options);
  const process = await PeerProcess.start(command);
  return {
    name,
    port,
    address: `127.0.0.1:${port}`,
    log: () => process.log,
    isRunning: () => process.isRunning,
    stop: (graceMs) => process.stop(graceMs),
    terminate: () => process.terminate(),
    kill: () => process.kill(),
    freeze: () => process.freeze(),
    resume: () => process.resume(),
  };
}

function javaCommand(name: JavaPeerName, port: number, options: PeerOptions): PeerCommand {
  const properties: Record<string, string> = {
    'user.timezone': options.timeZone ?? 'Asia/Shanghai',
    'file.encoding': 'UTF-8',
    'dubbo.registry.address': 'N/A',
    'dubbo.protocol.port': String(port),
    // A provider that is told to end waits 10 s for its consumers. Long enough for one that stands still for a while.
    'dubbo.service.shutdown.wait': '2500',
    ...options.properties,
  };
  return {
    name,
    file: 'java',
    arguments: [
      '-Xmx256m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      ...OPENED_PACKAGES.flatMap((opened) => ['--add-opens', `${opened}=ALL-UNNAMED`]),
      ...Object.entries(properties).map(([key, value]) => `-D${key}=${value}`),
      '-cp',
      `${classFolder(name)}:${join(jarFolder(name), '*')}`,
      'com.acme.provider.Main',
    ],
  };
}

function goCommand(port: number): PeerCommand {
  return { name: 'go', file: GO_PROGRAM, arguments: [String(port)] };
}
