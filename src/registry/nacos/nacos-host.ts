import { type ProviderAddress, ProviderAddressError, parseProviderAddress } from '../../config/provider-address.ts';
import { asRecord, type JsonRecord, textMember } from '../json-record.ts';
import { DEFAULT_WEIGHT } from '../provider-instance.ts';
import type { ProviderRecord } from '../provider-record.ts';
import { readProviderSettings, readToken } from '../provider-settings.ts';
import type { ServiceQuery } from '../registry.ts';

/** One instance of a service as Nacos has it. */
export interface NacosHost {
  /** An address or a host name. */
  readonly host: string;
  readonly port: number;
  /** Share of the calls beside other instances: 1 is usual, where Dubbo's weight is 100; 0 is none. */
  readonly factor: number;
  /** Where it runs; empty for the cluster that everybody is in. */
  readonly cluster: string;
  readonly metadata: JsonRecord;
}

/** More instances of one service are not followed. */
const MAX_HOSTS = 20_000;
const DEFAULT_CLUSTER = 'DEFAULT';
const MAX_FACTOR = 10_000;
const MAX_SHOWN = 80;

/**
 * Reads the list `hosts` of a service. Whoever is not healthy or not enabled is left out in silence, what cannot be read
 * is reported and left out. Undefined where it is no list at all.
 *
 * @param onProblem told what is wrong, in words that name the instance
 */
export function readNacosHosts(value: unknown, onProblem: (problem: string) => void): NacosHost[] | undefined {
  if (!Array.isArray(value)) return undefined;
  if (value.length > MAX_HOSTS) onProblem(`there are more than ${MAX_HOSTS} instances, the others are left out`);
  const hosts: NacosHost[] = [];
  for (const entry of value.slice(0, MAX_HOSTS)) {
    const host = readHost(asRecord(entry), onProblem);
    if (host !== undefined) hosts.push(host);
  }
  return hosts;
}

/** Equal for lists that say the same, in whichever order. */
export function hostsFingerprint(hosts: readonly NacosHost[]): string {
  return hosts
    .map(({ host, port, factor, cluster, metadata }) => {
      const sorted = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
      return JSON.stringify([host, port, factor, cluster, sorted]);
    })
    .sort()
    .join('\n');
}

/**
 * The provider that an instance of `providers:interface:version:group` is. Undefined for one of another protocol, and,
 * reported, for one whose address cannot be used.
 */
export function nacosProviderRecord(
  host: NacosHost,
  { version, group }: ServiceQuery,
  onProblem: (problem: string) => void,
): ProviderRecord | undefined {
  const { metadata } = host;
  if ((textMember(metadata, 'protocol') ?? 'dubbo') !== 'dubbo') return undefined;
  if ((textMember(metadata, 'category') ?? 'providers') !== 'providers') return undefined;
  const report = (problem: string): void => onProblem(`${shownHost(host)}: ${problem}`);
  const address = addressOf(host, report);
  if (address === undefined) return undefined;
  const lookup = (name: string): string | undefined => textMember(metadata, name);
  const record: ProviderRecord = {
    address,
    version,
    group,
    application: textMember(metadata, 'application') ?? '',
    token: readToken(lookup, report),
    settings: readProviderSettings(lookup, report),
  };
  return weighedRecord(record, host);
}

/** Adds what Nacos itself says of an instance: its factor counts beside Dubbo's weight, its cluster is a zone. */
export function weighedRecord(record: ProviderRecord, { factor, cluster }: NacosHost): ProviderRecord {
  if (factor === 1 && cluster === '') return record;
  const weight = (record.settings.weight ?? DEFAULT_WEIGHT) * factor;
  return {
    ...record,
    settings: {
      ...record.settings,
      // Somebody who shall get a little gets a little.
      weight: weight > 0 ? Math.max(1, Math.round(weight)) : 0,
      zone: record.settings.zone ?? (cluster === '' ? undefined : cluster),
    },
  };
}

/** What of an instance is fit for a log. */
export function shownHost({ host, port }: NacosHost): string {
  return `instance ${JSON.stringify(`${host}:${port}`.slice(0, MAX_SHOWN))}`;
}

function readHost(entry: JsonRecord | undefined, onProblem: (problem: string) => void): NacosHost | undefined {
  const host = textMember(entry, 'ip');
  const port = Number(textMember(entry, 'port') ?? Number.NaN);
  if (entry === undefined || host === undefined || !Number.isInteger(port)) {
    onProblem(`an instance has no ${host === undefined ? 'address' : 'port'} and is left out`);
    return undefined;
  }
  if (entry.healthy === false || entry.enabled === false) return undefined;
  const cluster = textMember(entry, 'clusterName') ?? DEFAULT_CLUSTER;
  return {
    host,
    port,
    factor: factorOf(entry.weight),
    cluster: cluster === DEFAULT_CLUSTER ? '' : cluster,
    metadata: asRecord(entry.metadata) ?? {},
  };
}

function factorOf(weight: unknown): number {
  if (typeof weight !== 'number' || !Number.isFinite(weight)) return 1;
  return Math.min(Math.max(weight, 0), MAX_FACTOR);
}

function addressOf({ host, port }: NacosHost, onProblem: (problem: string) => void): ProviderAddress | undefined {
  try {
    return parseProviderAddress(`dubbo://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`);
  } catch (error) {
    if (!(error instanceof ProviderAddressError)) throw error;
    onProblem(error.message);
    return undefined;
  }
}
