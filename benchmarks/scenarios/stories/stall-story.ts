import { poolsPanel, statusSeries } from '../report/status-series.ts';
import { failureRatePanel, okRatePanel, p99Panel } from '../report/stream-panels.ts';
import { phaseTable } from '../report/timeline.ts';
import { playStall, type StallResult, type StallSettings } from './stall.ts';
import { mergeReports, type Story, type StoryReport } from './story.ts';

const MEBIBYTE = 1024 ** 2;

/** Calls that wait for a stalled provider are no sign of a slow method when they may take 8 s; 5 s and more would be. */
const PREPARED: StallSettings = {
  sections: {
    timeoutMs: 8_000,
    bulkhead: { normal: { maxWaitMs: 3_000 }, quarantine: { slowCallMs: 5_000 } },
  },
  perSecond: 500,
  wellMs: 20,
  stallMs: 3_000,
  phaseMs: 4_000,
  settleMs: 1_000,
  maxConnections: 8_000,
};

/** Only the time-out is raised: calls that last 2 s send their methods into quarantine in the middle of the stall. */
const TIMEOUT_ONLY: StallSettings = { ...PREPARED, sections: { timeoutMs: 8_000 } };

export const stallStory: Story = {
  name: 'stall',
  summary: 'all providers stand still for 3 s under load; nothing is refused or lost, and memory stays bounded',
  tell: async (openStage, isQuick) => {
    const phaseMs = isQuick ? 2_000 : PREPARED.phaseMs;
    return mergeReports([
      report('slowCallMs above the stall', 'prepared', await playStall(openStage, { ...PREPARED, phaseMs })),
      report('slowCallMs at its default', 'timeout-only', await playStall(openStage, { ...TIMEOUT_ONLY, phaseMs })),
    ]);
  },
};

function report(name: string, file: string, result: StallResult): StoryReport {
  const { timeline, recording, samples, mostInGateway, residentBytesBefore, residentBytesMost } = result;
  const grownMebibytes = (residentBytesMost - residentBytesBefore) / MEBIBYTE;
  return {
    tables: recording.streams.map((stream) => ({
      title: `${stream.name}, ${name}`,
      text: phaseTable(timeline.summarize(stream)),
    })),
    charts: [
      {
        file: `stall-${file}`,
        chart: {
          title: `All providers stand still for 3 s (${name})`,
          xLabel: 's since the start',
          panels: [
            okRatePanel(timeline, recording.streams),
            failureRatePanel(timeline, recording.streams),
            p99Panel(timeline, recording.streams[0]!),
            {
              title: 'requests in the gateway',
              unit: 'requests',
              series: [
                statusSeries(timeline, samples, 'in flight', ({ status }) => status.admission.inFlight),
                statusSeries(timeline, samples, 'waiting', ({ status }) => status.admission.waiting),
              ],
            },
            poolsPanel(timeline, samples),
            {
              title: "memory of the gateway's process",
              unit: 'MiB',
              series: [statusSeries(timeline, samples, 'resident', ({ usage }) => usage.residentBytes / MEBIBYTE)],
            },
          ],
          marks: timeline.marks,
        },
      },
    ],
    notes: [
      `${name}: at most ${mostInGateway} requests in the gateway at a time; its memory grew by ` +
        `${grownMebibytes.toFixed(0)} MiB, from ${(residentBytesBefore / MEBIBYTE).toFixed(0)} MiB.`,
    ],
  };
}
