import type { GatewayConfig, RouteConfig } from '../config/schema.ts';
import type { RouteSelection } from '../config/select-routes.ts';
import type { ReadFiles } from './read-config-files.ts';

/** What a process that reads configurations is told to do: check a text and compare it with the configuration that
 * is served (secrets masked), or read files. */
export type ConfigTask =
  | {
      readonly kind: 'validate';
      readonly text: string;
      readonly current: GatewayConfig | undefined;
      readonly selection: RouteSelection | undefined;
    }
  | { readonly kind: 'load'; readonly path: string };

/** What such a process says when it can be told. */
export const READY = 'ready';

/**
 * What such a process sends of files: first the routes, some at a time, since each message is read at once; and last all
 * else.
 */
export type LoadMessage =
  | { readonly kind: 'routes'; readonly routes: readonly RouteConfig[] }
  | { readonly kind: 'loaded'; readonly files: ReadFiles; readonly config: GatewayConfig | undefined };
