/** `text` is the Prometheus text format 0.0.4, `openmetrics` is OpenMetrics 1.0.0. */
export type MetricsFormat = 'text' | 'openmetrics';

/** The `Content-Type` of each format. */
export const METRICS_CONTENT_TYPES: Readonly<Record<MetricsFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/**
 * The format for a request with this `Accept` header (RFC 9110, section 12.5.1: the most specific range that fits gives
 * the quality). At equal quality OpenMetrics is taken where it is named, not where only a wildcard lets it pass, so a
 * browser gets text. A caller that accepts neither gets text too: a page that can be read beats a 406.
 *
 * A range with a malformed quality is ignored.
 */
export function negotiateMetricsFormat(accept: string | undefined): MetricsFormat {
  if (accept === undefined || accept.length > MAX_ACCEPT_LENGTH) return 'text';
  const text: Match = { specificity: 0, quality: 0 };
  const openMetrics: Match = { specificity: 0, quality: 0 };
  for (const part of accept.toLowerCase().split(',')) {
    const range = parseRange(part);
    if (range === undefined) continue;
    consider(text, range, 'text', 'plain', '0.0.4');
    consider(openMetrics, range, 'application', 'openmetrics-text', '1.0.0');
  }
  if (openMetrics.quality === 0) return 'text';
  if (openMetrics.quality !== text.quality) return openMetrics.quality > text.quality ? 'openmetrics' : 'text';
  return openMetrics.specificity >= NAMED ? 'openmetrics' : 'text';
}

interface MediaRange {
  readonly type: string;
  readonly subtype: string;
  readonly version: string | undefined;
  readonly quality: number;
}

/** The best range seen so far for a format. */
interface Match {
  specificity: number;
  quality: number;
}

const MAX_ACCEPT_LENGTH = 4096;
const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;
/** Specificity of a range: any type, any subtype, the media type itself, and the media type with its version. */
const ANY_TYPE = 1;
const ANY_SUBTYPE = 2;
const NAMED = 3;
const VERSIONED = 4;

/** Parameters other than `version` and `q`, such as `charset` and `escaping`, are ignored. */
function parseRange(text: string): MediaRange | undefined {
  const [range, ...parameters] = text.split(';');
  const [type, subtype] = range!.trim().split('/');
  if (subtype === undefined) return undefined;
  let version: string | undefined;
  let quality = '1';
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=');
    const name = parameter.slice(0, Math.max(equals, 0)).trim();
    const value = parameter.slice(equals + 1).trim();
    if (name === 'version') version = value.replace(/^"([^"]*)"$/, '$1');
    if (name === 'q') quality = value;
  }
  if (!QUALITY.test(quality)) return undefined;
  return { type: type!, subtype, version, quality: Number(quality) };
}

function consider(match: Match, range: MediaRange, type: string, subtype: string, version: string): void {
  const specificity = specificityOf(range, type, subtype, version);
  if (specificity === 0 || specificity < match.specificity) return;
  match.quality = specificity === match.specificity ? Math.max(match.quality, range.quality) : range.quality;
  match.specificity = specificity;
}

/** 0 where the range does not fit. */
function specificityOf(range: MediaRange, type: string, subtype: string, version: string): number {
  if (range.type === '*') return range.subtype === '*' ? ANY_TYPE : 0;
  if (range.type !== type) return 0;
  if (range.subtype === '*') return ANY_SUBTYPE;
  if (range.subtype !== subtype) return 0;
  if (range.version === undefined) return NAMED;
  return range.version === version ? VERSIONED : 0;
}
