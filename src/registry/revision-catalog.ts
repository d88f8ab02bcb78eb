import type { ApplicationMetadata } from './application-metadata.ts';
import { type MetadataFetcher, MetadataRequest } from './metadata-fetcher.ts';
import type { ServiceInstance } from './service-instance.ts';

/** What a catalog needs of its registry. */
export interface RevisionCatalogOptions {
  readonly application: string;
  /** Asks instances that keep their metadata themselves. */
  readonly fetcher: MetadataFetcher;
  /**
   * Begins to read the metadata that the registry holds of a revision, and goes on until the function that is returned
   * is called. `onRead` is told of each try, with undefined if it failed.
   */
  readonly readStored: (revision: string, onRead: (metadata: ApplicationMetadata | undefined) => void) => () => void;
  /** Told, never within a call of the catalog, that more is known. */
  readonly onLearnt: () => void;
  readonly warn: (problem: string) => void;
}

interface RevisionEntry {
  metadata: ApplicationMetadata | undefined;
  /** Whether it is known or a try to learn it has failed. */
  isSettled: boolean;
  /** Ends the reading from the registry. */
  stopReading: (() => void) | undefined;
  request: MetadataRequest | undefined;
}

/**
 * What the instances of one application serve, by their revisions: learnt from the registry or from an instance, once
 * for each revision in use.
 */
export class RevisionCatalog {
  readonly #options: RevisionCatalogOptions;
  readonly #revisions = new Map<string, RevisionEntry>();

  constructor(options: RevisionCatalogOptions) {
    this.#options = options;
  }

  /** Whether each revision is known, or a try to learn it has failed. */
  get isSettled(): boolean {
    for (const { isSettled } of this.#revisions.values()) if (!isSettled) return false;
    return true;
  }

  /** What is known of a revision. */
  metadataOf(revision: string): ApplicationMetadata | undefined {
    return this.#revisions.get(revision)?.metadata;
  }

  /** Sees to it that the content of each revision in use gets known, and forgets the others. */
  use(instances: Iterable<ServiceInstance>): void {
    const users = new Map<string, ServiceInstance[]>();
    for (const instance of instances) {
      const sharing = users.get(instance.revision);
      if (sharing === undefined) users.set(instance.revision, [instance]);
      else sharing.push(instance);
    }
    for (const [revision, entry] of this.#revisions) {
      if (users.has(revision)) continue;
      this.#stopLearning(entry);
      this.#revisions.delete(revision);
    }
    for (const [revision, sharing] of users) this.#learn(revision, sharing);
  }

  close(): void {
    for (const entry of this.#revisions.values()) this.#stopLearning(entry);
    this.#revisions.clear();
  }

  #learn(revision: string, instances: readonly ServiceInstance[]): void {
    let entry = this.#revisions.get(revision);
    if (entry === undefined) {
      entry = { metadata: undefined, isSettled: false, stopReading: undefined, request: undefined };
      this.#revisions.set(revision, entry);
    }
    if (entry.metadata !== undefined) return;
    const learning = entry;
    const onRead = (metadata: ApplicationMetadata | undefined): void => this.#settle(revision, learning, metadata);
    if (instances.some(({ storage }) => storage === 'remote')) {
      entry.stopReading ??= this.#options.readStored(revision, onRead);
    } else {
      this.#ask(revision, entry, instances, onRead);
    }
  }

  #ask(
    revision: string,
    entry: RevisionEntry,
    instances: readonly ServiceInstance[],
    onRead: (metadata: ApplicationMetadata | undefined) => void,
  ): void {
    const { application, fetcher, warn } = this.#options;
    const addresses = instances
      .map(({ metadataAddress }) => metadataAddress)
      .filter((address) => address !== undefined);
    if (addresses.length === 0) {
      warn(`an instance of application ${JSON.stringify(application)} tells what it serves by another protocol only`);
      entry.isSettled = true;
      return;
    }
    entry.request ??= new MetadataRequest(application, revision, onRead);
    entry.request.addresses = addresses;
    fetcher.add(entry.request);
  }

  #settle(revision: string, entry: RevisionEntry, metadata: ApplicationMetadata | undefined): void {
    entry.isSettled = true;
    if (metadata !== undefined && this.#revisions.get(revision) === entry) {
      entry.metadata = metadata;
      // Equal revision, equal content: it needs not be read any more.
      this.#stopLearning(entry);
    }
    this.#options.onLearnt();
  }

  #stopLearning(entry: RevisionEntry): void {
    entry.stopReading?.();
    if (entry.request !== undefined) this.#options.fetcher.remove(entry.request);
    entry.stopReading = undefined;
    entry.request = undefined;
  }
}
