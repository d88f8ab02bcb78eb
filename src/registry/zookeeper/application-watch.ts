import { type ApplicationMetadata, readStoredMetadata } from '../application-metadata.ts';
import type { ProviderRecord } from '../provider-record.ts';
import { RevisionCatalog } from '../revision-catalog.ts';
import { readServiceInstance, recordsOf, type ServiceInstance } from '../service-instance.ts';
import type { FollowedNode, NodeListener } from './node-mirror.ts';
import type { WatchContext } from './watch-context.ts';

/** An instance node and what is known through it. */
interface InstanceEntry {
  readonly node: FollowedNode;
  instance: ServiceInstance | undefined;
  /** Of its revision; while that is not known, of the one it had before. */
  metadata: ApplicationMetadata | undefined;
}

/** More instances of one application are not followed. */
const MAX_INSTANCES = 20_000;

/** Follows the instances of one application and what they serve (registration at the level of applications, Dubbo 3). */
export class ApplicationWatch implements NodeListener {
  readonly application: string;
  /** Told that something changed that may matter to an interface. */
  readonly users = new Set<() => void>();
  readonly #context: WatchContext;
  readonly #list: FollowedNode;
  /** By node name. */
  readonly #instances = new Map<string, InstanceEntry>();
  readonly #catalog: RevisionCatalog;
  /** Whether instances changed since their revisions were looked at; that is done once for many changes. */
  #isStale = false;

  constructor(application: string, context: WatchContext) {
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
    this.#list = context.mirror.follow('children', context.paths.instances(application), this);
  }

  /** Whether each node was read in this session, or could not be read. */
  get isSettled(): boolean {
    this.#learnRevisions();
    if (!this.#list.isSettled) return false;
    for (const { node } of this.#instances.values()) if (!node.isSettled) return false;
    return true;
  }

  /** Whether it is known of each instance what it serves, or a try to learn it has failed. */
  get isLearnt(): boolean {
    this.#learnRevisions();
    return this.#catalog.isSettled;
  }

  /** The providers of one interface among the instances. */
  records(interfaceName: string): ProviderRecord[] {
    this.#learnRevisions();
    const records: ProviderRecord[] = [];
    for (const [name, { instance, metadata }] of this.#instances) {
      if (instance === undefined || metadata === undefined) continue;
      records.push(...recordsOf(instance, metadata, interfaceName, (problem) => this.#warn(name, problem)));
    }
    return records;
  }

  close(): void {
    const { mirror } = this.#context;
    mirror.unfollow(this.#list, this);
    for (const { node } of this.#instances.values()) mirror.unfollow(node, this);
    this.#instances.clear();
    this.#catalog.close();
  }

  onNode(node: FollowedNode, isChanged: boolean): void {
    if (node === this.#list) {
      if (isChanged) this.#followInstances();
    } else if (isChanged) {
      this.#readInstance(node);
    }
    this.#tellUsers();
  }

  #followInstances(): void {
    const { mirror, paths } = this.#context;
    const names = new Set(this.#list.children.slice(0, MAX_INSTANCES));
    if (names.size < this.#list.children.length) {
      this.#context.warn(`application ${JSON.stringify(this.application)} has more than ${MAX_INSTANCES} instances`);
    }
    for (const [name, { node }] of this.#instances) {
      if (names.has(name)) continue;
      mirror.unfollow(node, this);
      this.#instances.delete(name);
    }
    for (const name of names) {
      if (this.#instances.has(name)) continue;
      const node = mirror.follow('data', paths.instance(this.application, name), this);
      this.#instances.set(name, { node, instance: undefined, metadata: undefined });
    }
    this.#isStale = true;
  }

  #readInstance(node: FollowedNode): void {
    const name = node.path.slice(node.path.lastIndexOf('/') + 1);
    const entry = this.#instances.get(name);
    // A node that is gone is taken off with the next list of names.
    if (entry === undefined || node.data === undefined) return;
    const text = node.data.toString('utf8');
    entry.instance = readServiceInstance(text, this.application, (problem) => this.#warn(name, problem));
    this.#isStale = true;
  }

  /** Sees to it that the content of each revision in use gets known. */
  #learnRevisions(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const instances: ServiceInstance[] = [];
    for (const { instance } of this.#instances.values()) if (instance !== undefined) instances.push(instance);
    this.#catalog.use(instances);
    this.#handOut();
  }

  /** Gives each instance what is known of its revision. */
  #handOut(): void {
    for (const entry of this.#instances.values()) {
      if (entry.instance !== undefined)
        entry.metadata = this.#catalog.metadataOf(entry.instance.revision) ?? entry.metadata;
    }
  }

  #readStored(revision: string, onRead: (metadata: ApplicationMetadata | undefined) => void): () => void {
    const { mirror, paths } = this.#context;
    const listener: NodeListener = {
      onNode: ({ data }) => {
        onRead(readStoredMetadata(data?.toString('utf8'), this.application, (problem) => this.#context.warn(problem)));
      },
    };
    const node = mirror.follow('data', paths.metadata(this.application, revision), listener);
    return () => mirror.unfollow(node, listener);
  }

  #tellUsers(): void {
    for (const onChange of [...this.users]) onChange();
  }

  #warn(name: string, problem: string): void {
    this.#context.warn(
      `instance ${JSON.stringify(name.slice(0, 160))} of application ${JSON.stringify(this.application)}: ${problem}`,
    );
  }
}
