import { HTTP_TOKEN } from './check-match.ts';
import { DatePatternError, parseDatePattern } from './date-pattern.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';
import type { MethodConfig, RouteConfig } from './schema.ts';

/** Response headers that belong to the connection or describe the body, which the gateway itself writes. */
const OWN_HEADERS: readonly string[] = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'content-length', 'content-type', 'content-encoding', 'date'],
];

const CLASS_PATTERN = /^(\*|[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+|[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*\.\*)$/;

/** Checks how a route answers: `response` and `errors`. `methods` are those that its requests call. */
export function checkAnswer(
  route: RouteConfig,
  path: ConfigPath,
  methods: readonly (MethodConfig | undefined)[],
  reporter: Reporter,
): void {
  const responsePath = [...path, 'response'];
  const { dates } = route.response;
  if (typeof dates === 'object') checkDates(dates, [...responsePath, 'dates'], reporter);
  checkHeaders(Object.keys(route.response.attachments), [...responsePath, 'attachments'], reporter);
  for (const key of Object.keys(route.errors)) {
    if (CLASS_PATTERN.test(key)) continue;
    const message = `"${key}" is no exception: expected a full class name, a package such as com.acme.*, or *`;
    reporter.report([...path, 'errors', key], message, { atKey: true });
  }
  const written = reporter.node(responsePath);
  const isOneWay = methods.length > 0 && methods.every((method) => method?.oneway === true);
  if (isOneWay && written?.kind === 'map' && written.entries.size > 0) {
    const message = 'the method is oneway: nothing comes back, so these options have no effect';
    reporter.report(responsePath, message, { severity: 'warning', atKey: true });
  }
}

function checkDates(
  dates: { readonly pattern: string; readonly zone: string },
  path: ConfigPath,
  reporter: Reporter,
): void {
  try {
    parseDatePattern(dates.pattern);
  } catch (error) {
    if (!(error instanceof DatePatternError)) throw error;
    const at = [...path, 'pattern'];
    reporter.report(at, `${reporter.show(at)}: ${error.message}`, { offset: error.offset });
  }
  if (isTimeZone(dates.zone)) return;
  const at = [...path, 'zone'];
  const suggestion = reporter.nearest(at, dates.zone, Intl.supportedValuesOf('timeZone'));
  reporter.report(at, `expected an IANA time zone such as Europe/Berlin, found ${reporter.show(at)}`, { suggestion });
}

function isTimeZone(zone: string): boolean {
  if (zone === 'UTC') return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function checkHeaders(names: readonly string[], path: ConfigPath, reporter: Reporter): void {
  const seen = new Set<string>();
  for (const name of names) {
    const lower = name.toLowerCase();
    const message = !HTTP_TOKEN.test(name)
      ? `"${name}" cannot be the name of a header`
      : OWN_HEADERS.includes(lower)
        ? `header "${name}" is written by the gateway itself`
        : seen.has(lower)
          ? `header "${name}" is there twice; case makes no difference`
          : undefined;
    if (message !== undefined) reporter.report([...path, name], message, { atKey: true });
    seen.add(lower);
  }
}
