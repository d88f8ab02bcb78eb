import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toJson } from '../../support/transcoding.ts';

const OFFSET = map(['id', text('+02:00')], ['class', text('java.time.ZoneOffset')]);
const HALF_PAST_NINE: readonly (readonly [string, Buffer])[] = [
  ['hour', int(9)],
  ['minute', int(30)],
];

describe('a JDK value that shares a part with an earlier one', () => {
  it('is put together from that part', () => {
    const body = list(OFFSET, offsetTime(reference(1)));
    assert.equal(toJson(body), '["+02:00","09:30+02:00"]');
  });

  it('leaves the part readable for what comes later', () => {
    const body = list(OFFSET, offsetTime(reference(1)), reference(1), offsetTime(reference(1)));
    assert.equal(toJson(body), '["+02:00","09:30+02:00","+02:00","09:30+02:00"]');
  });

  it('finds a part inside another JDK value', () => {
    const body = list(offsetTime(OFFSET), offsetTime(reference(2)));
    assert.equal(toJson(body), '["09:30+02:00","09:30+02:00"]');
  });

  it('is written as it came where the part is no offset', () => {
    const body = list(map(['x', int(1)]), offsetTime(reference(1)));
    assert.equal(toJson(body), '[{"x":1},{"hour":9,"minute":30,"offset":{"x":1}}]');
  });

  it('does not follow a reference to what holds it', () => {
    const body = list(offsetTime(reference(0)));
    assert.equal(toJson(body), '[{"hour":9,"minute":30,"offset":null}]');
  });
});

function offsetTime(offset: Buffer): Buffer {
  return map(...HALF_PAST_NINE, ['offset', offset], ['class', text('java.time.OffsetTime')]);
}

function map(...entries: readonly (readonly [string, Buffer])[]): Buffer {
  return Buffer.concat([Buffer.from('H'), ...entries.flatMap(([key, value]) => [text(key), value]), Buffer.from('Z')]);
}

function list(...items: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(0x78 + items.length), ...items]);
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);
}

function int(value: number): Buffer {
  return Buffer.of(0x90 + value);
}

function reference(index: number): Buffer {
  return Buffer.concat([Buffer.from('Q'), int(index)]);
}
