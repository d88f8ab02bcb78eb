import type { Diagnostic } from '../config/diagnostic.ts';
import type { GatewayConfig, RouteConfig } from '../config/schema.ts';

/** What a process that reads configurations is told to do: check a text, or read files. */
export type ConfigTask =
  | { readonly kind: 'validate'; readonly text: string }
  | { readonly kind: 'load'; readonly path: string };

/**
 * What such a process sends of files, in this order: what was found; and, if nothing is wrong, first the routes, some at
 * a time, since each message is read at once.
 */
export type LoadMessage =
  | { readonly kind: 'routes'; readonly routes: readonly RouteConfig[] }
  | { readonly kind: 'loaded'; readonly files: ReadFiles; readonly config: GatewayConfig | undefined };

/** What was found when the files of a configuration were read. */
export interface ReadFiles {
  /** Errors and warnings, with their places. */
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly string[];
  /** The files of `${file:…}`. */
  readonly secretFiles: readonly string[];
  /** Paths of the values that came from `${…}`. */
  readonly secretPaths: readonly string[];
  /** Equal for equal contents of all files. */
  readonly fingerprint: string;
}
