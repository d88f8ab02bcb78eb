/** What a provider or an operator says about how it is to be used; undefined where nothing is said. */
export interface ProviderSettings {
  /** 100 is usual, 0 is none. */
  readonly weight: number | undefined;
  readonly warmupMs: number | undefined;
  /** In ms since 1970. */
  readonly startedAtMs: number | undefined;
  readonly tag: string | undefined;
  readonly zone: string | undefined;
  readonly isDisabled: boolean | undefined;
}

/** The value of a parameter; undefined where it is not given. */
export type ParameterLookup = (name: string) => string | undefined;

/** Settings that say nothing. */
export const NO_SETTINGS: ProviderSettings = {
  weight: undefined,
  warmupMs: undefined,
  startedAtMs: undefined,
  tag: undefined,
  zone: undefined,
  isDisabled: undefined,
};

/** Java's `Integer.MAX_VALUE`; what is larger Dubbo itself cannot read. */
const MAX_INT = 2_147_483_647;
const MAX_TEXT = 128;
const MAX_TOKEN = 1_024;
/** The last day JavaScript knows. */
const MAX_DATE_MS = 8.64e15;

/**
 * Reads the parameters `weight`, `warmup`, `timestamp`, `dubbo.tag` (2.6: `tag`), `zone`, `disabled` and `enabled` of a
 * provider. What makes no sense counts as not given, a negative weight as 0 (as in `AbstractLoadBalance.getWeight`);
 * `onProblem` is told in words.
 */
export function readProviderSettings(lookup: ParameterLookup, onProblem: (problem: string) => void): ProviderSettings {
  return {
    weight: weightOf(lookup('weight'), onProblem),
    warmupMs: wholeNumber('warmup', lookup('warmup'), 0, MAX_INT, onProblem),
    startedAtMs: wholeNumber('timestamp', lookup('timestamp'), 1, MAX_DATE_MS, onProblem),
    tag: shortText('dubbo.tag', lookup('dubbo.tag') ?? lookup('tag'), onProblem),
    zone: shortText('zone', lookup('zone'), onProblem),
    isDisabled: disabledOf(lookup, onProblem),
  };
}

/**
 * Reads the parameter `token` of a provider, which Dubbo makes up where it is switched on (`ServiceConfig`, `TokenFilter`);
 * empty for none. `onProblem` is told in words, without it.
 */
export function readToken(lookup: ParameterLookup, onProblem: (problem: string) => void): string {
  const token = lookup('token') ?? '';
  if (token.length <= MAX_TOKEN) return token;
  onProblem(`token is longer than ${MAX_TOKEN} characters and is left out`);
  return '';
}

function weightOf(text: string | undefined, onProblem: (problem: string) => void): number | undefined {
  const weight = wholeNumber('weight', text, -MAX_INT, MAX_INT, onProblem);
  if (weight === undefined || weight >= 0) return weight;
  onProblem(`weight ${weight} is negative and counts as 0`);
  return 0;
}

function disabledOf(lookup: ParameterLookup, onProblem: (problem: string) => void): boolean | undefined {
  const disabled = flag('disabled', lookup('disabled'), onProblem);
  const enabled = flag('enabled', lookup('enabled'), onProblem);
  if (disabled === undefined && enabled === undefined) return undefined;
  return disabled === true || enabled === false;
}

function wholeNumber(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
  onProblem: (problem: string) => void,
): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^[+-]?\d{1,17}$/.test(text)) {
    const value = Number(text);
    if (value >= min && value <= max) return value;
  }
  onProblem(`${name} ${quoted(text)} is no whole number from ${min} to ${max} and is left out`);
  return undefined;
}

function flag(name: string, text: string | undefined, onProblem: (problem: string) => void): boolean | undefined {
  if (text === undefined || text === '') return undefined;
  const lower = text.toLowerCase();
  if (lower === 'true') return true;
  if (lower === 'false') return false;
  onProblem(`${name} ${quoted(text)} is neither true nor false and is left out`);
  return undefined;
}

function shortText(name: string, text: string | undefined, onProblem: (problem: string) => void): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (text.length <= MAX_TEXT) return text;
  onProblem(`${name} is longer than ${MAX_TEXT} characters and is left out`);
  return undefined;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
