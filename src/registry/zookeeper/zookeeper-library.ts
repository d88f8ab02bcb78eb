import { createClient } from 'node-zookeeper-client';
import type { ZookeeperLibrary } from './zookeeper-session.ts';

/**
 * What is needed of the client library. A module of its own, imported where there is a registry to be read: what the import
 * of a CommonJS package gives when it is needed depends on who loads it.
 */
export const ZOOKEEPER_LIBRARY: ZookeeperLibrary = { createClient };
