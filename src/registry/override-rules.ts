import type { DubboUrl } from './dubbo-url.ts';
import type { ProviderRecord } from './provider-record.ts';
import { NO_SETTINGS, type ParameterLookup, type ProviderSettings, readProviderSettings } from './provider-settings.ts';
import { parameterLookup } from './provider-url.ts';

/** What an operator says about providers: Dubbo's `override://` and `absent://` (`AbstractConfigurator`). */
export interface OverrideRule {
  /** Whether it fills in only what the provider does not say itself (`absent`). */
  readonly isAbsent: boolean;
  /** Host of the providers it is for; empty for all. */
  readonly host: string;
  /** Port of the providers it is for; 0 for all. */
  readonly port: number;
  /** Further restriction to these `host:port`; empty for none (`providerAddresses`). */
  readonly addresses: readonly string[];
  /** Undefined: whatever it is; empty: only providers without one. */
  readonly version: string | undefined;
  readonly group: string | undefined;
  readonly application: string | undefined;
  readonly priority: number;
  readonly settings: ProviderSettings;
}

const ANY_HOST = '0.0.0.0';
const ANY = '*';
/** Conditions of a rule beside its settings that a list of providers cannot tell. */
const CONDITION_PREFIX = '~';

/**
 * Reads a rule from a node under `/dubbo/<interface>/configurators`. Undefined for a rule that is switched off
 * (`enabled=false`), says nothing about weight, warm-up, tag, zone or `disabled`, or cannot be followed.
 */
export function readOverrideRule(url: DubboUrl, onProblem: (problem: string) => void): OverrideRule | undefined {
  const { parameters } = url;
  if (parameters.get('enabled') === 'false') return undefined;
  if (url.protocol !== 'override' && url.protocol !== 'absent') {
    onProblem('it is no override and is left out');
    return undefined;
  }
  for (const name of parameters.keys()) {
    if (!name.startsWith(CONDITION_PREFIX)) continue;
    onProblem(`the condition ${JSON.stringify(name.slice(0, 40))} is not known, the rule is left out`);
    return undefined;
  }
  const lookup = parameterLookup(url);
  return overrideRule(
    {
      isAbsent: url.protocol === 'absent',
      host: url.host,
      port: url.port,
      providerAddresses: (lookup('providerAddresses') ?? '').split(','),
      // A rule without version or group is for providers without them (`UrlUtils.isMatch`).
      version: lookup('version') ?? '',
      group: lookup('group') ?? '',
      application: lookup('application') ?? ANY,
      priority: Number(lookup('priority') ?? 0),
    },
    lookup,
    onProblem,
  );
}

/** Whom a rule is for, as it is written: `*` stands for any version, group or application, 0.0.0.0 for any host. */
export interface OverrideTarget {
  readonly isAbsent: boolean;
  readonly host: string;
  readonly port: number;
  readonly providerAddresses: readonly string[];
  readonly version: string;
  readonly group: string;
  readonly application: string;
  readonly priority: number;
}

/** Makes a rule; undefined where its parameters say nothing about weight, warm-up, tag, zone or `disabled`. */
export function overrideRule(
  target: OverrideTarget,
  lookup: ParameterLookup,
  onProblem: (problem: string) => void,
): OverrideRule | undefined {
  // `enabled` is the switch of the rule, `timestamp` says when the rule was made.
  const own: ParameterLookup = (name) => (name === 'enabled' || name === 'timestamp' ? undefined : lookup(name));
  const settings = readProviderSettings(own, onProblem);
  if (saysNothing(settings)) return undefined;
  return {
    isAbsent: target.isAbsent,
    host: target.host === ANY_HOST || target.host === ANY ? '' : target.host.toLowerCase(),
    port: target.port,
    addresses: addressList(target.providerAddresses),
    version: condition(target.version),
    group: condition(target.group),
    application: condition(target.application),
    priority: Number.isFinite(target.priority) ? target.priority : 0,
    settings,
  };
}

/** In the order they are applied, the last one wins: rules for all before those for one host, then by priority. */
export function sortOverrideRules(rules: readonly OverrideRule[]): OverrideRule[] {
  return [...rules].sort((a, b) => {
    if (a.host !== b.host) return a.host < b.host ? -1 : 1;
    return a.priority - b.priority;
  });
}

/** What holds for a provider: its own settings with those of the rules that are for it, which are sorted. */
export function applyOverrideRules(record: ProviderRecord, rules: readonly OverrideRule[]): ProviderSettings {
  let { settings } = record;
  for (const rule of rules) {
    if (!isFor(rule, record)) continue;
    settings = rule.isAbsent ? merged(rule.settings, settings) : merged(settings, rule.settings);
  }
  return settings;
}

function isFor(rule: OverrideRule, { address, version, group, application }: ProviderRecord): boolean {
  if (rule.host !== '' && rule.host !== address.host && rule.host !== `[${address.host}]`) return false;
  if (rule.port !== 0 && rule.port !== address.port) return false;
  if (rule.addresses.length > 0 && !rule.addresses.includes(address.key)) return false;
  if (rule.version !== undefined && rule.version !== version) return false;
  if (rule.group !== undefined && rule.group !== group) return false;
  return rule.application === undefined || rule.application === application;
}

/** `upper` where it says something, else `lower`. */
function merged(lower: ProviderSettings, upper: ProviderSettings): ProviderSettings {
  return {
    weight: upper.weight ?? lower.weight,
    warmupMs: upper.warmupMs ?? lower.warmupMs,
    startedAtMs: upper.startedAtMs ?? lower.startedAtMs,
    tag: upper.tag ?? lower.tag,
    zone: upper.zone ?? lower.zone,
    isDisabled: upper.isDisabled ?? lower.isDisabled,
  };
}

function saysNothing(settings: ProviderSettings): boolean {
  return (Object.keys(NO_SETTINGS) as (keyof ProviderSettings)[]).every((name) => settings[name] === undefined);
}

function condition(text: string): string | undefined {
  return text === ANY ? undefined : text;
}

function addressList(texts: readonly string[]): string[] {
  const named = texts.map((address) => address.trim().toLowerCase()).filter((address) => address !== '');
  return named.some((address) => address === ANY_HOST || address.startsWith(`${ANY_HOST}:`)) ? [] : named;
}
