import { type ProviderAddress, ProviderAddressError, parseProviderAddress } from '../config/provider-address.ts';
import { type DubboUrl, decodeUrlText, parseDubboUrl } from './dubbo-url.ts';
import type { ProviderRecord } from './provider-record.ts';
import { type ParameterLookup, readProviderSettings, readToken } from './provider-settings.ts';

const MAX_SHOWN = 160;

/**
 * Reads the name of a node under `/dubbo/<interface>/providers`. Providers of other protocols (`tri`, `rest` …) are left
 * out in silence, what cannot be read is reported and left out.
 *
 * @param onProblem told what is wrong with the node, in words that name it; never its parameters, which may hold a token
 */
export function readProviderUrl(
  nodeName: string,
  interfaceName: string,
  onProblem: (problem: string) => void,
): ProviderRecord | undefined {
  const text = decodeUrlText(nodeName);
  const url = text === undefined ? undefined : parseDubboUrl(text);
  const shown = shownNodeName(text ?? nodeName);
  if (url === undefined) {
    onProblem(`${shown} is no URL of a provider`);
    return undefined;
  }
  if (url.protocol !== 'dubbo') return undefined;
  const lookup = parameterLookup(url);
  const announced = lookup('interface') ?? url.path;
  if (announced !== '' && announced !== interfaceName) {
    onProblem(`${shown} is a provider of another interface`);
    return undefined;
  }
  const report = (problem: string): void => onProblem(`${shown}: ${problem}`);
  const address = addressOf(url, report);
  if (address === undefined) return undefined;
  return {
    address,
    version: lookup('version') ?? '',
    group: lookup('group') ?? '',
    application: lookup('application') ?? '',
    token: readToken(lookup, report),
    settings: readProviderSettings(lookup, report),
  };
}

/** What of a node name is fit for a log: up to the parameters, and without control characters. */
export function shownNodeName(decoded: string): string {
  const question = decoded.indexOf('?');
  const head = (question === -1 ? decoded : decoded.slice(0, question)).replace(/^([^:/]*:\/\/)[^/@]*@/, '$1');
  const text = head.length > MAX_SHOWN ? `${head.slice(0, MAX_SHOWN)}…` : head;
  return JSON.stringify(text);
}

/** As `URL.getParameter`: an empty value is none, and `default.x` stands in for `x`, as 2.6 writes it. */
export function parameterLookup(url: DubboUrl): ParameterLookup {
  return (name) => url.parameters.get(name) || url.parameters.get(`default.${name}`) || undefined;
}

function addressOf(url: DubboUrl, onProblem: (problem: string) => void): ProviderAddress | undefined {
  try {
    return parseProviderAddress(`dubbo://${url.host}:${url.port}`);
  } catch (error) {
    if (!(error instanceof ProviderAddressError)) throw error;
    onProblem(error.message);
    return undefined;
  }
}
