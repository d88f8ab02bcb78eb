import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteWriter } from '../../../src/bytes/byte-writer.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import { HessianMap, readTree } from '../../../src/hessian/hessian-tree.ts';
import { HessianWriter } from '../../../src/hessian/hessian-writer.ts';
import { decodeMetadataAnswer, encodeMetadataCall, fetchMetadata } from '../../../src/rpc/metadata-call.ts';
import { RpcClient } from '../../../src/rpc/rpc-client.ts';

const REVISION = '0442706b';

/** The body of an answer as Dubbo 3.3.6 writes it: typed maps, class definitions, null for no version and group. */
function answer(write: (writer: HessianWriter) => void) {
  const writer = new HessianWriter(new ByteWriter(512));
  write(writer);
  const buffer = writer.out.take();
  return { status: 20, serialization: 2, buffer, start: 0, end: buffer.length };
}

function writeMetadata(writer: HessianWriter): void {
  const serviceFields = ['params', 'path', 'port', 'protocol', 'version', 'group', 'name'];
  const service = (version: string | null, group: string | null): void => {
    writer.objectStart('org.apache.dubbo.metadata.MetadataInfo$ServiceInfo', serviceFields);
    writer.untypedMapStart();
    writer.string('weight');
    writer.string('50');
    writer.mapEnd();
    writer.string('demo.DemoService');
    writer.int(20842);
    writer.string('dubbo');
    for (const text of [version, group]) text === null ? writer.nullValue() : writer.string(text);
    writer.string('demo.DemoService');
  };
  writer.int(4);
  writer.objectStart('org.apache.dubbo.metadata.MetadataInfo', ['services', 'revision', 'app']);
  writer.typedMapStart('java.util.concurrent.ConcurrentHashMap');
  writer.string('g1/demo.DemoService:1.0.0:dubbo');
  service('1.0.0', 'g1');
  writer.string('demo.DemoService:dubbo');
  service(null, null);
  writer.mapEnd();
  writer.string(REVISION);
  writer.string('demo');
  writer.untypedMapStart();
  writer.mapEnd();
}

function writeText(writer: HessianWriter): void {
  writer.int(1);
  writer.string('no metadata');
}

describe('the call for metadata', () => {
  it('is a plain call with the application as its group', () => {
    const frame = encodeMetadataCall('demo', REVISION, 3_000);
    assert.equal(frame.readUInt16BE(0), 0xdabb);
    assert.equal(frame.readUInt8(2), 0xc2);
    assert.equal(frame.readInt32BE(12), frame.length - 16);
    const reader = new HessianReader();
    reader.reset(frame, 16, frame.length);
    const fields = Array.from({ length: 6 }, () => readTree(reader));
    const service = 'org.apache.dubbo.metadata.MetadataService';
    assert.deepEqual(fields, ['2.0.2', service, '1.0.0', 'getMetadataInfo', 'Ljava/lang/String;', REVISION]);
    const attachments = readTree(reader);
    assert.ok(attachments instanceof HessianMap);
    assert.deepEqual(Object.fromEntries(attachments.entries as [string, string][]), {
      path: service,
      interface: service,
      version: '1.0.0',
      group: 'demo',
      timeout: '3000',
    });
  });

  it('is answered with the services of the application', () => {
    const metadata = decodeMetadataAnswer(answer(writeMetadata));
    const common = { interfaceName: 'demo.DemoService', protocol: 'dubbo', port: 20842, parameters: { weight: '50' } };
    assert.deepEqual(metadata, {
      application: 'demo',
      revision: REVISION,
      services: [
        { ...common, version: '1.0.0', group: 'g1' },
        { ...common, version: '', group: '' },
      ],
    });
  });

  it('fails with words where something else comes', () => {
    const cases: [ReturnType<typeof answer>, RegExp][] = [
      [{ ...answer(() => {}), status: 70 }, /refused the call \(status 70\)/],
      [{ ...answer(() => {}), serialization: 23 }, /serialization id 23/],
      [answer((writer) => writer.int(5)), /threw an exception or gave null/],
      [answer(writeText), /no MetadataInfo/],
    ];
    for (const [frame, message] of cases) assert.throws(() => decodeMetadataAnswer(frame), message);
    assert.throws(() => decodeMetadataAnswer({ ...answer(writeMetadata), end: 40 }), { name: 'HessianError' });
  });

  it('is rejected without an address where nobody answers, and leaves no channel behind', async () => {
    const client = new RpcClient({ connectTimeoutMs: 200, heartbeatMs: 10_000, maxFrameBytes: 1_024 * 1_024 });
    const address = { host: '127.0.0.1', port: 1, key: '127.0.0.1:1' };
    await assert.rejects(fetchMetadata(client, address, 'demo', REVISION, 500), (error: Error) => {
      assert.match(error.message, /^there is no answer \(connect-failed\)$/);
      return true;
    });
    assert.equal(client.pendingCalls, 0);
    client.close();
  });
});
