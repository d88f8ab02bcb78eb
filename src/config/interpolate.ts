/** Where `${…}` gets its values from. */
export interface VariableSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The text of a file of `${file:…}`. Throws an `Error` with a message for the user. */
  readFile(path: string): string;
}

/** A text after its `${…}` were resolved. */
export interface Interpolated {
  readonly text: string;
  /** What was written, names only: `PORT`, `file:/run/secrets/token`. Empty for a text with nothing but escapes. */
  readonly variables: readonly string[];
}

/** A `${…}` that cannot be resolved; `offset` is its place in the text, from 0. */
export interface InterpolationProblem {
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
      report({ offset: start, message: `"\${" without "}"; a literal "\${" is written "$\${"` });
      return undefined;
    }
    const resolved = resolve(text.slice(start + 2, end), source);
    if (typeof resolved === 'string') report({ offset: start, message: resolved });
    else {
      result += resolved.value;
      variables.push(resolved.name);
    }
    failed ||= typeof resolved === 'string';
    at = end + 1;
  }
  return failed ? undefined : { text: result + text.slice(at), variables };
}

const VARIABLE = /^([A-Za-z_]\w*)(?:(:[-?])(.*))?$/s;

/** Name and value, or the message of a failure. */
function resolve(inner: string, source: VariableSource): { readonly name: string; readonly value: string } | string {
  if (inner.startsWith('file:')) return resolveFile(inner, source);
  const match = VARIABLE.exec(inner);
  if (match === null) {
    return `expected \${NAME}, \${NAME:-default}, \${NAME:?message} or \${file:/path}; a literal "\${" is written "$\${"`;
  }
  const [, name, operator, operand] = match;
  const value = Object.hasOwn(source.environment, name!) ? source.environment[name!] : undefined;
  if (value !== undefined && (value !== '' || operator === undefined)) return { name: name!, value };
  if (operator === ':-') return { name: name!, value: operand! };
  if (operator === ':?') return `environment variable ${name} is not set: ${operand || 'it is required'}`;
  return `environment variable ${name} is not set; write \${${name}:-default} if it may be missing`;
}

function resolveFile(
  inner: string,
  source: VariableSource,
): { readonly name: string; readonly value: string } | string {
  const path = inner.slice('file:'.length);
  if (path === '') return `expected a path, as in \${file:/run/secrets/token}`;
  try {
    return { name: inner, value: source.readFile(path).replace(/\r?\n$/, '') };
  } catch (error) {
    return `cannot read the file of \${${inner}}: ${error instanceof Error ? error.message : 'unknown reason'}`;
  }
}
