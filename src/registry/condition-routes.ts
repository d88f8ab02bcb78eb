import type { DubboUrl } from './dubbo-url.ts';
import { decodeUrlText } from './dubbo-url.ts';
import type { ProviderInstance } from './provider-instance.ts';

/** What a provider must be like to be called: the right side of a condition route (`ConditionRouter`). */
export interface ConditionRoute {
  /** All of them hold for a provider that may be called; none at all: nobody may be called. */
  readonly conditions: readonly Condition[];
  /** Whether it holds though it leaves nobody. */
  readonly isForced: boolean;
  readonly priority: number;
  /** The providers it is about. */
  readonly scope: RouteScope;
}

/** Undefined: whatever it is. */
export interface RouteScope {
  readonly version?: string;
  readonly group?: string;
  readonly application?: string;
}

/** A part of a rule. */
export interface Condition {
  readonly name: ConditionName;
  readonly isNegated: boolean;
  /** Texts with at most one `*`. */
  readonly patterns: readonly string[];
}

const VALUES = {
  host: ({ address }: ProviderInstance) => address.host,
  port: ({ address }: ProviderInstance) => String(address.port),
  address: ({ address }: ProviderInstance) => address.key,
  application: ({ application }: ProviderInstance) => application,
  version: ({ version }: ProviderInstance) => version,
  group: ({ group }: ProviderInstance) => group,
  tag: ({ tag }: ProviderInstance) => tag,
  'dubbo.tag': ({ tag }: ProviderInstance) => tag,
} as const;

type ConditionName = keyof typeof VALUES;

const MAX_CHARACTERS = 16 * 1024;
const EVERYBODY: RouteScope = {};

/**
 * Reads a `route://` URL from a node under `/dubbo/<interface>/routers`. Undefined for a rule that is switched off, and,
 * with a problem, for one that cannot be followed: one that depends on the call or on who makes it, and a script.
 */
export function readConditionRoute(url: DubboUrl, onProblem: (problem: string) => void): ConditionRoute | undefined {
  const { parameters } = url;
  if (parameters.get('enabled') === 'false') return undefined;
  const kind = parameters.get('router') ?? 'condition';
  if (url.protocol !== 'route' && url.protocol !== 'condition') {
    onProblem('it is no condition route and is left out');
    return undefined;
  }
  if (kind !== 'condition') {
    onProblem('only condition routes are followed');
    return undefined;
  }
  // The rule is encoded by itself, within a URL that is encoded as a whole.
  const text = decodeUrlText(parameters.get('rule') ?? '') ?? '';
  const conditions = readConditions(text, onProblem);
  if (conditions === undefined) return undefined;
  const priority = Number(parameters.get('priority') ?? 0);
  return {
    conditions,
    isForced: parameters.get('force') === 'true',
    priority: Number.isFinite(priority) ? priority : 0,
    scope: EVERYBODY,
  };
}

/** Reads a rule such as `=> host != 10.0.0.1`; as above. */
export function readConditions(text: string, onProblem: (problem: string) => void): readonly Condition[] | undefined {
  if (text.length <= MAX_CHARACTERS) return readRule(text, onProblem);
  onProblem(`a route of more than ${MAX_CHARACTERS} characters is left out`);
  return undefined;
}

/**
 * Disables the providers that a route does not let be called; by priority, the highest first. A route that is not forced
 * does nothing to a version and group of which it would leave nobody.
 */
export function applyConditionRoutes(
  providers: readonly ProviderInstance[],
  routes: readonly ConditionRoute[],
): readonly ProviderInstance[] {
  let current = providers;
  for (const route of [...routes].sort((a, b) => b.priority - a.priority)) {
    const isMeant = (provider: ProviderInstance): boolean => isIn(route.scope, provider);
    const isFine = (provider: ProviderInstance): boolean => isLet(provider, route.conditions);
    // Without a right side it says that nobody may be called, forced or not.
    const isStrict = route.isForced || route.conditions.length === 0;
    const lists = new Set(
      current.filter((provider) => !provider.isDisabled && isMeant(provider) && isFine(provider)).map(listOf),
    );
    current = current.map((provider) =>
      provider.isDisabled || !isMeant(provider) || isFine(provider) || !(isStrict || lists.has(listOf(provider)))
        ? provider
        : { ...provider, isDisabled: true },
    );
  }
  return current;
}

function isIn({ version, group, application }: RouteScope, provider: ProviderInstance): boolean {
  if (version !== undefined && version !== provider.version) return false;
  if (group !== undefined && group !== provider.group) return false;
  return application === undefined || application === provider.application;
}

/** Providers that are called for each other. */
function listOf({ version, group }: ProviderInstance): string {
  return `${version} ${group}`;
}

function readRule(text: string, onProblem: (problem: string) => void): Condition[] | undefined {
  const arrow = text.indexOf('=>');
  if (arrow === -1) {
    onProblem('its rule has no "=>"');
    return undefined;
  }
  const when = text.slice(0, arrow).trim();
  if (when !== '' && when !== 'true') {
    onProblem('a route that depends on the call or on who makes it is left out');
    return undefined;
  }
  const then = text.slice(arrow + 2).trim();
  if (then === '' || then === 'false') return [];
  const conditions: Condition[] = [];
  for (const part of then.split('&')) {
    const match = /^\s*([\w.]+)\s*(!?=)\s*(.*?)\s*$/s.exec(part);
    if (match === null || !Object.hasOwn(VALUES, match[1]!) || match[3]!.includes('$')) {
      onProblem(`the condition ${JSON.stringify(part.trim().slice(0, 80))} is not known, the route is left out`);
      return undefined;
    }
    const patterns = match[3]!.split(',').map((pattern) => pattern.trim());
    conditions.push({ name: match[1] as ConditionName, isNegated: match[2] === '!=', patterns });
  }
  return conditions;
}

function isLet(provider: ProviderInstance, conditions: readonly Condition[]): boolean {
  if (conditions.length === 0) return false;
  return conditions.every(({ name, isNegated, patterns }) => {
    const value = VALUES[name](provider);
    return patterns.some((pattern) => isMatch(pattern, value)) !== isNegated;
  });
}

function isMatch(pattern: string, value: string): boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return pattern === value;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return value.length >= head.length + tail.length && value.startsWith(head) && value.endsWith(tail);
}
