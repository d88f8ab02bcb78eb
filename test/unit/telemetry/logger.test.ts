import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogSink } from '../../../src/telemetry/log-sink.ts';
import { createLogger, type LogLevel } from '../../../src/telemetry/logger.ts';

function record(level: LogLevel) {
  const lines: string[] = [];
  const sink: LogSink = { write: (line) => void lines.push(line), flushSync: () => {}, close: async () => {} };
  return { lines, logger: createLogger({ level, sink, wallMs: () => 0 }) };
}

describe('createLogger()', () => {
  it('writes level, time, fields and message as one JSON line', () => {
    const { lines, logger } = record('debug');
    logger.debug('one');
    logger.info('two', { port: 8080 });
    logger.warn('three');
    logger.error('four', { err: new RangeError('too far') });
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)).map(({ level, time, msg }) => [level, time, msg]),
      ['debug', 'info', 'warn', 'error'].map((level, index) => [
        level,
        '1970-01-01T00:00:00.000Z',
        ['one', 'two', 'three', 'four'][index],
      ]),
    );
    assert.equal(JSON.parse(lines[1]!).port, 8080);
    assert.equal(JSON.parse(lines[3]!).err.message, 'too far');
    assert.match(JSON.parse(lines[3]!).err.stack, /logger\.test/);
  });

  it('leaves out what is below its level, which can change', () => {
    const { lines, logger } = record('warn');
    logger.info('hidden');
    assert.equal(logger.infoEnabled, false);
    logger.setLevel('info');
    assert.equal(logger.infoEnabled, true);
    logger.info('shown');
    logger.setLevel('silent');
    logger.error('hidden');
    assert.equal(lines.length, 1);
  });

  it('escapes characters that change what a reader shows', () => {
    const { lines, logger } = record('info');
    logger.warn('bad\n\u202e\u009b31m', { text: '\u2028' });
    assert.equal(lines.length, 1);
    assert.ok(lines[0]!.includes('bad\\n\\u202e\\u009b31m'));
    assert.ok(lines[0]!.includes('\\u2028'));
  });
});
