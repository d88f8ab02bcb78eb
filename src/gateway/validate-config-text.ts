import type { ValidationAnswer } from '../admin/answers/config-answers.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import { parseFiles } from '../config/parse-config.ts';
import { findingsOfCompiling } from './compile-findings.ts';

/** Findings that are shown, and characters of each text in them: what a text says wrong it can say often and at length. */
const MAX_DIAGNOSTICS = 200;
const MAX_TEXT_LENGTH = 1_000;

const NOTHING_KNOWN = { environment: {}, readFile: () => '', isComplete: false };

/**
 * Checks the YAML or JSON text of a configuration as `sluice validate` does, but knows no environment and reads no file:
 * of a value with `${…}` nothing is said but that it was not checked.
 */
export function validateConfigText(text: string): ValidationAnswer {
  const { config, diagnostics, locate } = parseFiles([{ name: '', text }], NOTHING_KNOWN);
  const found = config === undefined ? diagnostics : [...diagnostics, ...findingsOfCompiling(config).map(locate)];
  const errors = found.filter(({ severity }) => severity === 'error').length;
  return {
    valid: errors === 0,
    errors,
    warnings: found.length - errors,
    diagnostics: found.slice(0, MAX_DIAGNOSTICS).map(shown),
  };
}

function shown({
  severity,
  line,
  column,
  path,
  message,
  suggestion,
}: Diagnostic): ValidationAnswer['diagnostics'][number] {
  const found = { severity, line, column, path: shortened(path), message: shortened(message) };
  return suggestion === undefined ? found : { ...found, suggestion: shortened(suggestion) };
}

function shortened(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
}
