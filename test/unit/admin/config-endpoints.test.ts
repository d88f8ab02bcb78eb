import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IfMatch } from '../../../src/admin/if-match.ts';
import { NO_CHANGES } from '../../../src/gateway/config-changes.ts';
import { statusAndCode } from '../../support/http-caller.ts';
import { API, startAdmin } from './admin-harness.ts';

const CONFIG = `${API}/config`;
const YAML = { 'content-type': 'application/yaml' };

describe('PUT config', () => {
  it('needs to be told what it replaces', async (context) => {
    let calls = 0;
    const replaceConfig = async () => {
      calls++;
      return { changes: NO_CHANGES, generation: 1, entityTag: 'x', warnings: [] };
    };
    const admin = await startAdmin(context, { replaceConfig });
    const put = (headers: Record<string, string>) =>
      admin.problem(CONFIG, { method: 'PUT', body: '{}', headers: { ...YAML, ...headers } });
    assert.equal(statusAndCode(await put({})), '428 PRECONDITION_REQUIRED');
    assert.equal(statusAndCode(await put({ 'if-match': 'bare' })), '400 REQUEST_INVALID');
    assert.equal(calls, 0);
  });

  it('hands over text and tags, answers with the new tag, and leaves a line in the log', async (context) => {
    const asked: [string, IfMatch][] = [];
    const replaceConfig = async (text: string, ifMatch: IfMatch) => {
      asked.push([text, ifMatch]);
      return { changes: NO_CHANGES, generation: 7, entityTag: 'tag-2', warnings: [] };
    };
    const admin = await startAdmin(context, { replaceConfig });
    const { status, headers, text } = await admin.send(CONFIG, {
      method: 'PUT',
      body: 'log: { level: warn }',
      headers: { ...YAML, 'if-match': '"tag-1"' },
    });
    assert.deepEqual([status, headers.etag], [200, '"tag-2"']);
    assert.equal((JSON.parse(text) as { generation: number }).generation, 7);
    assert.deepEqual(asked, [['log: { level: warn }', ['tag-1']]]);
    const [line] = admin.log.lines.filter(({ msg }) => msg === 'operator');
    assert.deepEqual([line?.action, line?.client, line?.generation], ['replace-config', '127.0.0.1', 7]);
  });

  it('takes no form and no type of its own', async (context) => {
    const admin = await startAdmin(context);
    const headers = { 'content-type': 'text/plain', 'if-match': '*' };
    assert.equal((await admin.problem(CONFIG, { method: 'PUT', body: '{}', headers })).code, 'REQUEST_MEDIA_TYPE');
  });
});

describe('GET config', () => {
  it('has the tag that a change has to name', async (context) => {
    const admin = await startAdmin(context);
    const { headers } = await admin.send(CONFIG);
    assert.equal(headers.etag, '"tag-1"');
  });
});
