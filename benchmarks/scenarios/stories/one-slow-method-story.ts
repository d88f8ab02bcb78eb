import { poolsPanel } from '../report/status-series.ts';
import { failureRatePanel, okRatePanel, p99Panel } from '../report/stream-panels.ts';
import { phaseTable } from '../report/timeline.ts';
import { type OneSlowMethodResult, type OneSlowMethodSettings, playOneSlowMethod } from './one-slow-method.ts';
import { mergeReports, type Story, type StoryReport } from './story.ts';

const RATES = { ordersPerSecond: 200, pricesPerSecond: 500, wellMs: 20, slowMs: 3_000, limitMs: 30_000 };

/**
 * As a careful operator sets it: orders take 20 ms, so 300 ms are slow, and half a second of looking back is enough at
 * 200 calls a second. Orders may take 5 s before they time out, so only their slowness gives them away.
 */
const CAREFUL: OneSlowMethodSettings = {
  ...RATES,
  sections: {
    timeoutMs: 5_000,
    bulkhead: {
      normal: { size: 300 },
      slow: { size: 100 },
      quarantine: { slowCallMs: 300, windowMs: 500 },
    },
  },
  phaseMs: 5_000,
};

/** Everything at its default: calls time out after 1 s, and the tenth time-out within 10 s is too much. */
const DEFAULTS: OneSlowMethodSettings = { ...RATES, sections: {}, phaseMs: 5_000 };

export const oneSlowMethodStory: Story = {
  name: 'one-slow-method',
  summary: 'one method turns slow, is quarantined and comes back; the other notices nothing',
  tell: async (openStage, isQuick) => {
    const phaseMs = isQuick ? 2_000 : CAREFUL.phaseMs;
    const reports: StoryReport[] = [];
    for (const [name, settings] of [
      ['set for orders of 20 ms', CAREFUL],
      ['all defaults', DEFAULTS],
    ] as const) {
      const file = `one-slow-method-${settings === CAREFUL ? 'careful' : 'defaults'}`;
      reports.push(report(name, file, await playOneSlowMethod(openStage, { ...settings, phaseMs })));
    }
    return mergeReports(reports);
  },
};

function report(name: string, file: string, result: OneSlowMethodResult): StoryReport {
  const { timeline, recording, samples, slowAtMs, quarantinedAtMs, wellAtMs, backAtMs } = result;
  const [orders, prices] = recording.streams as [
    (typeof recording.streams)[number],
    (typeof recording.streams)[number],
  ];
  const reason = result.finalStatus.events.find(({ to }) => to === 'quarantined')!.reason;
  return {
    tables: [orders, prices].map((stream) => ({
      title: `${stream.name}, ${name}`,
      text: phaseTable(timeline.summarize(stream)),
    })),
    charts: [
      {
        file,
        chart: {
          title: `One method turns slow (${name})`,
          xLabel: 's since the start',
          panels: [
            okRatePanel(timeline, [prices, orders]),
            failureRatePanel(timeline, [prices, orders]),
            p99Panel(timeline, prices),
            poolsPanel(timeline, samples),
          ],
          marks: timeline.marks,
        },
      },
    ],
    notes: [
      `${name}: orders were in quarantine ${(quarantinedAtMs - slowAtMs).toFixed(0)} ms after they turned slow ` +
        `(${reason}), and back ${(backAtMs - wellAtMs).toFixed(0)} ms after they got well.`,
    ],
  };
}
