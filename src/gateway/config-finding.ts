import { basename } from 'node:path';
import type { ConfigFinding } from '../admin/answers/config-answers.ts';
import type { Diagnostic } from '../config/diagnostic.ts';

/** Findings that are shown of a text, and characters of each text in them: what is wrong can be wrong often and at length. */
const MAX_FINDINGS = 200;
const MAX_TEXT_LENGTH = 1_000;

/** Findings as the admin API shows them, the first 200; without the file, since there is but one. */
export function configFindings(found: readonly Diagnostic[]): ConfigFinding[] {
  return found.slice(0, MAX_FINDINGS).map(configFinding);
}

/** The same with the names of the files. */
export function configFindingsOfFiles(found: readonly Diagnostic[]): ConfigFinding[] {
  return found
    .slice(0, MAX_FINDINGS)
    .map((one) => ({ ...configFinding(one), ...(one.file !== '' && { file: basename(one.file) }) }));
}

function configFinding({ severity, line, column, path, message, suggestion }: Diagnostic): ConfigFinding {
  const found = { severity, line, column, path: shortened(path), message: shortened(message) };
  return suggestion === undefined ? found : { ...found, suggestion: shortened(suggestion) };
}

function shortened(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
}
