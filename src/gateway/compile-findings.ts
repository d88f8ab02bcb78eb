import { ConfigError } from '../config/config-error.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { RpcClient } from '../rpc/rpc-client.ts';
import { detachedParts } from './detached-parts.ts';
import { buildGeneration } from './generation.ts';

/** What only shows when the parts of a gateway are made; they are given up at once. */
export function findingsOfCompiling(config: GatewayConfig): readonly Diagnostic[] {
  const client = new RpcClient(config.defaults);
  try {
    buildGeneration(config, detachedParts(client)).release();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.diagnostics;
  } finally {
    client.close();
  }
}
