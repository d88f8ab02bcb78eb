import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerCompression } from '../../../src/http/answer-compression.ts';
import type { Answer } from '../../../src/http/answer-writer.ts';
import { registerCompressionMetrics } from '../../../src/http/compression-metrics.ts';
import { type BodyCodec, zlibCodec } from '../../../src/http/zlib-codec.ts';
import { MetricRegistry } from '../../../src/telemetry/metrics/metric-registry.ts';
import { renderedLines } from '../telemetry/metrics/rendered-text.ts';

const CONFIG = { enabled: true, minBytes: 1_024, maxLoopUtilization: 0.9 };

describe('the metrics of compression', () => {
  it('say what happened to answers whose client takes a coding, and the bytes before and after', async () => {
    let nowMs = 0;
    const loop = { idle: 0, active: 0 };
    const codec: BodyCodec = { ...zlibCodec, compressNow: zlibCodec.compressNow };
    const clock = { nowMs: () => nowMs, wallMs: () => nowMs };
    const compression = new AnswerCompression(codec, () => ({ ...loop }), clock);
    const registry = new MetricRegistry();
    registerCompressionMetrics(registry, compression);

    const answer = (body: string): Answer => {
      const headers = ['Content-Type', 'application/json'];
      return { status: 200, headers, body, bodyBytes: Buffer.byteLength(body) };
    };
    let sentBytes = 0;
    const serve = (body: string, acceptEncoding: string | undefined): void => {
      const plain = answer(body);
      const coding = compression.codingFor(plain, acceptEncoding, CONFIG);
      if (coding === undefined) return;
      compression.compress(plain, coding, (sent) => {
        sentBytes += sent.bodyBytes!;
      });
    };
    serve('x'.repeat(2_000), 'gzip');
    serve('é'.repeat(1_000), 'br');
    const compressedBytes = sentBytes;
    serve('x'.repeat(2_000), undefined);
    serve('x'.repeat(2_000), 'gzip;q=0');
    serve('x'.repeat(1_023), 'gzip');
    codec.compressNow = () => {
      throw new RangeError('no memory');
    };
    serve('x'.repeat(2_000), 'gzip');
    codec.compressNow = (body) => body;
    serve('x'.repeat(2_000), 'gzip');
    codec.compress = () => {};
    serve('x'.repeat(5_000_000), 'gzip');
    serve('x'.repeat(20_000), 'gzip');
    nowMs = 500;
    loop.active = 500;
    serve('x'.repeat(2_000), 'gzip');

    assert.deepEqual(await renderedLines(registry, 'sluice_compression_answers_total'), [
      '# HELP sluice_compression_answers_total Answers whose client takes a coding: compressed, or sent as they are and why.',
      '# TYPE sluice_compression_answers_total counter',
      'sluice_compression_answers_total{outcome="compressed"} 2',
      'sluice_compression_answers_total{outcome="no_gain"} 1',
      'sluice_compression_answers_total{outcome="too_many"} 1',
      'sluice_compression_answers_total{outcome="loop_busy"} 1',
      'sluice_compression_answers_total{outcome="failed"} 1',
    ]);
    const input = await renderedLines(registry, 'sluice_compression_input_bytes_total');
    assert.equal(input.at(-1), 'sluice_compression_input_bytes_total 4000');
    const output = await renderedLines(registry, 'sluice_compression_output_bytes_total');
    assert.equal(output.at(-1), `sluice_compression_output_bytes_total ${compressedBytes}`);
  });
});
