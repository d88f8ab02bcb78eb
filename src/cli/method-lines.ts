import { paint, type Style } from './paint.ts';
import { ageText } from './quantity-text.ts';
import type { MethodAnswer } from './status-answer.ts';
import { type Cell, COLUMN_GAP, tableLines } from './styled-table.ts';
import { shareColumns } from './terminal-text.ts';

/** How a method is shown. */
export interface MethodLook {
  readonly color: boolean;
  /** The time in ms since 1970 UTC that ages and waits are reckoned from. */
  readonly wallMs: number;
}

/** Lines that a method takes in the list. */
export const LINES_PER_METHOD = 2;

const INDENT = '  ';
const HEADS = ['STATE', 'FOR', 'ACTIVE', 'P50/P95/P99 MS', 'PROBES', 'RELEASE'] as const;

/**
 * Methods as a list with a head: of each its key and the reason of its state, and below that the facts as a table.
 * `ACTIVE` are calls in the normal, slow and heartbeat pool.
 */
export function methodLines(methods: readonly MethodAnswer[], columns: number, look: MethodLook): string[] {
  const heads = HEADS.map((text): Cell => ({ text, style: 'dim' }));
  const facts = methods.map((method) => factCells(method, look.wallMs));
  const [head, ...lines] = tableLines([heads, ...facts], look.color).map((line) => `${INDENT}${line}`);
  return [head!, ...methods.flatMap((method, index) => [titleOf(method, columns, look.color), lines[index]!])];
}

/** One method in full, a line for each fact. */
export function methodDetails(method: MethodAnswer, { color, wallMs }: MethodLook): string {
  const { active, window, latencyMs, probes, since } = method;
  const facts: [name: string, text: string, style?: Style][] = [
    ['method', method.key, 'bold'],
    ['state', `${stateText(method)} for ${ageText(wallMs - Date.parse(since))}`, stateStyle(method)],
    ['reason', reasonText(method) ?? '-'],
    ['active', `normal ${active.normal}, slow ${active.slow}, heartbeat ${active.heartbeat}`],
    ['window', `${window.calls} calls, ${window.timeouts} timeouts, ${window.slow} slow, ${window.failed} failed`],
    ['latency', latencyMs === null ? '-' : `p50 ${latencyMs.p50} ms, p95 ${latencyMs.p95} ms, p99 ${latencyMs.p99} ms`],
    ['probes', probes === null ? '-' : `${probes.passedInARow} of ${probes.needed} passed in a row`],
    ['release', releaseText(method, wallMs)],
  ];
  const rows = facts.map(([name, text, style]): Cell[] => [
    { text: name, style: 'dim' },
    { text, style },
  ]);
  return `${tableLines(rows, color).join('\n')}\n`;
}

function titleOf(method: MethodAnswer, columns: number, color: boolean): string {
  const [key, reason] = shareColumns(method.key, reasonText(method) ?? '', columns - COLUMN_GAP);
  const title = paint(color, 'bold', key);
  return reason === '' ? title : `${title}${' '.repeat(COLUMN_GAP)}${paint(color, 'dim', reason)}`;
}

function factCells(method: MethodAnswer, wallMs: number): Cell[] {
  const { active, latencyMs, probes, since } = method;
  return [
    { text: stateText(method), style: stateStyle(method) },
    { text: ageText(wallMs - Date.parse(since)) },
    { text: `${active.normal}/${active.slow}/${active.heartbeat}` },
    { text: latencyMs === null ? '-' : `${latencyMs.p50}/${latencyMs.p95}/${latencyMs.p99}` },
    { text: probes === null ? '-' : `${probes.passedInARow}/${probes.needed}` },
    { text: releaseText(method, wallMs) },
  ];
}

function stateText({ state, pinned }: MethodAnswer): string {
  return pinned ? `${state}, pinned` : state;
}

function stateStyle({ state, pinned }: MethodAnswer): Style {
  if (state !== 'healthy') return 'red';
  return pinned ? 'yellow' : 'green';
}

function reasonText({ reason, by }: MethodAnswer): string | undefined {
  if (reason === null) return undefined;
  return by === null || by === 'gateway' ? reason : `${reason} (by ${by})`;
}

/** When the gateway may release the method by itself. */
function releaseText({ state, earliestRelease }: MethodAnswer, wallMs: number): string {
  if (state === 'healthy') return '-';
  if (earliestRelease === null) return 'by hand';
  const leftMs = Date.parse(earliestRelease) - wallMs;
  return leftMs <= 0 ? 'after probes' : `in ${ageText(leftMs + 999)}`;
}
