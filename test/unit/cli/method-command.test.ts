import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCli } from '../../../src/cli/cli.ts';
import { CapturedTerminal, type Surroundings } from '../../support/captured-terminal.ts';
import { answerJson, answerProblem, startFakeAdmin } from './fake-admin.ts';
import { quarantinedSample, SAMPLE_MS, USER_KEY } from './status-samples.ts';

async function sluice(words: readonly string[], surroundings: Surroundings = { isTerminal: true }) {
  const terminal = new CapturedTerminal(surroundings);
  const code = await runCli(['method', ...words], terminal);
  return { code, out: terminal.output, error: terminal.errors };
}

describe('sluice method', () => {
  it('changes the state, and prints the one that the answer shows', async (context) => {
    const changed = quarantinedSample(USER_KEY, { reason: 'moved', by: 'operator' });
    const admin = await startFakeAdmin(context, (response) => answerJson(response, changed, SAMPLE_MS));
    for (const action of ['quarantine', 'release', 'pin', 'unpin']) {
      const { code, out, error } = await sluice([action, USER_KEY, '--url', admin.url]);
      assert.deepEqual([code, error], [0, '']);
      assert.ok(
        out.startsWith(`method   ${USER_KEY}\nstate    quarantined for 12 s\nreason   moved (by operator)\n`),
        out,
      );
      const { method, path, body } = admin.requests.at(-1)!;
      assert.deepEqual(
        [method, path, body],
        ['POST', `/admin/v1/methods/${encodeURIComponent(USER_KEY)}/${action}`, '{}'],
      );
    }
  });

  it('says why, and asks with its token', async (context) => {
    const admin = await startFakeAdmin(context, (response) => answerJson(response, quarantinedSample(USER_KEY)));
    const environment = { SLUICE_ADMIN_TOKEN: 'a-secret-of-the-operator' };
    await sluice(['pin', USER_KEY, '--reason', 'database is moved', '-u', admin.url], { environment });
    assert.equal(admin.requests[0]?.body, '{"reason":"database is moved"}');
    assert.equal(admin.requests[0]?.headers.authorization, 'Bearer a-secret-of-the-operator');
  });

  it('is one line of JSON in a pipe', async (context) => {
    const changed = quarantinedSample(USER_KEY);
    const admin = await startFakeAdmin(context, (response) => answerJson(response, changed));
    const { out } = await sluice(['release', USER_KEY, '--url', admin.url], {});
    assert.equal(out, `${JSON.stringify(changed)}\n`);
  });

  it('shows the nearest keys of an unknown one: exit code 1', async (context) => {
    const admin = await startFakeAdmin(context, (response) =>
      answerProblem(response, 404, { code: 'X', detail: 'No such method.', nearest: [USER_KEY] }),
    );
    assert.deepEqual(await sluice(['pin', 'a#b()', '--url', admin.url]), {
      code: 1,
      out: '',
      error: `No such method; did you mean\n  ${USER_KEY}\n`,
    });
  });

  it('says in one sentence what went wrong: exit code 1', async (context) => {
    const admin = await startFakeAdmin(context, (response) => answerJson(response, { key: 'a#b()' }));
    const strange = await sluice(['pin', 'a#b()', '--url', admin.url]);
    assert.deepEqual([strange.code, strange.out], [1, '']);
    assert.match(strange.error, /is not the admin API of Sluice: state: /);
    await admin.stop();
    const gone = await sluice(['pin', 'a#b()', '--url', admin.url]);
    assert.deepEqual([gone.code, gone.error], [1, `cannot reach ${admin.url}: connection refused\n`]);
  });

  it('says what is wrong with its words: exit code 2', async () => {
    const expectations: readonly (readonly [words: string[], error: RegExp])[] = [
      [[], /method takes quarantine, release, pin, unpin and a key/],
      [['realease', 'a#b()'], /not "realease"; did you mean "release"\?/],
      [['drop', 'a#b()'], /method takes quarantine, release, pin, unpin, not "drop"\n/],
      [['pin'], /pin which method\? "sluice status --all" lists the keys/],
      [['pin', ''], /pin which method\?/],
      [['pin', 'a#b(int,', 'long)'], /method takes one key; put it in quotes/],
      [['pin', 'a#b()', '--format', 'xml'], /--format takes text or json, not "xml"/],
    ];
    for (const [words, error] of expectations) {
      const run = await sluice(words);
      assert.deepEqual([run.code, run.out], [2, ''], words.join(' '));
      assert.match(run.error, error);
    }
  });
});
