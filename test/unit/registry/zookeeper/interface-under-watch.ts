import type { ApplicationMetadata } from '../../../../src/registry/application-metadata.ts';
import { MetadataFetcher } from '../../../../src/registry/metadata-fetcher.ts';
import type { ProviderInstance } from '../../../../src/registry/provider-instance.ts';
import { ApplicationWatch } from '../../../../src/registry/zookeeper/application-watch.ts';
import { InterfaceWatch } from '../../../../src/registry/zookeeper/interface-watch.ts';
import { type FollowedNode, NodeMirror, type NodeReading } from '../../../../src/registry/zookeeper/node-mirror.ts';
import { ZookeeperPaths } from '../../../../src/registry/zookeeper/zookeeper-paths.ts';

/** An interface that is followed in a tree in memory, in virtual time. Whatever is done is seen at once. */
export class InterfaceUnderWatch {
  /** Addresses of each list that was told. */
  readonly lists: string[][] = [];
  readonly warnings: string[] = [];
  /** Whom was asked for metadata: address, application and revision. */
  readonly asked: string[] = [];
  readonly mirror = new NodeMirror({ debounceMs: 0, maxReadsInFlight: 10, retryMs: 5_000 });
  readonly watch: InterfaceWatch;
  readonly #nodes = new Map<string, string>();
  readonly #metadata: MetadataFetcher;
  #settleMetadata: { resolve: (metadata: ApplicationMetadata) => void; reject: (error: Error) => void }[] = [];
  #nowMs = 0;
  #isStale = false;
  #isOpen = false;

  constructor(interfaceName: string, emptyGraceMs: number) {
    this.#metadata = new MetadataFetcher(
      (address, application, revision) => {
        this.asked.push(`${address.key} ${application} ${revision}`);
        return new Promise((resolve, reject) => this.#settleMetadata.push({ resolve, reject }));
      },
      () => this.#nowMs,
      () => {},
    );
    const context = {
      paths: new ZookeeperPaths({}),
      mirror: this.mirror,
      metadata: this.#metadata,
      warn: (problem: string) => this.warnings.push(problem),
    };
    const owner = {
      onStale: () => {
        this.#isStale = true;
      },
      retainApplication: (application: string, onChange: () => void) => {
        const watch = new ApplicationWatch(application, context);
        watch.users.add(onChange);
        return watch;
      },
      releaseApplication: (watch: ApplicationWatch) => watch.close(),
    };
    this.watch = new InterfaceWatch(interfaceName, context, owner, emptyGraceMs);
  }

  get instances(): readonly ProviderInstance[] {
    return this.watch.instances;
  }

  /** Makes a node or changes its data; those above it are made as well. */
  put(path: string, text = ''): void {
    const isNew = !this.#nodes.has(path);
    this.#nodes.set(path, text);
    this.#changed(path);
    const parent = parentOf(path);
    if (parent !== '' && !this.#nodes.has(parent)) this.put(parent);
    else if (isNew) this.#changed(parent);
    this.#settle();
  }

  remove(path: string): void {
    this.#nodes.delete(path);
    this.#changed(path);
    this.#changed(parentOf(path));
    this.#settle();
  }

  open(): void {
    this.#isOpen = true;
    this.mirror.sessionOpened();
    this.#settle();
  }

  lose(): void {
    this.#isOpen = false;
    this.mirror.sessionLost();
    this.watch.sessionLost();
  }

  wait(ms: number): void {
    this.#nowMs += ms;
    this.#settle();
  }

  /** The instance that was asked last answers. */
  async answer(metadata: ApplicationMetadata): Promise<void> {
    this.#settleMetadata.pop()!.resolve(metadata);
    await this.#afterPromises();
  }

  async refuse(): Promise<void> {
    this.#settleMetadata.pop()!.reject(new Error('no'));
    await this.#afterPromises();
  }

  async #afterPromises(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#settle();
  }

  #changed(path: string): void {
    if (this.#isOpen) this.mirror.changed(path, this.#nowMs);
  }

  #settle(): void {
    do {
      this.#readDue();
      if (this.watch.dueMs <= this.#nowMs) this.#isStale = true;
      if (this.#isStale) {
        this.#isStale = false;
        if (this.watch.update(this.#nowMs)) this.lists.push(this.instances.map(({ address }) => address.key).sort());
      }
      this.#metadata.tick(this.#nowMs);
    } while (this.#isStale || (this.#isOpen && !this.mirror.isInStep));
  }

  #readDue(): void {
    for (let node = this.mirror.takeDue(this.#nowMs); node !== undefined; node = this.mirror.takeDue(this.#nowMs)) {
      this.mirror.answered(node, this.#read(node), this.#nowMs);
    }
  }

  #read({ kind, path }: FollowedNode): NodeReading {
    const text = this.#nodes.get(path);
    if (text === undefined) return { outcome: 'absent' };
    if (kind === 'data') return { outcome: 'data', data: Buffer.from(text) };
    const children = [...this.#nodes.keys()].filter((other) => parentOf(other) === path);
    return { outcome: 'children', children: children.map((child) => child.slice(path.length + 1)) };
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
