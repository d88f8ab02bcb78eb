import type { ServerAddress } from '../../config/server-address.ts';
import { asRecord, type JsonRecord, parseJsonRecord, textMember } from '../json-record.ts';
import { readNacosHosts } from './nacos-host.ts';
import type { NacosHttp, NacosHttpAnswer } from './nacos-http.ts';
import { PUBLIC_NAMESPACE } from './nacos-names.ts';
import type { NacosReading } from './resource-mirror.ts';
import { DEFAULT_TOKEN_TTL_MS } from './token-keeper.ts';

export interface NacosHttpApiOptions {
  /** Path of the server's web application, `/nacos` if it is not set otherwise. */
  readonly contextPath: string;
  /** Identifier of the namespace. */
  readonly namespace: string;
}

export type NacosLogin =
  | { readonly outcome: 'token'; readonly token: string; readonly ttlMs: number }
  | { readonly outcome: 'refused' }
  /** The server has no log-in. */
  | { readonly outcome: 'none' };

/** In the answers of version 3. */
const RESOURCE_NOT_FOUND = 20_004;
const NAMESPACE_NOT_FOUND = 22_001;

/**
 * Nacos' HTTP interface: version 3 where the server has it, else version 1, which servers 1.x and 2.x have. All methods
 * reject with a `NacosHttpError` where no answer comes.
 */
export class NacosHttpApi {
  readonly #http: NacosHttp;
  readonly #options: NacosHttpApiOptions;
  /** Servers that have no version 3, by `host:port`. */
  readonly #old = new Set<string>();

  constructor(http: NacosHttp, options: NacosHttpApiOptions) {
    this.#http = http;
    this.#options = options;
  }

  /** The instances of a service. `onProblem` is told of instances that cannot be used. */
  async readService(
    server: ServerAddress,
    token: string | undefined,
    groupName: string,
    serviceName: string,
    onProblem: (problem: string) => void,
  ): Promise<NacosReading> {
    const parameters = { serviceName, groupName, namespaceId: this.#options.namespace };
    const answer = await this.#get(server, token, '/v3/client/ns/instance/list', '/v1/ns/instance/list', parameters);
    if (answer.status === 403 || answer.status === 401) return { outcome: 'denied' };
    const record = answer.status === 200 ? parseJsonRecord(answer.body) : undefined;
    const hosts = readNacosHosts(record?.hosts ?? record?.data, onProblem);
    // No time of the change: another server may have told the last one, by another clock.
    return hosts === undefined ? { outcome: 'failed' } : { outcome: 'hosts', hosts, refTimeMs: 0 };
  }

  /** The text of an entry of the configuration. */
  async readEntry(
    server: ServerAddress,
    token: string | undefined,
    group: string,
    dataId: string,
  ): Promise<NacosReading> {
    const { namespace } = this.#options;
    const answer = await this.#get(server, token, '/v3/client/cs/config', '/v1/cs/configs', {
      dataId,
      // Each version reads its own, and version 1 knows the public namespace by no name only.
      groupName: group,
      group,
      namespaceId: namespace,
      tenant: namespace === PUBLIC_NAMESPACE ? '' : namespace,
    });
    if (answer.status === 403 || answer.status === 401) return { outcome: 'denied' };
    if (this.#old.has(keyOf(server))) {
      if (answer.status === 404) return { outcome: 'absent' };
      return answer.status === 200 ? { outcome: 'text', text: answer.body } : { outcome: 'failed' };
    }
    const record = parseJsonRecord(answer.body);
    const text = textMember(asRecord(record?.data), 'content');
    if (text !== undefined) return { outcome: 'text', text };
    return record?.code === RESOURCE_NOT_FOUND ? { outcome: 'absent' } : { outcome: 'failed' };
  }

  async login(server: ServerAddress, username: string, password: string): Promise<NacosLogin> {
    for (const path of ['/v3/auth/user/login', '/v1/auth/login']) {
      const answer = await this.#send('POST', server, undefined, path, { username, password });
      if (isMissing(answer)) continue;
      const record = answer.status === 200 ? parseJsonRecord(answer.body) : undefined;
      const token = textMember(record, 'accessToken');
      if (token === undefined) return { outcome: 'refused' };
      const ttlS = Number(textMember(record, 'tokenTtl') ?? Number.NaN);
      return { outcome: 'token', token, ttlMs: ttlS > 0 ? ttlS * 1_000 : DEFAULT_TOKEN_TTL_MS };
    }
    return { outcome: 'none' };
  }

  /** Whether the server knows the namespace; undefined where it does not say that to us. */
  async knowsNamespace(server: ServerAddress, token: string | undefined): Promise<boolean | undefined> {
    const { namespace } = this.#options;
    if (namespace === PUBLIC_NAMESPACE) return true;
    const answer = await this.#send('GET', server, token, '/v3/admin/core/namespace', { namespaceId: namespace });
    const record = parseJsonRecord(answer.body);
    if (record?.code === 0) return true;
    if (record?.code === NAMESPACE_NOT_FOUND) return false;
    const listed = await this.#send('GET', server, token, '/v1/console/namespaces', {});
    const namespaces = listed.status === 200 ? parseJsonRecord(listed.body)?.data : undefined;
    if (!Array.isArray(namespaces)) return undefined;
    return namespaces.some((entry) => textMember(asRecord(entry), 'namespace') === namespace);
  }

  /** Asks by version 3, and by version 1 of a server that does not have it. */
  async #get(
    server: ServerAddress,
    token: string | undefined,
    path: string,
    oldPath: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<NacosHttpAnswer> {
    const key = keyOf(server);
    if (!this.#old.has(key)) {
      const answer = await this.#send('GET', server, token, path, parameters);
      if (!isMissing(answer)) return answer;
    }
    const answer = await this.#send('GET', server, token, oldPath, parameters);
    const isOld = !isMissing(answer) || isAnswerOfOld(answer);
    if (isOld) this.#old.add(key);
    // It may have been replaced by a newer one since.
    else this.#old.delete(key);
    return answer;
  }

  #send(
    method: 'GET' | 'POST',
    server: ServerAddress,
    token: string | undefined,
    path: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<NacosHttpAnswer> {
    return this.#http.send({ method, server, token, path: this.#options.contextPath + path, parameters });
  }
}

/** Whether the server does not have what was asked for; an entry that is not there answers in words of its own. */
function isMissing({ status, body }: NacosHttpAnswer): boolean {
  if (status === 405 || status === 410 || status === 501) return true;
  return status === 404 && typeof (parseJsonRecord(body) as JsonRecord | undefined)?.code !== 'number';
}

/** Version 1 answers 404 for an entry that is not there. */
function isAnswerOfOld({ status, body }: NacosHttpAnswer): boolean {
  return status === 404 && body.startsWith('config data not exist');
}

function keyOf({ host, port }: ServerAddress): string {
  return `${host} ${port}`;
}
