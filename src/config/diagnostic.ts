/** One finding about a configuration. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** The file as it was given; empty for a configuration that is an object. */
  readonly file: string;
  /** From 1; 0 where there is no place, as for a file that cannot be read. */
  readonly line: number;
  /** From 1; 0 where there is no place. */
  readonly column: number;
  /** The place in the configuration, for example `routes[2].call.service`; empty for the whole. */
  readonly path: string;
  /** One plain sentence without a full stop. Never holds a value that came from `${…}`. */
  readonly message: string;
  /** The nearest known name. */
  readonly suggestion?: string;
  /** The line of the file, with secrets masked. */
  readonly excerpt?: string;
}

/** Keys and indexes from the top of the configuration to a value. */
export type ConfigPath = readonly (string | number)[];

/** The path as text: `routes[2].call.service`, `types["com.acme.User"].id`. */
export function formatConfigPath(path: ConfigPath): string {
  let text = '';
  for (const step of path) text = configPathBelow(text, step);
  return text;
}

/** The path, as text, of what a path leads to by one more key or index. */
export function configPathBelow(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  if (/^[$\w-]+$/.test(step)) return path === '' ? step : `${path}.${step}`;
  return `${path}[${JSON.stringify(step)}]`;
}
