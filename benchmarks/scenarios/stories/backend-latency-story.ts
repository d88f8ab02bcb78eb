import { OK } from '../../load/load-recording.ts';
import { textTable } from '../../text-table.ts';
import { numberText, type Series } from '../report/chart.ts';
import { type BackendLatencyPoint, type BackendLatencySettings, measureBackendLatencies } from './backend-latency.ts';
import type { Story } from './story.ts';

const LATENCIES_MS = [0, 50, 200, 500];

/** What a gateway can do that needs a thread for each call in flight: 600 for healthy methods, and no more. */
const THREAD_POOLS: BackendLatencySettings['sections'] = {
  bulkhead: {
    normal: { size: 600, maxMethodShare: 1 },
    slow: { size: 600, maxMethodShare: 1 },
    heartbeat: { size: 20 },
    quarantine: 'off',
  },
};

export const backendLatencyStory: Story = {
  name: 'backend-latency',
  summary: 'throughput with backends that take 0 to 500 ms, beside a gateway with a thread for each call',
  tell: async (openStage, isQuick) => {
    const size = {
      perSecond: isQuick ? 1_000 : 1_667,
      latenciesMs: LATENCIES_MS,
      warmUpMs: 2_000,
      measuredMs: isQuick ? 3_000 : 8_000,
      maxConnections: 6_000,
    };
    const sluice = await measureBackendLatencies(openStage, { ...size, sections: {} });
    const threads = await measureBackendLatencies(openStage, { ...size, sections: THREAD_POOLS });
    const offered = size.perSecond * 3;
    return {
      tables: [
        { title: `all defaults, ${numberText(offered)} requests a second offered`, text: table(sluice) },
        { title: 'pools of 600, 600 and 20, as with a thread for each call', text: table(threads) },
      ],
      charts: [
        {
          file: 'backend-latency',
          chart: {
            title: `Throughput over backend latency, ${numberText(offered)} requests a second offered`,
            xLabel: 'ms of backend latency',
            panels: [
              { title: 'good answers', unit: '1/s', series: [line('defaults', sluice), line('600 threads', threads)] },
            ],
            marks: [],
          },
        },
      ],
      notes: [],
    };
  },
};

function table(points: readonly BackendLatencyPoint[]): string {
  const rows = points.map(({ latencyMs, totals, mostInFlight, cpuMicros }) => [
    `${latencyMs} ms`,
    numberText(totals.okPerSecond),
    `${(((totals.outcomes[OK] ?? 0) / totals.due) * 100).toFixed(1)} %`,
    numberText(totals.refused),
    numberText(mostInFlight),
    totals.okP50Ms?.toFixed(1) ?? '-',
    totals.okP99Ms?.toFixed(1) ?? '-',
    cpuMicros.toFixed(0),
  ]);
  const head = ['backend', 'good/s', 'good', 'refused', 'in flight', 'p50 ms', 'p99 ms', 'CPU us/req'];
  return textTable(head, rows);
}

function line(name: string, points: readonly BackendLatencyPoint[]): Series {
  return { name, points: points.map(({ latencyMs, totals }) => [latencyMs, totals.okPerSecond]) };
}
