import { OK, type StreamRecording } from '../../load/load-recording.ts';
import type { Panel } from './chart.ts';
import { okP99Ms, ratePerSecond, type Timeline } from './timeline.ts';

/** Good answers a second of several streams, by when their requests were due. */
export function okRatePanel(timeline: Timeline, streams: readonly StreamRecording[]): Panel {
  return {
    title: 'good answers, by when requests were due',
    unit: '1/s',
    series: streams.map((stream) =>
      timeline.series(stream.name, stream, (interval) => ratePerSecond(interval, (outcome) => outcome === OK)),
    ),
  };
}

/** Everything but good answers. */
export function failureRatePanel(timeline: Timeline, streams: readonly StreamRecording[]): Panel {
  return {
    title: 'requests that were refused or failed',
    unit: '1/s',
    series: streams.map((stream) =>
      timeline.series(stream.name, stream, (interval) => ratePerSecond(interval, (outcome) => outcome !== OK)),
    ),
  };
}

/** 99th percentile of the good answers of one stream. */
export function p99Panel(timeline: Timeline, stream: StreamRecording): Panel {
  return {
    title: `p99 of good answers of ${stream.name}`,
    unit: 'ms',
    series: [timeline.series(stream.name, stream, okP99Ms)],
  };
}
