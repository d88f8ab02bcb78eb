import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fastjson2Text } from '../../../mock-providers/fastjson2-text.ts';
import { OutputSlab } from '../../../mock-providers/output-slab.ts';
import { BadFrame, encodeFrame, FrameReader, idBytes } from '../../../mock-providers/wire.ts';

function collect(maxBodyBytes = 1000): { reader: FrameReader; frames: Buffer[] } {
  const frames: Buffer[] = [];
  return { reader: new FrameReader(maxBodyBytes, (frame) => frames.push(Buffer.from(frame))), frames };
}

describe('FrameReader', () => {
  const one = encodeFrame(0xc2, 0, idBytes(-1n), Buffer.from('first body'));
  const two = encodeFrame(0xe2, 0, idBytes(2n), Buffer.from('N'));
  const stream = Buffer.concat([one, two, one]);

  it('finds the same frames wherever the stream is cut', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const { reader, frames } = collect();
      reader.push(stream.subarray(0, cut));
      reader.push(stream.subarray(cut));
      assert.deepEqual(frames, [one, two, one], `cut at ${cut}`);
    }
  });

  it('finds frames that come byte by byte', () => {
    const { reader, frames } = collect();
    for (const byte of stream) reader.push(Buffer.from([byte]));
    assert.deepEqual(frames, [one, two, one]);
  });

  it('refuses a wrong magic, a negative length and one over the limit', () => {
    const negative = Buffer.from(one);
    negative.writeInt32BE(-1, 12);
    const huge = Buffer.from(one);
    huge.writeInt32BE(1001, 12);
    for (const bytes of [Buffer.alloc(16, 0x47), negative, huge]) {
      assert.throws(() => collect().reader.push(bytes), BadFrame);
    }
  });
});

describe('encodeFrame', () => {
  it('writes magic, flags, status, id and length', () => {
    const frame = encodeFrame(0x02, 20, idBytes(0x0102030405060708n), Buffer.from('body'));
    assert.equal(frame.toString('hex'), 'dabb02140102030405060708' + '00000004' + '626f6479');
  });
});

describe('fastjson2Text', () => {
  it('writes the example of a real provider', () => {
    const text = 'Fail to decode request due to: RpcInvocation [methodName=$invoke, parameterTypes=null]';
    const bytes = fastjson2Text(text);
    assert.equal(bytes.subarray(0, 7).toString('hex'), '00000059793856');
    assert.equal(bytes.subarray(7).toString(), text);
  });

  it('chooses tag and length form by content and size', () => {
    const head = (text: string): string => fastjson2Text(text).subarray(4, 9).toString('hex');
    assert.match(head(''), /^49/);
    assert.match(head('a'.repeat(47)), /^78/);
    assert.match(head('a'.repeat(48)), /^793830/);
    assert.match(head('a'.repeat(2048)), /^79440800/);
    assert.match(head('a'.repeat(262_144)), /^7948000400/);
    assert.match(head('é'), /^7a02c3a9/);
  });
});

describe('OutputSlab', () => {
  it('never writes again into bytes that were taken', () => {
    const slab = new OutputSlab();
    const taken: Buffer[] = [];
    const expected: Buffer[] = [];
    for (let round = 0; round < 50; round++) {
      const bytes = Buffer.alloc(5000, round);
      slab.append(bytes.subarray(0, 2500));
      slab.append(bytes.subarray(2500));
      taken.push(slab.take());
      expected.push(bytes);
    }
    assert.deepEqual(taken, expected);
    assert.equal(slab.isEmpty, true);
  });

  it('takes frames larger than itself', () => {
    const slab = new OutputSlab();
    const body = Buffer.alloc(300_000, 1);
    slab.append(Buffer.from('x'));
    slab.appendFrame(0x02, 20, idBytes(1n), body);
    assert.deepEqual(slab.take(), Buffer.concat([Buffer.from('x'), encodeFrame(0x02, 20, idBytes(1n), body)]));
  });
});
