import type { Diagnostic } from './diagnostic.ts';

/** How findings are printed. */
export interface FormatOptions {
  /** ANSI colours; default false. */
  readonly color?: boolean;
  /** Shows file names shorter, as relative to the working directory; default: as they are. */
  readonly relative?: (file: string) => string;
}

const RED = 31;
const YELLOW = 33;
const DIM = 2;
const BOLD = 1;

/**
 * Findings as text: `file:line:column  error  message`, the line with a caret below, and a closing line that counts.
 * `subject` is what was checked, a file or directory.
 */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  subject: string,
  options: FormatOptions = {},
): string {
  const { color = false, relative = (file: string) => file } = options;
  const paint = (text: string, code: number): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  let text = '';
  for (const found of diagnostics) {
    const severity = paint(found.severity, found.severity === 'error' ? RED : YELLOW);
    text += `${paint(placeText(found, relative), BOLD)}  ${severity}  ${printable(messageText(found))}\n`;
    if (found.excerpt !== undefined) text += excerptText(found.excerpt, found.line, found.column, paint);
  }
  return `${text}${text === '' ? '' : '\n'}${summary(diagnostics, relative(subject))}\n`;
}

/**
 * Findings as JSON: `{ "ok": …, "errors": …, "warnings": …, "diagnostics": [{ severity, file, line, column, path, message,
 * suggestion? }] }`.
 */
export function formatDiagnosticsJson(diagnostics: readonly Diagnostic[], options: FormatOptions = {}): string {
  const { relative = (file: string) => file } = options;
  const errors = count(diagnostics, 'error');
  const plain = diagnostics.map(({ excerpt: _, ...found }) => ({ ...found, file: found.file && relative(found.file) }));
  const warnings = diagnostics.length - errors;
  return `${JSON.stringify({ ok: errors === 0, errors, warnings, diagnostics: plain }, undefined, 2)}\n`;
}

function placeText(found: Diagnostic, relative: (file: string) => string): string {
  if (found.file === '') return found.path === '' ? '(configuration)' : found.path;
  const file = relative(found.file);
  return found.line === 0 ? file : `${file}:${found.line}:${found.column}`;
}

function messageText(found: Diagnostic): string {
  return found.suggestion === undefined ? found.message : `${found.message}; did you mean "${found.suggestion}"?`;
}

function excerptText(
  excerpt: string,
  line: number,
  column: number,
  paint: (text: string, code: number) => string,
): string {
  const gutter = String(line).padStart(5);
  const shown = `${paint(`${gutter} |`, DIM)} ${printable(excerpt)}\n`;
  if (column > excerpt.length + 1) return shown;
  return `${shown}${paint(`${' '.repeat(gutter.length)} |`, DIM)} ${' '.repeat(column - 1)}${paint('^', RED)}\n`;
}

/** Control and bidirectional characters of the file must not act on the terminal; each is replaced by one character. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu, (character) =>
    character === '\t' ? ' ' : '\ufffd',
  );
}

function summary(diagnostics: readonly Diagnostic[], subject: string): string {
  const errors = count(diagnostics, 'error');
  const warnings = diagnostics.length - errors;
  if (diagnostics.length === 0) return `no errors in ${subject}`;
  const parts: string[] = [];
  if (errors > 0) parts.push(`${errors} error${errors === 1 ? '' : 's'}`);
  if (warnings > 0) parts.push(`${warnings} warning${warnings === 1 ? '' : 's'}`);
  return `${parts.join(', ')} in ${subject}`;
}

function count(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): number {
  return diagnostics.filter((found) => found.severity === severity).length;
}
