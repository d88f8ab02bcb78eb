import { GAVE_UP, OK } from '../../load/load-recording.ts';
import { textTable } from '../../text-table.ts';
import { numberText } from '../report/chart.ts';
import { poolsPanel, statusSeries } from '../report/status-series.ts';
import { failureRatePanel, p99Panel } from '../report/stream-panels.ts';
import { phaseTable } from '../report/timeline.ts';
import { type OverloadResult, type OverloadSettings, playOverload } from './overload.ts';
import { mergeReports, type Story, type StoryReport } from './story.ts';

/**
 * As many requests in flight as keep the event loop busy; twice as many may wait, for at most 300 ms, and all beyond are
 * refused at once.
 */
const SECTIONS: OverloadSettings['sections'] = {
  timeoutMs: 5_000,
  admission: { maxInFlight: 64, maxWaitMs: 300, maxQueue: 128 },
};

interface Variant {
  readonly name: string;
  readonly file: string;
  readonly settings: Pick<OverloadSettings, 'method' | 'path' | 'tooManyPerSecond' | 'maxConnections'>;
}

/**
 * To refuse a request costs about as much as a small answer: it has to be received, parsed, answered and logged. Of four
 * times the best rate, three quarters and more are refused; so 80 % of the work is left only where a refusal costs a
 * sixteenth of an answer. For smaller answers it is the hold that bounds the refusals: a connection that was refused brings
 * no other request for a second, and what the client cannot send is back-pressure on the client.
 */
const VARIANTS: readonly Variant[] = [
  {
    name: '500 products (70 KB), client with 2,000 connections',
    file: 'large',
    settings: { method: 'products', path: '/products?count=500', tooManyPerSecond: 4_000, maxConnections: 2_000 },
  },
  {
    name: '50 products (7 KB), client with 1,000 connections',
    file: 'list50',
    settings: { method: 'products', tooManyPerSecond: 10_000, maxConnections: 1_000 },
  },
  {
    name: 'one user (0.3 KB), client with 1,000 connections',
    file: 'small',
    settings: { method: 'users', tooManyPerSecond: 20_000, maxConnections: 1_000 },
  },
];

export const overloadStory: Story = {
  name: 'overload',
  summary: 'four times as much as the process can do: how much of it is still done, and what becomes of the rest',
  tell: async (openStage, isQuick) => {
    const reports: StoryReport[] = [];
    for (const { name, file, settings } of VARIANTS) {
      const result = await playOverload(openStage, {
        ...settings,
        sections: SECTIONS,
        backendMs: 0,
        bestConnections: 64,
        bestMs: isQuick ? 4_500 : 9_000,
        factor: 4,
        restFactor: 0.5,
        phaseMs: isQuick ? 2_000 : 4_000,
        overloadMs: isQuick ? 4_000 : 10_000,
        recoveryMs: 2_000,
        giveUpMs: 1_000,
      });
      reports.push(report(name, file, result));
    }
    return mergeReports(reports);
  },
};

function report(name: string, file: string, result: OverloadResult): StoryReport {
  const { timeline, recording, samples, bestPerSecond, overload, longestStatusMs, gatewayBusy, loadBusy } = result;
  const stream = recording.streams[0]!;
  const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;
  const row = [
    numberText(bestPerSecond),
    numberText(overload.okPerSecond),
    percent(overload.okPerSecond / bestPerSecond),
    percent(overload.refused / overload.due),
    percent((overload.outcomes[GAVE_UP] ?? 0) / overload.due),
    overload.refusedP50Ms?.toFixed(0) ?? '-',
    overload.refusedP99Ms?.toFixed(0) ?? '-',
    overload.refused === 0 ? '-' : percent(overload.refusedWithRetryAfter / overload.refused),
    longestStatusMs.toFixed(0),
    percent(gatewayBusy),
    percent(loadBusy),
  ];
  const head = [
    'best/s',
    'good/s',
    'of best',
    'refused',
    GAVE_UP,
    'refused p50 ms',
    'p99 ms',
    'Retry-After',
    'longest status ms',
    'gateway CPU',
    'client CPU',
  ];
  return {
    tables: [
      { title: `during four times the best rate: ${name}`, text: textTable(head, [row]) },
      { title: `by phase: ${name}`, text: phaseTable(timeline.summarize(stream)) },
    ],
    charts: [
      {
        file: `overload-${file}`,
        chart: {
          title: `Four times the best rate: ${name}`,
          xLabel: 's since the start',
          panels: [
            {
              title: 'good answers, by when they came',
              unit: '1/s',
              series: [timeline.series(OK, stream, ({ okAnswers }) => okAnswers * 10)],
            },
            failureRatePanel(timeline, [stream]),
            p99Panel(timeline, stream),
            {
              title: 'requests in the gateway',
              unit: 'requests',
              series: [
                statusSeries(timeline, samples, 'in flight', ({ status }) => status.admission.inFlight),
                statusSeries(timeline, samples, 'waiting', ({ status }) => status.admission.waiting),
              ],
            },
            poolsPanel(timeline, samples),
          ],
          marks: timeline.marks,
        },
      },
    ],
    notes: [],
  };
}
