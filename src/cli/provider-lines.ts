import type { SelectionRequest } from '../balancing/balancer.ts';
import type { ProviderExplanation, ProviderFilter } from '../balancing/provider-explanation.ts';
import type { ProviderInstance } from '../registry/provider-instance.ts';
import { formatTable } from './terminal.ts';
import { printable } from './terminal-text.ts';

/** Rows of the table. */
const MAX_SHOWN = 50;

/** What a registry says of a provider. */
interface Fact {
  readonly head: string;
  read(instance: ProviderInstance): string;
  /** It is shown only where this filter takes a provider out; default: where some provider has it. */
  readonly filter?: ProviderFilter;
}

const FACTS: readonly Fact[] = [
  { head: 'VERSION', read: ({ version }) => version, filter: 'version' },
  { head: 'GROUP', read: ({ group }) => group, filter: 'group' },
  { head: 'APPLICATION', read: ({ application }) => application },
  { head: 'TAG', read: ({ tag }) => tag },
  { head: 'ZONE', read: ({ zone }) => zone },
];

/**
 * A table of providers and what keeps a request from each; those that take calls come first. Text of the registry is made
 * safe for a terminal.
 *
 * @param picked address of the one that gets the call
 */
export function providerLines(
  explained: readonly ProviderExplanation[],
  request: SelectionRequest,
  picked: string | undefined,
): string {
  const ordered = [...explained].sort((one, other) => rank(one, picked) - rank(other, picked));
  const shown = ordered.slice(0, MAX_SHOWN);
  const facts = FACTS.filter((fact) => shown.some((one) => isTelling(fact, one)));
  const rows = shown.map((one) => [
    one.instance.address.key,
    ...facts.map(({ read }) => printable(read(one.instance)) || '-'),
    String(one.weight),
    shareText(one.share),
    one.instance.address.key === picked && one.filter === undefined ? 'yes, picked' : verdict(one, request),
  ]);
  const table = formatTable([['PROVIDER', ...facts.map(({ head }) => head), 'WEIGHT', 'SHARE', 'TAKES IT'], ...rows]);
  const rest = ordered.length - shown.length;
  return rest === 0 ? table : `${table}and ${rest} more\n`;
}

function isTelling({ read, filter }: Fact, explained: ProviderExplanation): boolean {
  return filter === undefined ? read(explained.instance) !== '' : explained.filter === filter;
}

function rank({ instance, filter }: ProviderExplanation, picked: string | undefined): number {
  if (filter !== undefined) return 2;
  return instance.address.key === picked ? 0 : 1;
}

function shareText(share: number): string {
  return share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`;
}

function verdict({ filter, ejection, share }: ProviderExplanation, { tag, isTagForced }: SelectionRequest): string {
  switch (filter) {
    case undefined:
      return share > 0 ? 'yes' : 'no: its hash belongs to another';
    case 'version':
      return 'no: another version';
    case 'group':
      return 'no: another group';
    case 'tag':
      return tag === '' ? 'no: requests without a tag' : `no: tag ${printable(tag)}${isTagForced ? ' only' : ''}`;
    case 'zone':
      return 'no: another zone';
    case 'disabled':
      return 'no: disabled, or weight 0';
    case 'ejected':
      return `no: ejected${ejection === undefined ? '' : ` (${ejection})`}`;
    case 'unusable':
      return 'no: cannot be reached';
  }
}
