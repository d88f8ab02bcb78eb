/** A sample as the text has it. */
export interface ParsedSample {
  readonly name: string;
  /** In the order of the text, `le` included. */
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: ParsedSample[];
}

/**
 * A strict reader of the two formats, written from their grammars: it throws for anything they do not allow, for series
 * that stand twice, families that are not in one piece, and histograms that are not cumulative.
 */
export function parseExposition(text: string, format: 'text' | 'openmetrics'): Map<string, ParsedFamily> {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the last line does not end with a line feed');
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('no # EOF at the end');
  const families = new Map<string, ParsedFamily>();
  const seen = new Set<string>();
  let family: ParsedFamily | undefined;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    if (line.startsWith('#')) {
      const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
      const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/.exec(lines[++index] ?? '');
      if (help === null || type === null || help[1] !== type[1]) throw new Error(`bad header: ${line}`);
      family = { name: help[1]!, type: type[2]!, help: unescapeText(help[2]!, format === 'openmetrics'), samples: [] };
      if (families.has(family.name)) throw new Error(`family ${family.name} stands twice`);
      families.set(family.name, family);
      continue;
    }
    const sample = parseSample(line);
    if (family === undefined) throw new Error(`sample before any header: ${line}`);
    if (!sampleNames(family, format).includes(sample.name)) throw new Error(`${sample.name} is not of ${family.name}`);
    const identity = JSON.stringify([sample.name, [...sample.labels].sort()]);
    if (seen.has(identity)) throw new Error(`series stands twice: ${line}`);
    seen.add(identity);
    family.samples.push(sample);
  }
  for (const parsed of families.values()) if (parsed.type === 'histogram') checkHistograms(parsed, format);
  return families;
}

/** The value of the one series with these labels. */
export function sampleValue(
  families: Map<string, ParsedFamily>,
  name: string,
  labels: Record<string, string> = {},
): number {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  const found = [...families.values()]
    .flatMap((family) => family.samples)
    .filter((sample) => sample.name === name && JSON.stringify([...sample.labels].sort()) === wanted);
  if (found.length !== 1) throw new Error(`${found.length} series ${name}${wanted}`);
  return found[0]!.value;
}

function sampleNames({ name, type }: ParsedFamily, format: 'text' | 'openmetrics'): string[] {
  if (type === 'histogram') return [`${name}_bucket`, `${name}_sum`, `${name}_count`];
  if (type !== 'counter') return [name];
  if (format === 'openmetrics') return [`${name}_total`];
  if (!name.endsWith('_total')) throw new Error(`counter ${name} does not end with _total`);
  return [name];
}

/** Reads a line character by character, since label values may hold anything. */
function parseSample(line: string): ParsedSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
  if (name === undefined) throw new Error(`no metric name: ${line}`);
  const labels = new Map<string, string>();
  let at = name.length;
  if (line[at] === '{') {
    at++;
    while (line[at] !== '}') {
      if (labels.size > 0 && line[at++] !== ',') throw new Error(`comma expected at ${at}: ${line}`);
      const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"/.exec(line.slice(at));
      if (label === null) throw new Error(`bad label at ${at}: ${line}`);
      if (labels.has(label[1]!)) throw new Error(`label ${label[1]} stands twice: ${line}`);
      labels.set(label[1]!, unescapeText(label[2]!, true));
      at += label[0].length;
    }
    at++;
  }
  const rest = line.slice(at);
  if (!/^ (?:[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)$/.test(rest)) throw new Error(`bad value: ${line}`);
  return { name, labels, value: parseNumber(rest.slice(1)) };
}

function parseNumber(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

function unescapeText(text: string, hasQuotes: boolean): string {
  return text.replaceAll(/\\(.)/g, (_, character: string) => {
    if (character === 'n') return '\n';
    if (character === '\\' || (hasQuotes && character === '"')) return character;
    throw new Error(`bad escape \\${character}`);
  });
}

/** Buckets of a series stand together, ascending and cumulative, then its sum, then its count. */
function checkHistograms({ name, samples }: ParsedFamily, format: 'text' | 'openmetrics'): void {
  let at = 0;
  while (at < samples.length) {
    let bound = Number.NEGATIVE_INFINITY;
    let count = 0;
    const series = labelsWithout(samples[at]!, 'le');
    for (; samples[at]?.name === `${name}_bucket`; at++) {
      const { labels, value } = samples[at]!;
      const le = labels.get('le')!;
      if (labelsWithout(samples[at]!, 'le') !== series) throw new Error(`${name}: buckets of two series are mixed`);
      if (!(parseNumber(le) > bound)) throw new Error(`${name}: bound ${le} is not above ${bound}`);
      if (format === 'openmetrics' && !/[.e]|Inf/.test(le)) throw new Error(`${name}: ${le} is no canonical bound`);
      if (!Number.isInteger(value) || value < count) throw new Error(`${name}: buckets are not cumulative`);
      bound = parseNumber(le);
      count = value;
    }
    if (bound !== Number.POSITIVE_INFINITY) throw new Error(`${name}: no +Inf bucket`);
    const [sum, total] = samples.slice(at, at + 2);
    if (sum?.name !== `${name}_sum` || labelsWithout(sum, 'le') !== series) throw new Error(`${name}: no sum`);
    if (total?.name !== `${name}_count` || labelsWithout(total, 'le') !== series) throw new Error(`${name}: no count`);
    if (total.value !== count) throw new Error(`${name}: +Inf is ${count}, count is ${total.value}`);
    at += 2;
  }
}

function labelsWithout({ labels }: ParsedSample, left: string): string {
  return JSON.stringify([...labels].filter(([name]) => name !== left));
}
