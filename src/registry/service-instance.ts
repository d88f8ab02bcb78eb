import { type ProviderAddress, ProviderAddressError, parseProviderAddress } from '../config/provider-address.ts';
import type { ApplicationMetadata } from './application-metadata.ts';
import { asRecord, type JsonRecord, parseJsonRecord, textMember } from './json-record.ts';
import type { ProviderRecord } from './provider-record.ts';
import { readProviderSettings, readToken } from './provider-settings.ts';

/** One process of an application as it registered itself at the level of applications (Dubbo 3). */
export interface ServiceInstance {
  readonly application: string;
  readonly host: string;
  /** Its port for the protocol dubbo. */
  readonly port: number;
  /** Names what it serves; equal for instances that serve the same. */
  readonly revision: string;
  /** `remote`: the metadata stands in the registry; `local`: the instance itself says what it serves. */
  readonly storage: 'remote' | 'local';
  /** Where to ask an instance that keeps its metadata itself; undefined where it does not speak dubbo there. */
  readonly metadataAddress: ProviderAddress | undefined;
  readonly metadata: JsonRecord;
}

const DUBBO = 'dubbo';

/**
 * Reads the data of a node under `/services/<application>`, written by Curator. Undefined for what cannot be read, which
 * is reported, and for an instance that does not speak the dubbo protocol, which is not.
 */
export function readServiceInstance(
  text: string,
  application: string,
  onProblem: (problem: string) => void,
): ServiceInstance | undefined {
  const record = parseJsonRecord(text);
  if (record === undefined) {
    onProblem('its data is no JSON object');
    return undefined;
  }
  const host = textMember(record, 'address');
  const port = Number(textMember(record, 'port') ?? 0);
  const metadata = asRecord(asRecord(record.payload)?.metadata);
  if (host === undefined || metadata === undefined) {
    onProblem(`its data has no ${host === undefined ? 'address' : 'payload.metadata'}`);
    return undefined;
  }
  return serviceInstance(application, host, port, metadata, onProblem);
}

/**
 * Makes an instance of its address and its metadata, which every registry of Dubbo 3 carries alike. Undefined as for
 * `readServiceInstance`.
 */
export function serviceInstance(
  application: string,
  host: string,
  port: number,
  metadata: JsonRecord,
  onProblem: (problem: string) => void,
): ServiceInstance | undefined {
  const revision = textMember(metadata, 'dubbo.metadata.revision');
  // An application that serves nothing registers revision 0 or none.
  if (revision === undefined || revision === '0') return undefined;
  const dubboPort = dubboPortOf(textMember(metadata, 'dubbo.endpoints'), port);
  if (dubboPort === undefined) return undefined;
  const address = addressOf(host, dubboPort, onProblem);
  if (address === undefined) return undefined;
  return {
    application,
    host: address.host,
    port: address.port,
    revision,
    storage: textMember(metadata, 'dubbo.metadata.storage-type') === 'remote' ? 'remote' : 'local',
    metadataAddress: metadataAddressOf(host, dubboPort, textMember(metadata, 'dubbo.metadata-service.url-params')),
    metadata,
  };
}

/** The services of one interface that an instance serves, by the metadata of its revision. */
export function recordsOf(
  instance: ServiceInstance,
  metadata: ApplicationMetadata,
  interfaceName: string,
  onProblem: (problem: string) => void,
): ProviderRecord[] {
  const records: ProviderRecord[] = [];
  for (const service of metadata.services) {
    if (service.interfaceName !== interfaceName || service.protocol !== DUBBO) continue;
    const address = addressOf(instance.host, service.port || instance.port, onProblem);
    if (address === undefined) continue;
    // As `InstanceAddressURL.getParameter`: the service first, then the instance.
    const lookup = (name: string): string | undefined =>
      textMember(service.parameters, name) ?? textMember(instance.metadata, name);
    records.push({
      address,
      version: service.version,
      group: service.group,
      application: instance.application,
      token: readToken(lookup, onProblem),
      settings: readProviderSettings(lookup, onProblem),
    });
  }
  return records;
}

/** The port of the endpoint that speaks dubbo; the instance's own where no endpoints are named, undefined where none does. */
function dubboPortOf(endpoints: string | undefined, port: number): number | undefined {
  if (endpoints === undefined) return port;
  let parsed: unknown;
  try {
    parsed = JSON.parse(endpoints);
  } catch {
    return port;
  }
  if (!Array.isArray(parsed)) return port;
  const endpoint = parsed.map(asRecord).find((entry) => textMember(entry, 'protocol') === DUBBO);
  const named = textMember(endpoint, 'port');
  return named === undefined ? undefined : Number(named);
}

function metadataAddressOf(host: string, port: number, parameters: string | undefined): ProviderAddress | undefined {
  const record = parameters === undefined ? undefined : parseJsonRecord(parameters);
  // Releases before 3.1 put the parameters of each protocol into an object of its own.
  const own = asRecord(record?.[DUBBO]) ?? record;
  const protocol = textMember(own, 'protocol') ?? DUBBO;
  return protocol === DUBBO ? addressOf(host, Number(textMember(own, 'port') ?? port), ignore) : undefined;
}

function addressOf(host: string, port: number, onProblem: (problem: string) => void): ProviderAddress | undefined {
  try {
    return parseProviderAddress(`dubbo://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`);
  } catch (error) {
    if (!(error instanceof ProviderAddressError)) throw error;
    onProblem(error.message);
    return undefined;
  }
}

function ignore(): void {}
