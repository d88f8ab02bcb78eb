import { type Client, createClient, type Exception } from 'node-zookeeper-client';
import { ZookeeperServerProcess } from '../interop/peers/start-zookeeper.ts';
import { type ChurnedRegistry, LIST_GRACE_MS, type RegistrySection } from './churned-registry.ts';
import { SOAK_INTERFACE } from './soak-service.ts';

const FOLDER = `/dubbo/${SOAK_INTERFACE}/providers`;
const WITHIN_MS = 20_000;
/** Shorter than what a gateway asks for, and than what it tells a frozen server by. */
const SESSION_TIMEOUT_MS = 2_000;

/** A real ZooKeeper. */
export class ZookeeperChurn implements ChurnedRegistry {
  readonly name = 'zookeeper';
  readonly section: RegistrySection;
  readonly #server: ZookeeperServerProcess;
  #present: ReadonlySet<string> = new Set();

  private constructor(server: ZookeeperServerProcess) {
    this.#server = server;
    this.section = {
      type: 'zookeeper',
      servers: [server.address],
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      emptyGraceMs: LIST_GRACE_MS,
    };
  }

  /** @throws Error where Debian's package `zookeeper` is not installed */
  static async start(): Promise<ZookeeperChurn> {
    return new ZookeeperChurn(await ZookeeperServerProcess.start());
  }

  async list(addresses: readonly string[]): Promise<void> {
    const wanted = new Set(addresses);
    const nodeOf = (address: string): string =>
      `${FOLDER}/${encodeURIComponent(`dubbo://${address}/${SOAK_INTERFACE}?application=soak&interface=${SOAK_INTERFACE}`)}`;
    await inSession(this.#server.address, async (client) => {
      for (const address of wanted) {
        if (!this.#present.has(address)) await done((callback) => client.mkdirp(nodeOf(address), callback));
      }
      for (const address of this.#present) {
        if (!wanted.has(address)) await done((callback) => client.remove(nodeOf(address), callback));
      }
    });
    this.#present = wanted;
  }

  async disturb(): Promise<void> {
    await this.#server.kill();
    await this.#server.run();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}

type Callback = (error: Exception | null) => void;

function done(begin: (callback: Callback) => void): Promise<void> {
  return new Promise((resolve, reject) => begin((error) => (error ? reject(error) : resolve())));
}

/** One session for each change: those of before may have ended with the server. */
async function inSession(server: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = createClient(server, { sessionTimeout: SESSION_TIMEOUT_MS });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`ZooKeeper did nothing within ${WITHIN_MS} ms`)), WITHIN_MS);
  });
  const connected = new Promise<void>((resolve) => client.once('connected', resolve));
  client.connect();
  try {
    await Promise.race([connected.then(() => work(client)), late]);
  } finally {
    clearTimeout(timer);
    client.close();
  }
}
