import type { Diagnostic } from './diagnostic.ts';
import { formatDiagnostics } from './format-diagnostics.ts';

/** A configuration that cannot be served; `diagnostics` has every error and warning that was found. */
export class ConfigError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(formatDiagnostics(diagnostics, 'the configuration').trimEnd());
    this.name = 'ConfigError';
    this.diagnostics = diagnostics;
  }
}
