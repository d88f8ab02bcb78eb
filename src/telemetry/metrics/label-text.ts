import { MetricError } from './metric-definition.ts';

/** Longest label value in UTF-16 units; what is longer is cut. It bounds the text of a series. */
const MAX_VALUE_LENGTH = 512;

/**
 * The labels of a series as both formats write them: `route="get-user",method="GET"`; empty without labels.
 *
 * Equal texts are equal label sets. Values are cut at 512 UTF-16 units; half surrogates and control characters other
 * than tab and line feed become U+FFFD, since they are no UTF-8 or end the text for some readers.
 *
 * @throws MetricError where a label has no value
 */
export function labelText(metric: string, names: readonly string[], values: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name of names) {
    const value = values[name];
    if (value === undefined) throw new MetricError(metric, `label ${JSON.stringify(name)} has no value`);
    text += `${text === '' ? '' : ','}${name}="${isPlain(value) ? value : escapeValue(value)}"`;
  }
  return text;
}

/** Most values are short names of printable ASCII; only others pay for escaping. */
function isPlain(value: string): boolean {
  if (value.length > MAX_VALUE_LENGTH) return false;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

function escapeValue(value: string): string {
  return Buffer.from(value.slice(0, MAX_VALUE_LENGTH))
    .toString()
    .replaceAll(/\p{Cc}/gu, (control) => (control === '\n' || control === '\t' ? control : '\ufffd'))
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n');
}
