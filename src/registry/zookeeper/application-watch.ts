import { type ApplicationMetadata, readApplicationMetadata } from '../application-metadata.ts';
import { MetadataRequest } from '../metadata-fetcher.ts';
import type { ProviderRecord } from '../provider-record.ts';
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

/** A revision that instances have and whose content is being learnt or known. */
interface RevisionEntry {
  metadata: ApplicationMetadata | undefined;
  /** Whether it is known or a try to learn it has failed. */
  isSettled: boolean;
  /** Where the registry has it; undefined where instances are asked, and once it is known. */
  node: FollowedNode | undefined;
  request: MetadataRequest | undefined;
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
  readonly #revisions = new Map<string, RevisionEntry>();
  /** Whether instances changed since their revisions were looked at; that is done once for many changes. */
  #isStale = false;

  constructor(application: string, context: WatchContext) {
    this.application = application;
    this.#context = context;
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
    for (const { isSettled } of this.#revisions.values()) if (!isSettled) return false;
    return true;
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
    for (const entry of this.#revisions.values()) this.#stopLearning(entry);
    this.#instances.clear();
    this.#revisions.clear();
  }

  onNode(node: FollowedNode, isChanged: boolean): void {
    if (node === this.#list) {
      if (isChanged) this.#followInstances();
    } else if (!this.#readMetadataNode(node) && isChanged) {
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

  /** Whether a node was one with metadata. */
  #readMetadataNode(node: FollowedNode): boolean {
    for (const [revision, entry] of this.#revisions) {
      if (entry.node !== node) continue;
      const metadata = node.data === undefined ? undefined : readApplicationMetadata(node.data.toString('utf8'));
      if (metadata === undefined) {
        const problem = node.data === undefined ? 'is missing' : 'cannot be read';
        this.#context.warn(`the metadata of application ${JSON.stringify(this.application)} ${problem}`);
      }
      this.#settle(revision, entry, metadata);
      return true;
    }
    return false;
  }

  /** Sees to it that the content of each revision in use gets known, and forgets the others. */
  #learnRevisions(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const users = new Map<string, ServiceInstance[]>();
    for (const { instance } of this.#instances.values()) {
      if (instance === undefined) continue;
      const instances = users.get(instance.revision);
      if (instances === undefined) users.set(instance.revision, [instance]);
      else instances.push(instance);
    }
    for (const [revision, entry] of this.#revisions) {
      if (users.has(revision)) continue;
      this.#stopLearning(entry);
      this.#revisions.delete(revision);
    }
    for (const [revision, instances] of users) this.#learn(revision, instances);
    this.#handOut();
  }

  #learn(revision: string, instances: readonly ServiceInstance[]): void {
    let entry = this.#revisions.get(revision);
    if (entry === undefined) {
      entry = { metadata: undefined, isSettled: false, node: undefined, request: undefined };
      this.#revisions.set(revision, entry);
    }
    if (entry.metadata !== undefined) return;
    const { mirror, paths, metadata } = this.#context;
    if (instances.some(({ storage }) => storage === 'remote')) {
      entry.node ??= mirror.follow('data', paths.metadata(this.application, revision), this);
      return;
    }
    const addresses = instances
      .map(({ metadataAddress }) => metadataAddress)
      .filter((address) => address !== undefined);
    if (addresses.length === 0) {
      this.#context.warn(
        `an instance of application ${JSON.stringify(this.application)} tells what it serves by another protocol only`,
      );
      entry.isSettled = true;
      return;
    }
    const learning = entry;
    entry.request ??= new MetadataRequest(this.application, revision, (found) => {
      this.#settle(revision, learning, found);
      this.#tellUsers();
    });
    entry.request.addresses = addresses;
    metadata.add(entry.request);
  }

  #settle(revision: string, entry: RevisionEntry, metadata: ApplicationMetadata | undefined): void {
    entry.isSettled = true;
    if (metadata === undefined || this.#revisions.get(revision) !== entry) return;
    entry.metadata = metadata;
    // Equal revision, equal content: it needs not be followed any more.
    this.#stopLearning(entry);
    this.#handOut();
  }

  /** Gives each instance what is known of its revision. */
  #handOut(): void {
    for (const entry of this.#instances.values()) {
      const revision = entry.instance === undefined ? undefined : this.#revisions.get(entry.instance.revision);
      entry.metadata = revision?.metadata ?? entry.metadata;
    }
  }

  #stopLearning(entry: RevisionEntry): void {
    if (entry.node !== undefined) this.#context.mirror.unfollow(entry.node, this);
    if (entry.request !== undefined) this.#context.metadata.remove(entry.request);
    entry.node = undefined;
    entry.request = undefined;
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
