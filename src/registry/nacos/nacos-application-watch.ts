import { type ApplicationMetadata, readStoredMetadata } from '../application-metadata.ts';
import type { ProviderRecord } from '../provider-record.ts';
import { RevisionCatalog } from '../revision-catalog.ts';
import { recordsOf, type ServiceInstance, serviceInstance } from '../service-instance.ts';
import { type NacosHost, shownHost, weighedRecord } from './nacos-host.ts';
import type { NacosWatchContext } from './nacos-watch-context.ts';
import type { NacosResource, ResourceListener } from './resource-mirror.ts';

/** An instance of an application with what Nacos says of it. */
interface RegisteredInstance {
  readonly host: NacosHost;
  readonly instance: ServiceInstance;
  /** Of its revision; while that is not known, of the one it had before. */
  metadata: ApplicationMetadata | undefined;
}

/** Follows the instances of one application and what they serve (registration at the level of applications, Dubbo 3). */
export class NacosApplicationWatch implements ResourceListener {
  readonly application: string;
  /** Told that something changed that may matter to an interface. */
  readonly users = new Set<() => void>();
  readonly #context: NacosWatchContext;
  readonly #service: NacosResource;
  readonly #catalog: RevisionCatalog;
  /** By address. */
  #instances: ReadonlyMap<string, RegisteredInstance> = new Map();

  constructor(application: string, context: NacosWatchContext) {
    this.application = application;
    this.#context = context;
    this.#catalog = new RevisionCatalog({
      application,
      fetcher: context.metadata,
      readStored: (revision, onRead) => this.#readStored(revision, onRead),
      onLearnt: () => {
        this.#handOut();
        this.#tellUsers();
      },
      warn: (problem) => context.warn(problem),
    });
    this.#service = context.mirror.follow('service', context.group, application, this);
    this.#readInstances();
  }

  /** Whether the instances were read since the registry is there, or could not be. */
  get isSettled(): boolean {
    return this.#service.isSettled;
  }

  /** Whether it is known of each instance what it serves, or a try to learn it has failed. */
  get isLearnt(): boolean {
    return this.#catalog.isSettled;
  }

  /** The providers of one interface among the instances. */
  records(interfaceName: string): ProviderRecord[] {
    const records: ProviderRecord[] = [];
    for (const { host, instance, metadata } of this.#instances.values()) {
      if (metadata === undefined) continue;
      const found = recordsOf(instance, metadata, interfaceName, (problem) => this.#warn(host, problem));
      for (const record of found) records.push(weighedRecord(record, host));
    }
    return records;
  }

  close(): void {
    this.#context.mirror.unfollow(this.#service, this);
    this.#catalog.close();
  }

  onResource(_: NacosResource, isChanged: boolean): void {
    if (isChanged) this.#readInstances();
    this.#tellUsers();
  }

  #readInstances(): void {
    const instances = new Map<string, RegisteredInstance>();
    for (const host of this.#service.hosts) {
      const report = (problem: string): void => this.#warn(host, problem);
      const instance = serviceInstance(this.application, host.host, host.port, host.metadata, report);
      if (instance === undefined) continue;
      const key = `${host.host} ${host.port}`;
      instances.set(key, { host, instance, metadata: this.#instances.get(key)?.metadata });
    }
    this.#instances = instances;
    this.#catalog.use(Array.from(instances.values(), ({ instance }) => instance));
    this.#handOut();
  }

  /** Gives each instance what is known of its revision. */
  #handOut(): void {
    for (const entry of this.#instances.values()) {
      entry.metadata = this.#catalog.metadataOf(entry.instance.revision) ?? entry.metadata;
    }
  }

  /** The metadata of a revision is an entry that has the application's name, in a group that has the revision's. */
  #readStored(revision: string, onRead: (metadata: ApplicationMetadata | undefined) => void): () => void {
    const { mirror } = this.#context;
    const listener: ResourceListener = {
      onResource: ({ text }) => {
        onRead(readStoredMetadata(text, this.application, (problem) => this.#context.warn(problem)));
      },
    };
    const entry = mirror.follow('entry', revision, this.application, listener);
    return () => mirror.unfollow(entry, listener);
  }

  #tellUsers(): void {
    for (const onChange of [...this.users]) onChange();
  }

  #warn(host: NacosHost, problem: string): void {
    this.#context.warn(`${shownHost(host)} of application ${JSON.stringify(this.application)}: ${problem}`);
  }
}
