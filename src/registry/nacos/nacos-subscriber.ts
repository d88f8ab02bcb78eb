import { createHash } from 'node:crypto';
import { asRecord, type JsonRecord, textMember } from '../json-record.ts';
import { readNacosHosts } from './nacos-host.ts';
import { PUBLIC_NAMESPACE } from './nacos-names.ts';
import type { NacosSession } from './nacos-session.ts';
import type { NacosReading, NacosResource, ResourceMirror } from './resource-mirror.ts';

/** Error codes in answers (`NacosException`, `ConfigQueryResponse`). */
const NO_RIGHT = 403;
const CONFIG_NOT_FOUND = 300;

/** Follows resources in a session, in the words of Nacos' gRPC protocol. */
export class NacosSubscriber {
  readonly #namespace: string;
  readonly #onProblem: (problem: string) => void;

  /**
   * @param namespace its identifier
   * @param onProblem told of instances that cannot be used
   */
  constructor(namespace: string, onProblem: (problem: string) => void) {
    this.#namespace = namespace;
    this.#onProblem = onProblem;
  }

  /** Asks to be told of changes, and for what is now. */
  follow(session: NacosSession, resource: NacosResource, done: (reading: NacosReading) => void): void {
    if (resource.kind === 'service') {
      session.request('SubscribeServiceRequest', this.#subscription(resource, true), (answer) => {
        done(unusable(answer) ?? this.#hostsOf(answer));
      });
      return;
    }
    session.request('ConfigBatchListenRequest', this.#listening(resource, true), (listened) => {
      const reading = unusable(listened);
      if (reading !== undefined) {
        done(reading);
        return;
      }
      session.request('ConfigQueryRequest', this.#entryKey(resource), (answer) => {
        done(unusable(answer) ?? readEntry(answer));
      });
    });
  }

  /** Needs not be told any more. */
  unfollow(session: NacosSession, resource: NacosResource): void {
    const isService = resource.kind === 'service';
    const body = isService ? this.#subscription(resource, false) : this.#listening(resource, false);
    session.request(isService ? 'SubscribeServiceRequest' : 'ConfigBatchListenRequest', body, () => {});
  }

  /** Hands on what the server told. */
  told(type: string, body: JsonRecord, mirror: ResourceMirror): void {
    if (type === 'NotifySubscriberRequest') {
      const service = asRecord(body.serviceInfo);
      const group = textMember(service, 'groupName') ?? '';
      // Some servers name the group in the name as well.
      const name = (textMember(service, 'name') ?? '').replace(/^.*@@/, '');
      mirror.toldHosts(group, name, this.#hostsOf(body));
    } else if (type === 'ConfigChangeNotifyRequest') {
      mirror.toldEntry(textMember(body, 'group') ?? '', textMember(body, 'dataId') ?? '');
    }
  }

  #subscription({ group, name }: NacosResource, subscribe: boolean): object {
    return { namespace: this.#namespace, serviceName: name, groupName: group, subscribe, clusters: '' };
  }

  #listening(resource: NacosResource, listen: boolean): object {
    const { text } = resource;
    const md5 = text === undefined ? '' : createHash('md5').update(text).digest('hex');
    return { listen, configListenContexts: [{ ...this.#entryKey(resource), md5 }] };
  }

  #entryKey({ group, name }: NacosResource): object {
    // The configuration knows the public namespace by no name only.
    return { dataId: name, group, tenant: this.#namespace === PUBLIC_NAMESPACE ? '' : this.#namespace };
  }

  #hostsOf(record: JsonRecord | undefined): NacosReading {
    const service = asRecord(record?.serviceInfo);
    const hosts = readNacosHosts(service?.hosts, this.#onProblem);
    if (hosts === undefined) return { outcome: 'failed' };
    const refTimeMs = Number(textMember(service, 'lastRefTime') ?? 0);
    return { outcome: 'hosts', hosts, refTimeMs: Number.isFinite(refTimeMs) ? refTimeMs : 0 };
  }
}

/** What an answer is that says nothing about a resource; undefined for one that does. */
function unusable(answer: JsonRecord | undefined): NacosReading | undefined {
  if (answer === undefined) return { outcome: 'unanswered' };
  if (answer.errorCode === NO_RIGHT) return { outcome: 'denied' };
  if (answer.errorCode === CONFIG_NOT_FOUND) return { outcome: 'absent' };
  return answer.resultCode === 200 ? undefined : { outcome: 'failed' };
}

function readEntry(answer: JsonRecord | undefined): NacosReading {
  const text = textMember(answer, 'content');
  return text === undefined ? { outcome: 'failed' } : { outcome: 'text', text };
}
