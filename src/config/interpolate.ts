/** Where `${…}` gets its values from. */
export interface VariableSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The text of a file of `${file:…}`. Throws an `Error` with a message for the user. */
  readFile(path: string): string;
  /**
   * Whether nothing but this is known where the configuration is served; default true. Where false, a value that is
   * missing is no mistake but cannot be checked: a warning.
   */
  readonly isComplete?: boolean;
}

/** A text after its `${…}` were resolved. */
export interface Interpolated {
  readonly text: string;
  /** What was written, names only: `PORT`, `file:/run/secrets/token`. Empty for a text with nothing but escapes. */
  readonly variables: readonly string[];
}

/** A `${…}` that cannot be resolved; `offset` is its place in the text, from 0. */
export interface InterpolationProblem {
  readonly severity: 'error' | 'warning';
  readonly offset: number;
  readonly message: string;
}

/**
 * Resolves `${VAR}`, `${VAR:-default}` (used when unset or empty), `${VAR:?message}` (an error when unset or empty) and
 * `${file:/path}` (one newline at the end is cut). `$${` stands for `${`. What a variable holds is not resolved again.
 * Undefined when something was reported.
 */
export function interpolate(
  text: string,
  source: VariableSource,
  report: (problem: InterpolationProblem) => void,
): Interpolated | undefined {
  const variables: string[] = [];
  let result = '';
  let at = 0;
  let failed = false;
  for (let start = text.indexOf('${'); start !== -1; start = text.indexOf('${', at)) {
    if (text[start - 1] === '$' && start - 1 >= at) {
      result += `${text.slice(at, start - 1)}\${`;
      at = start + 2;
      continue;
    }
    result += text.slice(at, start);
    const end = text.indexOf('}', start);
    if (end === -1) {
      const message = `"\${" without "}"; a literal "\${" is written "$\${"`;
      report({ severity: 'error', offset: start, message });
      return undefined;
    }
    const resolved = resolve(text.slice(start + 2, end), source);
    if ('value' in resolved) {
      result += resolved.value;
      variables.push(resolved.name);
    } else {
      report({ ...resolved, offset: start });
      failed = true;
    }
    at = end + 1;
  }
  return failed ? undefined : { text: result + text.slice(at), variables };
}

const VARIABLE = /^([A-Za-z_]\w*)(?:(:[-?])(.*))?$/s;

type Resolved = { readonly name: string; readonly value: string } | Omit<InterpolationProblem, 'offset'>;

/** Name and value, or what is wrong. */
function resolve(inner: string, source: VariableSource): Resolved {
  if (inner.startsWith('file:')) return resolveFile(inner, source);
  const match = VARIABLE.exec(inner);
  if (match === null) {
    return error(
      `expected \${NAME}, \${NAME:-default}, \${NAME:?message} or \${file:/path}; a literal "\${" is written "$\${"`,
    );
  }
  const [, name, operator, operand] = match;
  const value = Object.hasOwn(source.environment, name!) ? source.environment[name!] : undefined;
  if (value !== undefined && (value !== '' || operator === undefined)) return { name: name!, value };
  if (operator === ':-') return { name: name!, value: operand! };
  if (source.isComplete === false) return unknownValue(inner);
  if (operator === ':?') return error(`environment variable ${name} is not set: ${operand || 'it is required'}`);
  return error(`environment variable ${name} is not set; write \${${name}:-default} if it may be missing`);
}

function resolveFile(inner: string, source: VariableSource): Resolved {
  const path = inner.slice('file:'.length);
  if (path === '') return error(`expected a path, as in \${file:/run/secrets/token}`);
  if (source.isComplete === false) return unknownValue(inner);
  try {
    return { name: inner, value: source.readFile(path).replace(/\r?\n$/, '') };
  } catch (cause) {
    return error(`cannot read the file of \${${inner}}: ${cause instanceof Error ? cause.message : 'unknown reason'}`);
  }
}

function unknownValue(inner: string): Resolved {
  return { severity: 'warning', message: `\${${inner}} is not known here, so this value is not checked` };
}

function error(message: string): Resolved {
  return { severity: 'error', message };
}
