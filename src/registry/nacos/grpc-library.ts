import { Client, credentials, Metadata } from '@grpc/grpc-js';
import type { GrpcLibrary } from './nacos-session.ts';

/**
 * What is needed of the gRPC library. A module of its own, imported where there is a registry to be read: what the import
 * of a CommonJS package gives when it is needed depends on who loads it.
 */
export const GRPC_LIBRARY: GrpcLibrary = { Client, credentials, Metadata };
