import { parse } from 'yaml';
import { type ConditionRoute, type RouteScope, readConditions } from './condition-routes.ts';
import { asRecord, type JsonRecord, textMember } from './json-record.ts';
import type { OverrideRule } from './override-rules.ts';
import { overrideRule } from './override-rules.ts';
import type { ProviderRecord } from './provider-record.ts';

/** Tags that an operator gives to addresses (`TagRouterRule`): by `host:port`, and by port for all hosts. */
export type AddressTags = ReadonlyMap<string, string>;

const MAX_CHARACTERS = 256 * 1024;
const ANY_HOST = '0.0.0.0';
const NO_RULES: readonly OverrideRule[] = [];
const NO_TAGS: AddressTags = new Map();
const NO_ROUTES: readonly ConditionRoute[] = [];

/**
 * Reads the data of a node `<application>.configurators` or `<interface>:<version>:<group>.configurators` under
 * `/dubbo/config/dubbo` (YAML, Dubbo 2.7 and later). Nothing where it is switched off; what cannot be followed is told.
 */
export function readConfiguratorDocument(text: string, onProblem: (problem: string) => void): readonly OverrideRule[] {
  const document = readDocument(text, onProblem);
  if (document === undefined || !Array.isArray(document.configs)) return NO_RULES;
  const rules: OverrideRule[] = [];
  for (const entry of document.configs) {
    const config = asRecord(entry);
    if (config === undefined || config.enabled === false) continue;
    if (config.match !== undefined) {
      onProblem('a configuration with "match" is left out');
      continue;
    }
    for (const address of addressesOf(config)) rules.push(...rulesOf(config, address, onProblem));
  }
  return rules;
}

/** Reads the data of a node `<application>.tag-router` under `/dubbo/config/dubbo`, as above. */
export function readTagDocument(text: string, onProblem: (problem: string) => void): AddressTags {
  const document = readDocument(text, onProblem);
  if (document === undefined || !Array.isArray(document.tags)) return NO_TAGS;
  const tags = new Map<string, string>();
  for (const entry of document.tags) {
    const tag = asRecord(entry);
    const name = textMember(tag, 'name');
    if (tag === undefined || name === undefined) continue;
    if (tag.match !== undefined) onProblem(`the "match" of a tag is left out; only its addresses count`);
    for (const address of textsOf(tag.addresses)) if (!tags.has(address)) tags.set(address, name);
  }
  return tags;
}

/**
 * Reads the data of a node `<application>.condition-router` or `<interface>:<version>:<group>.condition-router`, as above.
 * Each of its conditions is a route of its own.
 *
 * @param scope the providers that the node is for
 */
export function readConditionDocument(
  text: string,
  scope: RouteScope,
  onProblem: (problem: string) => void,
): readonly ConditionRoute[] {
  const document = readDocument(text, onProblem);
  if (document === undefined || !Array.isArray(document.conditions)) return NO_ROUTES;
  const priority = Number(textMember(document, 'priority') ?? 0);
  const routes: ConditionRoute[] = [];
  for (const condition of document.conditions) {
    if (typeof condition !== 'string') {
      // Dubbo 3.3 has rules with "from" and "to" that send parts of the calls elsewhere.
      const version = textMember(document, 'configVersion') ?? '';
      onProblem(`a condition that is no text (configVersion ${JSON.stringify(version.slice(0, 20))}) is left out`);
      continue;
    }
    const conditions = readConditions(condition, onProblem);
    if (conditions === undefined) continue;
    const isForced = document.force === true;
    routes.push({ conditions, isForced, priority: Number.isFinite(priority) ? priority : 0, scope });
  }
  return routes;
}

/** The tag that an operator gave to a provider; undefined where none did. */
export function addressTag(tags: AddressTags, { address }: ProviderRecord): string | undefined {
  return tags.get(address.key) ?? tags.get(`${ANY_HOST}:${address.port}`);
}

function readDocument(text: string, onProblem: (problem: string) => void): JsonRecord | undefined {
  // Admin tools empty a node where they mean to delete it.
  if (text.trim() === '') return undefined;
  let document: JsonRecord | undefined;
  try {
    if (text.length <= MAX_CHARACTERS) document = asRecord(parse(text, { maxAliasCount: 0, logLevel: 'error' }));
  } catch {
    // Told below.
  }
  if (document === undefined) {
    onProblem('its data is no YAML with rules');
    return undefined;
  }
  return document.enabled === false ? undefined : document;
}

/** Whom a configuration is for; a consumer's own address says nothing about providers. */
function addressesOf(config: JsonRecord): string[] {
  const addresses = textsOf(config.addresses);
  if (addresses.length === 0) return [ANY_HOST];
  if (config.side === 'consumer') return addresses.filter((address) => address.startsWith(ANY_HOST)).slice(0, 1);
  return addresses;
}

function rulesOf(config: JsonRecord, address: string, onProblem: (problem: string) => void): OverrideRule[] {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(address);
  const parameters = asRecord(config.parameters);
  if (match === null || parameters === undefined) return [];
  const target = { host: match[1]!, port: Number(match[2] ?? 0), providerAddresses: textsOf(config.providerAddresses) };
  const applications = textsOf(config.applications);
  const rules = (applications.length === 0 ? ['*'] : applications).map((application) =>
    overrideRule(
      { ...target, isAbsent: false, version: '*', group: '*', application, priority: 0 },
      (name) => textMember(parameters, name),
      onProblem,
    ),
  );
  return rules.filter((rule) => rule !== undefined);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string').map((text) => text.toLowerCase()) : [];
}
