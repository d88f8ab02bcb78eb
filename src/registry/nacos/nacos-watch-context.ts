import type { MetadataFetcher } from '../metadata-fetcher.ts';
import type { RegistryEvent } from '../registry-event.ts';
import type { ResourceMirror } from './resource-mirror.ts';

/** What all watches of a registry share. */
export interface NacosWatchContext {
  /** Group of the services. */
  readonly group: string;
  readonly mirror: ResourceMirror;
  readonly metadata: MetadataFetcher;
  /** Tells what is wrong, in words that name the service; not more often than is useful. Default `node-skipped`. */
  warn(problem: string, type?: RegistryEvent['type']): void;
}
