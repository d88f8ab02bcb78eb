import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../support/free-port.ts';
import { NACOS_CLASS_FOLDER, NACOS_JAR_FOLDER } from './paths.ts';
import { type PeerCommand, READY_WITHIN_MS } from './peer-process.ts';
import { RegistryServerProcess } from './registry-server-process.ts';

/** After it was killed its database must be up within some seconds, which a busy machine may not give it. */
const STARTS = 3;
/** Of the library that has to come first on the class path; the newer one of the same name stays behind it. */
const FIRST_JAR = /^hessian-4\.0\.\d+\.jar$/;
/** What the server listens on beside its HTTP port, relative to it: raft, gRPC for clients, gRPC for servers. */
const OFFSETS = [-1_000, 1_000, 1_001];
const TOKEN_KEY = Buffer.from('a key that is used in tests only, of more than 32 bytes').toString('base64');

export const NACOS_USER = 'nacos';
export const NACOS_PASSWORD = 'correct-horse';

/** A Nacos server with naming and configuration, that asks for a user. */
export class NacosServerProcess extends RegistryServerProcess {
  /**
   * Starts a server that knows nothing yet but its administrator.
   *
   * @throws Error where it was not built, or does not start
   */
  static async start(): Promise<NacosServerProcess> {
    if (!existsSync(NACOS_CLASS_FOLDER)) {
      throw new Error('the Nacos server is not built: it needs a JDK and Maven (npm run test:interop builds it)');
    }
    const server = new NacosServerProcess(await freePort(OFFSETS), mkdtempSync(join(tmpdir(), 'sluice-nacos-')));
    await server.run();
    await server.#makeUser();
    return server;
  }

  override get url(): string {
    return `nacos://${this.address}?username=${NACOS_USER}&password=${encodeURIComponent(NACOS_PASSWORD)}`;
  }

  override async run(): Promise<void> {
    const config = join(this.folder, 'conf');
    mkdirSync(config, { recursive: true });
    writeFileSync(
      join(config, 'application.properties'),
      [
        'nacos.core.auth.enabled=true',
        'nacos.core.auth.system.type=nacos',
        'nacos.core.auth.server.identity.key=sluice',
        'nacos.core.auth.server.identity.value=sluice',
        // Else it refuses an instance whose metadata has more than 1,024 characters, as the names of all methods have.
        'nacos.core.param.check.enabled=false',
        `nacos.core.auth.plugin.nacos.token.secret.key=${TOKEN_KEY}`,
        '',
      ].join('\n'),
    );
    const first = readdirSync(NACOS_JAR_FOLDER).find((name) => FIRST_JAR.test(name));
    if (first === undefined) throw new Error('the jars of the Nacos server are not complete');
    for (let start = 1; ; start++) {
      try {
        await this.launch(this.#command(config, first));
        return;
      } catch (error) {
        if (start === STARTS) throw new Error(`${(error as Error).message}\n${this.#ownLog()}`);
      }
    }
  }

  /** Logs in; rejects while the server does not know the user. */
  async login(): Promise<string> {
    const answer = await this.#post('/v3/auth/user/login', { username: NACOS_USER, password: NACOS_PASSWORD });
    const { accessToken } = JSON.parse(answer) as { accessToken: string };
    return accessToken;
  }

  /** Changes an instance as an operator does. */
  async changeInstance(parameters: Readonly<Record<string, string>>): Promise<void> {
    const query = new URLSearchParams({ namespaceId: 'public', groupName: 'DEFAULT_GROUP', ...parameters });
    const answer = await fetch(`http://${this.address}/nacos/v3/admin/ns/instance?${query}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${await this.login()}` },
    });
    if (!answer.ok) throw new Error(`the change was refused: ${answer.status} ${await answer.text()}`);
  }

  #command(config: string, first: string): PeerCommand {
    return {
      name: 'Nacos',
      file: 'java',
      // Its database writes a log where it runs.
      folder: this.folder,
      arguments: [
        ...['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
        `-Dspring.config.additional-location=file:${config}/`,
        ...[`-Duser.home=${this.folder}`, `-Dnacos.home=${this.folder}`, '-Dnacos.standalone=true'],
        `-Dnacos.server.main.port=${this.port}`,
        ...['-cp', [NACOS_CLASS_FOLDER, join(NACOS_JAR_FOLDER, first), join(NACOS_JAR_FOLDER, '*')].join(':')],
        'com.acme.nacos.Main',
      ],
    };
  }

  /** The end of what it wrote to a file. */
  #ownLog(): string {
    const file = join(this.folder, 'logs', 'nacos.log');
    return existsSync(file) ? readFileSync(file, 'utf8').slice(-8_000) : '';
  }

  /** The server reads its users every few seconds only. */
  async #makeUser(): Promise<void> {
    await this.#post('/v3/auth/user/admin', { password: NACOS_PASSWORD });
    const deadline = performance.now() + READY_WITHIN_MS;
    for (;;) {
      try {
        await this.login();
        return;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await sleep(250);
      }
    }
  }

  async #post(path: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    const answer = await fetch(`http://${this.address}/nacos${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    if (!answer.ok) throw new Error(`${path} was refused: ${answer.status}`);
    return answer.text();
  }
}
