import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../support/free-port.ts';
import { READY_WITHIN_MS } from './peer-process.ts';
import { RegistryServerProcess } from './registry-server-process.ts';

/** Where Debian puts the server; what else it needs is named in there. */
const ZOOKEEPER_JAR = '/usr/share/java/zookeeper.jar';
const MAIN_CLASS = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';

/** A ZooKeeper server, whose data can be deleted too. */
export class ZookeeperServerProcess extends RegistryServerProcess {
  /**
   * Starts a server with an empty tree.
   *
   * @throws Error where Debian's package `zookeeper` is not installed, or the server does not start
   */
  static async start(): Promise<ZookeeperServerProcess> {
    if (!existsSync(ZOOKEEPER_JAR)) {
      throw new Error('ZooKeeper is missing: install the Debian package "zookeeper" (apt-get install zookeeper)');
    }
    const server = new ZookeeperServerProcess(await freePort(), mkdtempSync(join(tmpdir(), 'sluice-zookeeper-')));
    await server.run();
    return server;
  }

  override get url(): string {
    return `zookeeper://${this.address}`;
  }

  override async run(): Promise<void> {
    const config = join(this.folder, 'zoo.cfg');
    writeFileSync(
      config,
      [
        'tickTime=500',
        'maxSessionTimeout=2000',
        `dataDir=${join(this.folder, 'data')}`,
        `clientPort=${this.port}`,
        'clientPortAddress=127.0.0.1',
        'admin.enableServer=false',
        '',
      ].join('\n'),
    );
    await this.launch({
      name: 'ZooKeeper',
      file: 'java',
      arguments: ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', ZOOKEEPER_JAR, MAIN_CLASS, config],
      saysReady: false,
    });
    await this.#serves();
  }

  /** Deletes all data of a server that was ended. */
  wipe(): void {
    rmSync(join(this.folder, 'data'), { recursive: true, force: true });
  }

  async #serves(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await isServing(this.port))) {
      if (performance.now() > deadline || !this.isRunning) {
        throw new Error(`ZooKeeper did not start. Its log:\n${this.log.slice(-4_000)}`);
      }
      await sleep(50);
    }
  }
}

/** Whether the server answers its command `srvr` with the mode it is in: it accepts connections before it serves. */
function isServing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('srvr'));
    let answer = '';
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve(answer.includes('Mode: ')));
  });
}
