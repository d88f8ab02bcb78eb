import { poolsPanel } from '../report/status-series.ts';
import { failureRatePanel, okRatePanel, p99Panel } from '../report/stream-panels.ts';
import { phaseTable } from '../report/timeline.ts';
import { METHODS } from '../stage/scenario-config.ts';
import { mergeReports, type Story, type StoryReport } from './story.ts';
import { playTwoSlowMethods, type TwoSlowMethodsResult, type TwoSlowMethodsSettings } from './two-slow-methods.ts';

/** The slow pool is small, and one method may have all of it: whoever is first leaves nothing to the other. */
function settings(heartbeatSize: number, isQuick: boolean): TwoSlowMethodsSettings {
  return {
    sections: {
      timeoutMs: 5_000,
      bulkhead: {
        normal: { size: 300 },
        slow: { size: 20, maxMethodShare: 1 },
        heartbeat: { size: heartbeatSize },
        quarantine: { slowCallMs: 300, windowMs: 500, minQuarantineMs: 2_000 },
      },
    },
    slowPerSecond: 100,
    pricesPerSecond: 300,
    wellMs: 20,
    slowMs: 3_000,
    phaseMs: isQuick ? 2_000 : 4_000,
    limitMs: 30_000,
    returnLimitMs: isQuick ? 5_000 : 10_000,
  };
}

export const twoSlowMethodsStory: Story = {
  name: 'two-slow-methods',
  summary: 'two slow methods fill the slow pool; one gets well and comes back alone, thanks to the heartbeat pool',
  tell: async (openStage, isQuick) =>
    mergeReports([
      report('with the heartbeat pool', 'with-heartbeat', await playTwoSlowMethods(openStage, settings(20, isQuick))),
      report('without it', 'without-heartbeat', await playTwoSlowMethods(openStage, settings(0, isQuick))),
    ]),
};

function report(name: string, file: string, result: TwoSlowMethodsResult): StoryReport {
  const { timeline, recording, samples, wellAtMs, backAtMs, statusInTheEnd } = result;
  const prices = recording.streams.find((stream) => stream.name === 'prices')!;
  const orders = statusInTheEnd.methods.find(({ key }) => key === METHODS.orders.key)!;
  const { slow } = statusInTheEnd.pools;
  const outcome =
    backAtMs === undefined ? 'users did not come back' : `users were back ${(backAtMs - wellAtMs).toFixed(0)} ms later`;
  return {
    tables: recording.streams.map((stream) => ({
      title: `${stream.name}, ${name}`,
      text: phaseTable(timeline.summarize(stream)),
    })),
    charts: [
      {
        file: `two-slow-methods-${file}`,
        chart: {
          title: `Two methods are slow, users get well (${name})`,
          xLabel: 's since the start',
          panels: [
            okRatePanel(timeline, recording.streams),
            failureRatePanel(timeline, recording.streams),
            p99Panel(timeline, prices),
            poolsPanel(timeline, samples),
          ],
          marks: timeline.marks,
        },
      },
    ],
    notes: [
      `${name}: users got well while ${slow.active} of ${slow.size} slow slots were taken; ${outcome}, ` +
        `orders were ${orders.state}.`,
    ],
  };
}
