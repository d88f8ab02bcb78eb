import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameError } from '../../../src/dubbo/frame-error.ts';
import { writeFrameHeader } from '../../../src/dubbo/frame-header.ts';
import { type FrameSink, FrameSplitter } from '../../../src/dubbo/frame-splitter.ts';
import type { FrameView } from '../../../src/dubbo/frame-view.ts';

/** Notes what a splitter finds, as text that can be compared. */
class Recorder implements FrameSink {
  readonly found: string[] = [];
  readonly buffers: Buffer[] = [];

  onFrame(frame: FrameView): void {
    this.found.push(`${headerText(frame)} ${frame.buffer.toString('hex', frame.start, frame.end)}`);
    this.buffers.push(frame.buffer);
  }

  onOversized(header: FrameView, bodyBytes: number): void {
    this.found.push(`${headerText(header)} too large: ${bodyBytes}`);
    assert.equal(header.start, header.end);
  }
}

function headerText(frame: FrameView): string {
  const kind = `${frame.isRequest ? 'request' : 'response'}${frame.isTwoWay ? ' two-way' : ''}${frame.isEvent ? ' event' : ''}`;
  return `${kind} ${frame.serialization} ${frame.status} ${frame.idHigh}:${frame.idLow}`;
}

function frame(flags: number, status: number, idHigh: number, idLow: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(16);
  writeFrameHeader(header, 0, flags, status, idHigh, idLow, body.length);
  return Buffer.concat([header, body]);
}

/** Each chunk is overwritten afterwards: a splitter must not rely on it. */
function split(chunks: readonly Buffer[], maxBodyBytes: number): string[] {
  const recorder = new Recorder();
  const splitter = new FrameSplitter(maxBodyBytes);
  for (const chunk of chunks) {
    const own = Buffer.from(chunk);
    splitter.push(own, recorder);
    own.fill(0xee);
  }
  return recorder.found;
}

test('hands over a frame that lies whole in a chunk without copying it', () => {
  const chunk = Buffer.concat([frame(0x02, 20, 0, 7, Buffer.from('ab')), frame(0xe2, 0, -1, -2, Buffer.from('N'))]);
  const recorder = new Recorder();
  new FrameSplitter(1_000).push(chunk, recorder);
  assert.deepEqual(recorder.found, ['response 2 20 0:7 6162', 'request two-way event 2 0 -1:-2 4e']);
  assert.equal(recorder.buffers[0], chunk);
  assert.equal(recorder.buffers[1], chunk);
});

test('reads only as much of the chunk as it is told', () => {
  const whole = frame(0x02, 20, 0, 7, Buffer.from('ab'));
  const recorder = new Recorder();
  const splitter = new FrameSplitter(1_000);
  splitter.push(Buffer.concat([whole, Buffer.from('garbage')]), recorder, whole.length);
  assert.equal(recorder.found.length, 1);
});

test('takes frames without a body', () => {
  const stream = Buffer.concat([frame(0x02, 20, 0, 1, Buffer.alloc(0)), frame(0x02, 20, 0, 2, Buffer.alloc(0))]);
  for (let cut = 0; cut <= stream.length; cut++) {
    const found = split([stream.subarray(0, cut), stream.subarray(cut)], 10);
    assert.deepEqual(found, ['response 2 20 0:1 ', 'response 2 20 0:2 ']);
  }
});

test('finds the same frames wherever the stream is cut', () => {
  const arbitraryFrame = fc
    .tuple(fc.nat(255), fc.nat(255), fc.integer(), fc.integer(), fc.uint8Array({ maxLength: 60 }))
    .map(([flags, status, idHigh, idLow, body]) => frame(flags, status, idHigh, idLow, body));
  fc.assert(
    fc.property(
      fc.array(arbitraryFrame, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(400), { maxLength: 20 }),
      (frames, cuts) => {
        const stream = Buffer.concat(frames);
        const whole = split([stream], 40);
        assert.equal(whole.length, frames.length);
        const chunks: Buffer[] = [];
        let from = 0;
        for (const cut of [...cuts.filter((position) => position < stream.length), stream.length].sort(
          (a, b) => a - b,
        )) {
          chunks.push(stream.subarray(from, cut));
          from = cut;
        }
        assert.deepEqual(split(chunks, 40), whole);
      },
    ),
    { numRuns: 500 },
  );
});

test('finds the same frames byte by byte', () => {
  const frames = [frame(0x02, 20, 0, 1, Buffer.alloc(30, 1)), frame(0x17, 70, 5, 6, Buffer.alloc(80, 2))];
  const stream = Buffer.concat([...frames, ...frames]);
  const bytes = Array.from(stream, (_, at) => stream.subarray(at, at + 1));
  assert.deepEqual(split(bytes, 50), split([stream], 50));
});

test('skips exactly the body of a frame that is too large', () => {
  const stream = Buffer.concat([
    frame(0x02, 20, 0, 1, Buffer.alloc(11, 0xda)),
    frame(0x02, 20, 0, 2, Buffer.alloc(10, 1)),
    frame(0x02, 20, 0, 3, Buffer.alloc(5_000, 0xbb)),
    frame(0x02, 20, 0, 4, Buffer.alloc(0)),
  ]);
  const expected = [
    'response 2 20 0:1 too large: 11',
    'response 2 20 0:2 01010101010101010101',
    'response 2 20 0:3 too large: 5000',
    'response 2 20 0:4 ',
  ];
  for (let cut = 0; cut <= stream.length; cut += 7) {
    assert.deepEqual(split([stream.subarray(0, cut), stream.subarray(cut)], 10), expected);
  }
});

test('takes large frames in many chunks, one after the other', () => {
  const bodies = [300_000, 1_000, 70_000, 300_001, 5].map((size, index) => Buffer.alloc(size, index + 1));
  const stream = Buffer.concat(bodies.map((body, index) => frame(0x02, 20, 0, index, body)));
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length; at += 65_536) chunks.push(stream.subarray(at, at + 65_536));
  assert.deepEqual(
    split(chunks, 1_000_000),
    bodies.map((body, index) => `response 2 20 0:${index} ${body.toString('hex')}`),
  );
});

test('refuses bytes that are no frame as soon as they show', () => {
  const good = frame(0x02, 20, 0, 1, Buffer.from('ab'));
  for (const garbage of ['G', 'HTTP/1.1 400 Bad Request\r\n\r\n', '\xda\xba', '\xda\xbc_____________________']) {
    const splitter = new FrameSplitter(100);
    const recorder = new Recorder();
    const chunk = Buffer.concat([good, Buffer.from(garbage, 'latin1')]);
    assert.throws(
      () => splitter.push(chunk, recorder),
      (error) => error instanceof FrameError && error.reason === 'bad-magic',
    );
    splitter.push(good, recorder);
    assert.equal(recorder.found.length, 1, 'the frame before it is handed over, nothing after it');
  }
});

test('refuses a negative length', () => {
  const header = Buffer.alloc(16);
  writeFrameHeader(header, 0, 0x02, 20, 0, 1, -1);
  for (let cut = 0; cut < 16; cut++) {
    const splitter = new FrameSplitter(100);
    assert.throws(
      () => {
        splitter.push(header.subarray(0, cut), new Recorder());
        splitter.push(header.subarray(cut), new Recorder());
      },
      (error) => error instanceof FrameError && error.reason === 'negative-length',
    );
  }
});

test('skips a frame of 2^31 - 1 bytes without keeping it', () => {
  const header = Buffer.alloc(16);
  writeFrameHeader(header, 0, 0x02, 20, 0, 1, 0x7fff_ffff);
  assert.deepEqual(split([header, Buffer.alloc(100_000)], 8 * 1024 ** 2), ['response 2 20 0:1 too large: 2147483647']);
});

test('stops at once when the sink closes it', () => {
  const stream = Buffer.concat([1, 2, 3].map((id) => frame(0x02, 20, 0, id, Buffer.from('ab'))));
  const splitter = new FrameSplitter(100);
  let count = 0;
  const sink: FrameSink = {
    onFrame: () => {
      count++;
      splitter.close();
    },
    onOversized: () => assert.fail('no frame is too large'),
  };
  splitter.push(stream, sink);
  splitter.push(stream, sink);
  assert.equal(count, 1);
});

test('throws nothing but the typed error, whatever comes', () => {
  const start = fc.constantFrom(Buffer.from('dabb', 'hex'), Buffer.from('da', 'hex'), Buffer.alloc(0));
  const chunk = fc.tuple(start, fc.uint8Array({ maxLength: 40 })).map(([magic, rest]) => Buffer.concat([magic, rest]));
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 8 }), (chunks) => {
      try {
        split(chunks, 20);
      } catch (error) {
        assert.ok(error instanceof FrameError, String(error));
      }
    }),
    { numRuns: 3_000 },
  );
});

const RECORDED = new URL('../../fixtures/dubbo-frames/', import.meta.url);
interface Recording {
  readonly peer: string;
  readonly frames: readonly { readonly name: string; readonly request: string; readonly response: string | null }[];
}

for (const file of readdirSync(RECORDED).filter((name) => name.startsWith('dubbo-'))) {
  const { peer, frames } = JSON.parse(readFileSync(new URL(file, RECORDED), 'utf8')) as Recording;

  test(`finds every frame of ${peer} whole and cut at every place`, () => {
    let checked = 0;
    for (const { request, response } of frames) {
      for (const hex of [request, response]) {
        // Some calls get no answer: those that a provider cannot read.
        if (hex === null) continue;
        const bytes = Buffer.from(hex, 'hex');
        const whole = new Recorder();
        new FrameSplitter(8 * 1024 ** 2).push(bytes, whole);
        assert.equal(whole.found.length, 1);
        assert.ok(whole.found[0]!.endsWith(` ${bytes.toString('hex', 16)}`));
        for (let cut = 1; cut < bytes.length; cut++) {
          const parts = new CountingSink(bytes);
          const splitter = new FrameSplitter(8 * 1024 ** 2);
          splitter.push(bytes.subarray(0, cut), parts);
          splitter.push(bytes.subarray(cut), parts);
          assert.equal(parts.count, 1, `cut at ${cut}`);
        }
        checked++;
      }
    }
    assert.ok(checked >= frames.length);
  });
}

/** Compares bytes instead of texts: there are a million cuts. */
class CountingSink implements FrameSink {
  count = 0;
  readonly #expected: Buffer;

  constructor(expected: Buffer) {
    this.#expected = expected;
  }

  onFrame(frame: FrameView): void {
    this.count++;
    const { buffer, start, end } = frame;
    assert.equal(buffer.compare(this.#expected, 16, this.#expected.length, start, end), 0);
    assert.equal(frame.flags, this.#expected[2]);
    assert.equal(frame.status, this.#expected[3]);
    assert.equal(frame.idLow, this.#expected.readInt32BE(8));
  }

  onOversized(): void {
    assert.fail('no recorded frame is too large');
  }
}
