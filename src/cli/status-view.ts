import { LINES_PER_METHOD, methodLines } from './method-lines.ts';
import { paint, type Style } from './paint.ts';
import { bytesText, rateText } from './quantity-text.ts';
import type {
  AdmissionAnswer,
  ConfigurationAnswer,
  EventAnswer,
  PoolAnswer,
  PoolKey,
  StatusAnswer,
  WorkerAnswer,
} from './status-answer.ts';
import { type Cell, COLUMN_GAP, columnWidths, tableLines } from './styled-table.ts';
import { displayWidth, shortenEnd, shortenMiddle } from './terminal-text.ts';

/** One answer, with what is needed to show it. */
export interface StatusFrame {
  /** The gateway's address. */
  readonly address: string;
  readonly status: StatusAnswer;
  /** Undefined where the gateway does not say. */
  readonly configuration?: ConfigurationAnswer | undefined;
  /** The processes that serve; none where one does all, or the gateway does not say. */
  readonly workers?: readonly WorkerAnswer[];
  /** The time of the answer in ms since 1970 UTC. */
  readonly wallMs: number;
  /** The answer before, and the time between them in ms: what rates are made from. Undefined for the first. */
  readonly before: { readonly status: StatusAnswer; readonly elapsedMs: number } | undefined;
}

/** How a frame is shown. */
export interface StatusLook {
  readonly columns: number;
  /** Rows there are; undefined for as many as it takes. Only the list of methods is cut to fit. */
  readonly rows: number | undefined;
  readonly color: boolean;
  /** Healthy methods too. */
  readonly all: boolean;
  /** Stands at the end of the first line. */
  readonly hint: string;
}

const POOLS: readonly PoolKey[] = ['normal', 'slow', 'heartbeat'];
const MAX_EVENTS = 5;
const ADMISSION_HEAD = 'ADMISSION';
const CONFIG_HEAD = 'CONFIG   ';
const WORKERS_HEAD = 'WORKERS  ';
const MIN_ADDRESS_COLUMNS = 21;
/** Lines around the list of methods. */
const HEAD_AND_FOOT = 2;
/** Fewest columns for method and reason of an event; narrower terminals lose the end of the line. */
const MIN_EVENT_COLUMNS = 20;
/** Columns of a bar: what the other cells of a pool leave of the terminal, within these bounds. */
const MIN_BAR_COLUMNS = 10;
const MAX_BAR_COLUMNS = 40;
/** Share of a pool in use from which its bar is no longer green. */
const BUSY_SHARE = 0.7;
/** The status as lines of text, none wider than the terminal unless that is very narrow. */
export function statusLines(frame: StatusFrame, look: StatusLook): string[] {
  const { status } = frame;
  const events = status.events.slice(-MAX_EVENTS);
  const above = [headLine(frame, look), '', ...poolsPart(frame, look), '', admissionLine(frame, look)];
  if (frame.configuration !== undefined) above.push(configurationLine(frame.configuration, frame.wallMs, look));
  if (frame.workers !== undefined && frame.workers.length > 0) {
    above.push(workersLine(frame.workers, status.missingWorkers ?? [], look));
  }
  above.push('');
  const below = events.length === 0 ? [] : ['', ...eventLines(events, frame, look)];
  const room = look.rows === undefined ? Number.POSITIVE_INFINITY : look.rows - above.length - below.length;
  return [...above, ...methodsPart(frame, look, room), ...below];
}

/** The methods that the view shows: those in quarantine and the pinned ones, or all. */
export function shownMethods<Method extends { readonly state: unknown; readonly pinned: unknown }>(
  methods: readonly Method[],
  all: boolean,
): readonly Method[] {
  return all ? methods : methods.filter(({ state, pinned }) => state !== 'healthy' || pinned === true);
}

function headLine({ address, wallMs }: StatusFrame, { columns, color, hint }: StatusLook): string {
  const rest = `  ${timeText(wallMs, undefined)}${hint === '' ? '' : `  ${hint}`}`;
  const name = shortenMiddle(address, Math.max(columns - rest.length, MIN_ADDRESS_COLUMNS));
  return `${paint(color, 'bold', name)}${paint(color, 'dim', rest)}`;
}

function poolsPart({ status, before }: StatusFrame, { columns, color }: StatusLook): string[] {
  const { pools } = status;
  if (pools === null) return [`${paint(color, 'dim', 'POOLS')}      off, and so no method has a state`];
  const rows = POOLS.map((name): Cell[] => {
    const { active, size, waiting, rejectedTotal } = pools[name];
    const rate = rateOf(before?.status.pools?.[name].rejectedTotal, rejectedTotal, before?.elapsedMs);
    return [
      { text: name },
      { text: `${active}/${size}` },
      { text: String(waiting), style: waiting > 0 ? 'yellow' : undefined },
      { text: totalText(rejectedTotal, rate), style: rate !== undefined && rate > 0 ? 'red' : undefined },
    ];
  });
  const heads = ['POOL', 'ACTIVE', 'WAITING', 'REJECTED'].map((text): Cell => ({ text, style: 'dim' }));
  const textColumns = columnWidths([heads, ...rows]).reduce((sum, width) => sum + width + COLUMN_GAP, 0);
  const barColumns = Math.min(Math.max(columns - textColumns, MIN_BAR_COLUMNS), MAX_BAR_COLUMNS);
  const bars = [{ text: '' }, ...POOLS.map((name) => barOf(pools[name], barColumns))];
  return tableLines(
    [heads, ...rows].map(([name, active, ...others], row) => [name!, active!, bars[row]!, ...others]),
    color,
  );
}

function barOf({ active, size }: PoolAnswer, columns: number): Cell {
  const share = active === 0 ? 0 : Math.min(active / size, 1);
  const room = columns - 2;
  // The bar is empty only where nothing is active, and full only where nothing is left.
  const filled = share === 0 || share === 1 ? share * room : Math.min(Math.max(Math.round(share * room), 1), room - 1);
  return { text: `[${'|'.repeat(filled)}${'.'.repeat(room - filled)}]`, style: barStyle(share) };
}

function barStyle(share: number): Style {
  if (share >= 1) return 'red';
  return share >= BUSY_SHARE ? 'yellow' : 'green';
}

function admissionLine({ status, before }: StatusFrame, { columns, color }: StatusLook): string {
  const { admission } = status;
  const head = `${paint(color, 'dim', ADMISSION_HEAD)}  `;
  if (admission === null) return `${head}off`;
  const { inFlight, inFlightBytes, waiting } = admission;
  const refused = refusedTotal(admission);
  const refusedBefore = before?.status.admission ? refusedTotal(before.status.admission) : undefined;
  const rate = rateOf(refusedBefore, refused, before?.elapsedMs);
  const text = `in flight ${inFlight} (${bytesText(inFlightBytes)}), waiting ${waiting}, refused ${totalText(refused, rate)}`;
  const style = rate !== undefined && rate > 0 ? 'red' : waiting > 0 ? 'yellow' : undefined;
  return `${head}${paint(color, style, shortenEnd(text, columns - ADMISSION_HEAD.length - COLUMN_GAP))}`;
}

function configurationLine(
  { generations: [{ number, source, since }], lastReload }: ConfigurationAnswer,
  wallMs: number,
  { columns, color }: StatusLook,
): string {
  const isRefused = lastReload?.successful === false;
  const served = `generation ${number} since ${timeText(Date.parse(since), wallMs)} (${source})`;
  const refused = isRefused
    ? `; refused at ${timeText(Date.parse(lastReload.at), wallMs)}: ${firstError(lastReload)}`
    : '';
  const text = shortenEnd(`${served}${refused}`, columns - CONFIG_HEAD.length - COLUMN_GAP);
  return `${paint(color, 'dim', CONFIG_HEAD)}  ${paint(color, isRefused ? 'red' : undefined, text)}`;
}

/** @param missing numbers of workers that serve and did not answer */
function workersLine(
  workers: readonly WorkerAnswer[],
  missing: readonly number[],
  { columns, color }: StatusLook,
): string {
  const serving = workers.filter(({ state }) => state === 'serving').length;
  const restarted = workers.filter(({ restarts }) => restarts > 0);
  const text = [
    serving === workers.length ? `${serving} serve` : `${serving} of ${workers.length} serve`,
    ...(restarted.length > 0 ? [`started again: ${restarted.map(restartsText).join(', ')}`] : []),
    ...(missing.length > 0 ? [`no answer from ${missing.join(', ')}`] : []),
  ].join('; ');
  const isIll = serving < workers.length || missing.length > 0;
  const shown = shortenEnd(text, columns - WORKERS_HEAD.length - COLUMN_GAP);
  return `${paint(color, 'dim', WORKERS_HEAD)}  ${paint(color, isIll ? 'red' : undefined, shown)}`;
}

function restartsText({ worker, restarts }: WorkerAnswer): string {
  return `${worker} (${restarts === 1 ? '1 time' : `${restarts} times`})`;
}

function firstError({ errors }: NonNullable<ConfigurationAnswer['lastReload']>): string {
  const [first] = errors;
  if (first === undefined) return 'no reason is known';
  const { file, line, column, path, message } = first;
  const place = [file, line === 0 ? undefined : `${line}:${column}`].filter((part) => part !== undefined).join(':');
  const rest = errors.length === 1 ? '' : ` (${errors.length} errors)`;
  return `${[place, path, message].filter((part) => part !== '').join(': ')}${rest}`;
}

function methodsPart({ status, wallMs }: StatusFrame, look: StatusLook, room: number): string[] {
  const { methods, methodsTotal } = status;
  if (status.pools === null) return [];
  if (methodsTotal === 0) return ['no method was called yet'];
  const chosen = shownMethods(methods, look.all);
  if (chosen.length === 0) return [paint(look.color, 'green', `all ${methodsTotal} methods are healthy`)];
  const shown = chosen.slice(0, Math.max(Math.floor((room - HEAD_AND_FOOT) / LINES_PER_METHOD), 1));
  const lines = methodLines(shown, look.columns, { color: look.color, wallMs });
  const hidden = chosen.length - shown.length;
  const rest = methodsTotal - chosen.length;
  const foot = [
    hidden > 0 ? `${hidden} more, for which the terminal has no rows` : '',
    rest > 0 ? `${rest} ${look.all ? 'others' : 'healthy'}, not shown` : '',
  ].filter((text) => text !== '');
  return foot.length === 0 ? lines : [...lines, paint(look.color, 'dim', shortenEnd(foot.join('; '), look.columns))];
}

function eventLines(events: readonly EventAnswer[], { wallMs }: StatusFrame, look: StatusLook): string[] {
  const facts = events.map(({ at, to }): Cell[] => [
    { text: timeText(Date.parse(at), wallMs) },
    { text: to, style: to === 'healthy' ? 'green' : 'red' },
  ]);
  const heads = ['AT', 'STATE', 'METHOD', 'REASON'].map((text): Cell => ({ text, style: 'dim' }));
  const factColumns = columnWidths([heads.slice(0, 2), ...facts]).reduce((sum, width) => sum + width + COLUMN_GAP, 0);
  const room = Math.max(look.columns - factColumns - COLUMN_GAP, MIN_EVENT_COLUMNS);
  const reasons = events.map(({ reason, by }) => (by === 'gateway' ? reason : `${reason} (by ${by})`));
  const widestReason = Math.max(...reasons.map(displayWidth));
  const keys = events.map(({ method }) => shortenMiddle(method, Math.max(Math.floor(room / 2), room - widestReason)));
  const reasonColumns = room - Math.max(...keys.map(displayWidth));
  const rows = keys.map((key, index): Cell[] => {
    const reason = shortenEnd(reasons[index]!, reasonColumns);
    return [...facts[index]!, { text: key }, { text: reason, style: 'dim' }];
  });
  return tableLines([heads, ...rows], look.color);
}

/** Growth a second; undefined where nothing is known of before, or the count fell: the gateway was started anew. */
function rateOf(before: number | undefined, after: number, elapsedMs: number | undefined): number | undefined {
  if (before === undefined || elapsedMs === undefined || after < before || elapsedMs <= 0) return undefined;
  return ((after - before) * 1_000) / elapsedMs;
}

function totalText(total: number, rate: number | undefined): string {
  return rate === undefined ? String(total) : `${total} (${rateText(rate)})`;
}

function refusedTotal({ timedOutTotal, queueFullTotal }: AdmissionAnswer): number {
  return timedOutTotal + queueFullTotal;
}

/** A time in UTC to the second, without the date where that is today's. */
function timeText(wallMs: number, todayMs: number | undefined): string {
  const [date, time] = new Date(wallMs).toISOString().split(/[T.]/);
  const isToday = todayMs !== undefined && new Date(todayMs).toISOString().startsWith(date!);
  return isToday ? `${time}Z` : `${date} ${time}Z`;
}
