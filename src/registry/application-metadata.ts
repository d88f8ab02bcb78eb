import type { ProviderAddress } from '../config/provider-address.ts';
import { asRecord, type JsonRecord, parseJsonRecord, textMember } from './json-record.ts';

/** One service in the metadata of an application (`MetadataInfo.ServiceInfo`). */
export interface ServiceMetadata {
  readonly interfaceName: string;
  /** Empty for none. */
  readonly version: string;
  readonly group: string;
  readonly protocol: string;
  /** 0 where it is not said: then the port of the instance counts. */
  readonly port: number;
  /** The parameters of the provider's URL that matter to its callers. */
  readonly parameters: JsonRecord;
}

/** What the instances of an application serve that have one revision (`MetadataInfo`). Equal revision, equal content. */
export interface ApplicationMetadata {
  readonly application: string;
  readonly revision: string;
  readonly services: readonly ServiceMetadata[];
}

/**
 * Asks a provider what it serves: `MetadataService.getMetadataInfo`. Rejects where it does not answer as it should, with
 * a message without addresses; bounded in time.
 */
export type FetchMetadata = (
  address: ProviderAddress,
  application: string,
  revision: string,
) => Promise<ApplicationMetadata>;

/** More services than this are no application. */
export const MAX_SERVICES = 20_000;

/** Reads the metadata that a provider wrote to `/dubbo/metadata/<application>/<revision>`; undefined if it is none. */
export function readApplicationMetadata(text: string): ApplicationMetadata | undefined {
  const record = parseJsonRecord(text);
  const services = asRecord(record?.services);
  if (record === undefined || services === undefined) return undefined;
  const keys = Object.keys(services);
  if (keys.length > MAX_SERVICES) return undefined;
  const read = keys.map((key) => serviceMetadata(asRecord(services[key])));
  return {
    application: textMember(record, 'app') ?? '',
    revision: textMember(record, 'revision') ?? '',
    services: read.filter((service) => service !== undefined),
  };
}

/** The same of what a registry keeps, undefined where it keeps nothing. Warns where there is no metadata. */
export function readStoredMetadata(
  text: string | undefined,
  application: string,
  warn: (problem: string) => void,
): ApplicationMetadata | undefined {
  const metadata = text === undefined ? undefined : readApplicationMetadata(text);
  if (metadata === undefined) {
    const problem = text === undefined ? 'is missing' : 'cannot be read';
    warn(`the metadata of application ${JSON.stringify(application)} ${problem}`);
  }
  return metadata;
}

/** Reads `ServiceInfo`, whichever form it came in; undefined where its name or protocol is missing. */
export function serviceMetadata(record: JsonRecord | undefined): ServiceMetadata | undefined {
  const interfaceName = textMember(record, 'name');
  const protocol = textMember(record, 'protocol');
  if (record === undefined || interfaceName === undefined || protocol === undefined) return undefined;
  const port = Number(textMember(record, 'port') ?? 0);
  return {
    interfaceName,
    version: textMember(record, 'version') ?? '',
    group: textMember(record, 'group') ?? '',
    protocol,
    port: Number.isInteger(port) && port > 0 && port <= 65_535 ? port : 0,
    parameters: asRecord(record.params) ?? {},
  };
}
