import type { Terminal } from '../../src/cli/terminal.ts';

/** What a command sees of its surroundings; by default it is in a pipe, without colours or variables. */
export interface Surroundings {
  readonly isTerminal?: boolean;
  readonly color?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: NodeJS.ProcessEnv;
  readonly relative?: (path: string) => string;
}

/** A terminal that keeps what is printed. */
export class CapturedTerminal implements Terminal {
  output = '';
  errors = '';
  readonly isTerminal: boolean;
  readonly color: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly relative: (path: string) => string;
  readonly #interruption = new AbortController();

  constructor(surroundings: Surroundings = {}) {
    this.isTerminal = surroundings.isTerminal ?? false;
    this.color = surroundings.color ?? false;
    this.columns = surroundings.columns ?? 80;
    this.rows = surroundings.rows ?? 24;
    this.environment = surroundings.environment ?? {};
    this.relative = surroundings.relative ?? ((path) => path);
  }

  out(text: string): void {
    this.output += text;
  }

  error(text: string): void {
    this.errors += text;
  }

  interruption(): AbortSignal {
    return this.#interruption.signal;
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#interruption.abort();
  }
}
