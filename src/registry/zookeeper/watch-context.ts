import type { MetadataFetcher } from '../metadata-fetcher.ts';
import type { RegistryEvent } from '../registry-event.ts';
import type { NodeMirror } from './node-mirror.ts';
import type { ZookeeperPaths } from './zookeeper-paths.ts';

/** What all watches of a registry share. */
export interface WatchContext {
  readonly paths: ZookeeperPaths;
  readonly mirror: NodeMirror;
  readonly metadata: MetadataFetcher;
  /** Tells what is wrong, in words that name the node or list; not more often than is useful. Default `node-skipped`. */
  warn(problem: string, type?: RegistryEvent['type']): void;
}
