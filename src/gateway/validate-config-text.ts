import type { ValidationAnswer } from '../admin/answers/config-answers.ts';
import { parseFiles } from '../config/parse-config.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { ALL_ROUTES, type RouteSelection, selectRoutes } from '../config/select-routes.ts';
import { runAtOnce } from '../time/run-in-slices.ts';
import { findingsOfCompiling } from './compile-findings.ts';
import { configChangesSteps } from './config-changes.ts';
import { configFindings } from './config-finding.ts';
import { isEqualButMasked, maskedCopy } from './masked-values.ts';

const NOTHING_KNOWN = { environment: {}, readFile: () => '', isComplete: false };

/**
 * Checks the YAML or JSON text of a configuration as `sluice validate` does, but knows no environment and reads no file:
 * of a value with `${…}` nothing is said but that it was not checked. Values of variables and secrets are not compared
 * either, of neither configuration: who may ask must not find them out by guessing.
 *
 * @param current the configuration to compare with, secrets masked; undefined where nothing is compared
 * @param selection the routes that would be served
 */
export function validateConfigText(
  text: string,
  current?: GatewayConfig,
  selection: RouteSelection = ALL_ROUTES,
): ValidationAnswer {
  const parsed = parseFiles([{ name: '', text }], NOTHING_KNOWN);
  const compiled = parsed.config === undefined ? [] : findingsOfCompiling(parsed.config).map(parsed.locate);
  const isSound = parsed.config !== undefined && compiled.length === 0;
  const selected = isSound ? selectRoutes(parsed.config!, parsed.secretPaths, selection) : undefined;
  const found = [...parsed.diagnostics, ...compiled, ...(selected?.diagnostics ?? [])];
  const errors = found.filter(({ severity }) => severity === 'error').length;
  const config = selected?.config;
  const isComparable = config !== undefined && current !== undefined;
  return {
    valid: errors === 0,
    errors,
    warnings: found.length - errors,
    diagnostics: configFindings(found),
    changes: isComparable
      ? runAtOnce(configChangesSteps(current, maskedCopy(config, selected!.secretPaths), isEqualButMasked))
      : null,
  };
}
