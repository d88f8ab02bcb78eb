import { nearestName } from '../config/nearest-name.ts';

/**
 * Keys that may be meant by one that does not exist: other overloads, versions or groups of the method that it names, or
 * of the one whose name is nearest. At most `limit`.
 *
 * Interfaces and methods are compared apart, each name once: keys are long, and there can be thousands.
 */
export function nearestMethodKeys(text: string, keys: Iterable<string>, limit: number): readonly string[] {
  const wanted = partsOf(text);
  const known = [...keys].map((key) => ({ key, ...partsOf(key) }));
  const isOfInterface = matcher(
    wanted.interfaceName,
    known.map(({ interfaceName }) => interfaceName),
  );
  const sameInterface = known.filter(({ interfaceName }) => isOfInterface(interfaceName));
  const candidates = sameInterface.length > 0 ? sameInterface : known;
  const isMethod = matcher(
    wanted.methodName,
    candidates.map(({ methodName }) => methodName),
  );
  return candidates
    .filter(({ methodName }) => isMethod(methodName))
    .slice(0, limit)
    .map(({ key }) => key);
}

interface KeyParts {
  readonly interfaceName: string;
  readonly methodName: string;
}

/** The names in a key. A text without `#` is taken for the name of a method, perhaps with its types. */
function partsOf(key: string): KeyParts {
  const hash = key.indexOf('#');
  const service = hash === -1 ? '' : key.slice(0, hash);
  const method = key.slice(hash + 1);
  const colon = service.indexOf(':');
  const bracket = method.indexOf('(');
  return {
    interfaceName: colon === -1 ? service : service.slice(0, colon),
    methodName: bracket === -1 ? method : method.slice(0, bracket),
  };
}

/** Says which of the known names are meant: the name itself where it is known, else the nearest one. */
function matcher(name: string, known: readonly string[]): (candidate: string) => boolean {
  const names = new Set(known);
  const meant = name === '' || names.has(name) ? name : nearestName(name, names);
  return (candidate) => candidate === meant;
}
