import { LINES_PER_METHOD, methodLines } from './method-lines.ts';
import { paint, type Style } from './paint.ts';
import { bytesText, rateText } from './quantity-text.ts';
import type { EventAnswer, PoolAnswer, PoolKey, StatusAnswer } from './status-answer.ts';
import { type Cell, COLUMN_GAP, columnWidths, tableLines } from './styled-table.ts';
import { displayWidth, shortenEnd, shortenMiddle } from './terminal-text.ts';

/** One answer, with what is needed to show it. */
export interface StatusFrame {
  /** The gateway's address. */
  readonly address: string;
  readonly status: StatusAnswer;
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
  const above = [headLine(frame, look), '', ...poolLines(frame, look), '', admissionLine(frame, look), ''];
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

function poolLines({ status, before }: StatusFrame, { columns, color }: StatusLook): string[] {
  const rows = POOLS.map((name): Cell[] => {
    const pool = status.pools[name];
    const rate = before && perSecond(before.status.pools[name].rejectedTotal, pool.rejectedTotal, before.elapsedMs);
    return [
      { text: name },
      { text: `${pool.active}/${pool.size}` },
      { text: String(pool.waiting), style: pool.waiting > 0 ? 'yellow' : undefined },
      { text: rejectedText(pool.rejectedTotal, rate), style: rate !== undefined && rate > 0 ? 'red' : undefined },
    ];
  });
  const heads = ['POOL', 'ACTIVE', 'WAITING', 'REJECTED'].map((text): Cell => ({ text, style: 'dim' }));
  const textColumns = columnWidths([heads, ...rows]).reduce((sum, width) => sum + width + COLUMN_GAP, 0);
  const barColumns = Math.min(Math.max(columns - textColumns, MIN_BAR_COLUMNS), MAX_BAR_COLUMNS);
  const [head, ...pools] = [heads, ...rows].map(([name, active, ...others], row): Cell[] => {
    const bar = row === 0 ? { text: '' } : barOf(status.pools[POOLS[row - 1]!], barColumns);
    return [name!, active!, bar, ...others];
  });
  return tableLines([head!, ...pools], color);
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
  const { inFlight, inFlightBytes, waiting } = status.admission;
  const refused = refusedTotal(status);
  const rate = before && perSecond(refusedTotal(before.status), refused, before.elapsedMs);
  const text = `in flight ${inFlight} (${bytesText(inFlightBytes)}), waiting ${waiting}, refused ${rejectedText(refused, rate)}`;
  const style = rate !== undefined && rate > 0 ? 'red' : waiting > 0 ? 'yellow' : undefined;
  const head = 'ADMISSION  ';
  return `${paint(color, 'dim', head)}${paint(color, style, shortenEnd(text, columns - head.length))}`;
}

function methodsPart({ status, wallMs }: StatusFrame, look: StatusLook, room: number): string[] {
  const { methods } = status;
  const ill = shownMethods(methods, false).length;
  if (methods.length === 0) return ['no method was called yet'];
  if (ill === 0 && !look.all) return [paint(look.color, 'green', `all ${methods.length} methods are healthy`)];
  const chosen = shownMethods(methods, look.all);
  const shown = chosen.slice(0, Math.max(Math.floor((room - HEAD_AND_FOOT) / LINES_PER_METHOD), 1));
  const lines = methodLines(shown, look.columns, { color: look.color, wallMs });
  const hidden = chosen.length - shown.length;
  const more = hidden === 0 ? '' : `${hidden} more, for which the terminal has no rows`;
  const healthy = look.all ? '' : `${methods.length - ill} healthy, not shown`;
  const foot = [more, healthy].filter((text) => text !== '').join('; ');
  return foot === '' ? lines : [...lines, paint(look.color, 'dim', shortenEnd(foot, look.columns))];
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

/** Undefined where the count fell: the gateway was started anew. */
function perSecond(before: number, after: number, elapsedMs: number): number | undefined {
  if (after < before || elapsedMs <= 0) return undefined;
  return ((after - before) * 1_000) / elapsedMs;
}

function rejectedText(total: number, rate: number | undefined): string {
  return rate === undefined ? String(total) : `${total} (${rateText(rate)})`;
}

function refusedTotal({ admission }: StatusAnswer): number {
  return admission.timedOutTotal + admission.queueFullTotal;
}

/** A time in UTC to the second, without the date where that is today's. */
function timeText(wallMs: number, todayMs: number | undefined): string {
  const [date, time] = new Date(wallMs).toISOString().split(/[T.]/);
  const isToday = todayMs !== undefined && new Date(todayMs).toISOString().startsWith(date!);
  return isToday ? `${time}Z` : `${date} ${time}Z`;
}
