import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { AnswerCompression } from './answer-compression.ts';

/** Declares the metrics of compression, which are read from its own counts when they are rendered. */
export function registerCompressionMetrics(registry: MetricRegistry, compression: AnswerCompression): void {
  registry.callback(
    'counter',
    {
      name: 'sluice_compression_input_bytes_total',
      help: 'Bytes of the answers that were compressed, before.',
    },
    () => compression.counts.bytesIn,
  );
  registry.callback(
    'counter',
    {
      name: 'sluice_compression_output_bytes_total',
      help: 'Bytes of the answers that were compressed, after.',
    },
    () => compression.counts.bytesOut,
  );
  registry.collect(
    'counter',
    {
      name: 'sluice_compression_answers_total',
      help: 'Answers whose client takes a coding: compressed, or sent as they are and why.',
      labels: ['outcome'],
    },
    () => outcomes(compression),
  );
}

function outcomes({ counts }: AnswerCompression) {
  return [
    { labels: { outcome: 'compressed' }, value: counts.compressed },
    { labels: { outcome: 'no_gain' }, value: counts.skippedNoGain },
    { labels: { outcome: 'too_many' }, value: counts.skippedBusy },
    { labels: { outcome: 'loop_busy' }, value: counts.skippedLoad },
    { labels: { outcome: 'failed' }, value: counts.failed },
  ];
}
