import type { GatewayStatus } from '../stage/gateway-status.ts';
import type { StatusSample } from '../stage/status-watch.ts';
import type { Panel, Series } from './chart.ts';
import type { Timeline } from './timeline.ts';

/** A line with a point for each status since the story began. */
export function statusSeries(
  timeline: Timeline,
  samples: readonly StatusSample[],
  name: string,
  measure: (sample: StatusSample) => number,
): Series {
  const shown = samples.filter(({ atMs }) => atMs >= timeline.startMs);
  return { name, points: shown.map((sample) => [timeline.secondsAt(sample.atMs), measure(sample)]) };
}

/** Calls in flight, pool by pool. */
export function poolsPanel(timeline: Timeline, samples: readonly StatusSample[]): Panel {
  const line = (pool: keyof GatewayStatus['pools']): Series =>
    statusSeries(timeline, samples, pool, ({ status }) => status.pools[pool].active);
  return { title: 'slots in use', unit: 'calls', series: [line('normal'), line('slow'), line('heartbeat')] };
}
