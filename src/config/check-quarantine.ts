import type { QuarantineConfig, QuarantineOverride } from './bulkhead-schema.ts';
import { CallTimeouts } from './call-timeouts.ts';
import type { Shape } from './check-shape.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';
import { quarantineRules } from './resolve-quarantine.ts';
import type { ServiceConfig } from './schema.ts';
import { figureText } from './written-figure.ts';

/**
 * Checks the rules of quarantine as they hold for each method: the least time against the longest, and calls that end
 * before they could be slow.
 */
export function checkQuarantine(shape: Shape, reporter: Reporter): void {
  const { bulkhead } = shape;
  const global = bulkhead === undefined || bulkhead === 'off' ? 'off' : bulkhead.quarantine;
  const globalPath: ConfigPath = ['bulkhead', 'quarantine'];
  const timeouts = new CallTimeouts(shape);
  checkTimes(quarantineRules(global, undefined, undefined), [globalPath], shape, reporter);
  for (const [key, service] of shape.services) {
    if (service === undefined) continue;
    const servicePath = ['services', key, 'quarantine'];
    checkTimes(quarantineRules(global, service.quarantine, undefined), [servicePath, globalPath], shape, reporter);
    checkServiceSlowCall(key, service, timeouts, reporter);
    for (const [methodKey, method] of Object.entries(service.methods)) {
      const methodPath = ['services', key, 'methods', methodKey, 'quarantine'];
      const rules = quarantineRules(global, service.quarantine, method.quarantine);
      checkTimes(rules, [methodPath, servicePath, globalPath], shape, reporter);
      const slowCallMs = ownSlowCallMs(method.quarantine);
      if (slowCallMs !== undefined && timeouts.areBelow(slowCallMs, key, service, methodKey, method)) {
        reportNeverSlow([...methodPath, 'slowCallMs'], slowCallMs, 'the method', reporter);
      }
    }
  }
}

/**
 * Reports a least time in quarantine above the longest, at the level that makes it so.
 *
 * @param levels paths of the sections that say something of these rules, the one to report at first
 */
function checkTimes(rules: QuarantineConfig, levels: readonly ConfigPath[], shape: Shape, reporter: Reporter): void {
  if (rules.minQuarantineMs <= rules.maxQuarantineMs) return;
  const isKnown = levels.every((level) => TIMES.every((key) => shape.isKnown([...level, key])));
  const [own = []] = levels;
  const [least, most] = TIMES.map((key) => writtenAt(key, levels, reporter));
  if (!isKnown || (least !== own && most !== own)) return;
  const at = [...own, least === own ? 'minQuarantineMs' : 'maxQuarantineMs'];
  const figure = (key: keyof QuarantineConfig, level: ConfigPath = own): string => {
    const path = [...level, key];
    const from = level === own ? '' : `, from ${reporter.where(path, at)}`;
    return `${key} (${figureText(path, rules[key], reporter)}${from})`;
  };
  const message = `${figure('minQuarantineMs', least)} is longer than ${figure('maxQuarantineMs', most)}, to which it grows; lower the one or raise the other`;
  reporter.report(at, message);
}

const TIMES = ['minQuarantineMs', 'maxQuarantineMs'] as const;

/** The most exact of these levels at which a rule is written. */
function writtenAt(key: string, levels: readonly ConfigPath[], reporter: Reporter): ConfigPath | undefined {
  return levels.find((path) => reporter.node([...path, key]) !== undefined);
}

function ownSlowCallMs(rules: QuarantineOverride): number | undefined {
  return rules === undefined || rules === 'off' ? undefined : rules.slowCallMs;
}

/** Only where no method of the service that follows it can be slow. */
function checkServiceSlowCall(key: string, service: ServiceConfig, timeouts: CallTimeouts, reporter: Reporter): void {
  const slowCallMs = ownSlowCallMs(service.quarantine);
  if (slowCallMs === undefined) return;
  const following = Object.entries(service.methods).filter(([, { quarantine }]) => {
    return quarantine !== 'off' && quarantine?.slowCallMs === undefined;
  });
  if (following.length === 0) return;
  if (!following.every(([name, method]) => timeouts.areBelow(slowCallMs, key, service, name, method))) return;
  reportNeverSlow(['services', key, 'quarantine', 'slowCallMs'], slowCallMs, 'the service', reporter);
}

function reportNeverSlow(path: ConfigPath, slowCallMs: number, owner: string, reporter: Reporter): void {
  const figure = figureText(path, slowCallMs, reporter);
  const message = `calls of ${owner} time out before they have lasted slowCallMs (${figure}), so none is ever slow, only timed out; give ${owner} a timeoutMs above it`;
  reporter.report(path, message, { severity: 'warning' });
}
