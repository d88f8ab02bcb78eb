import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { runCli } from '../../../src/cli/cli.ts';
import { CapturedTerminal, type Surroundings } from '../../support/captured-terminal.ts';
import { until } from '../../support/until.ts';
import { answerJson, answerProblem, type FakeAdmin, startFakeAdmin } from './fake-admin.ts';
import {
  generationsSample,
  methodSample,
  poolSample,
  poolsSample,
  quarantinedSample,
  SAMPLE_MS,
  statusSample,
  USER_KEY,
} from './status-samples.ts';

const TERMINAL: Surroundings = { isTerminal: true, color: false, columns: 100, rows: 40 };
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const HOME = '\u001b[H';

const answerSample: FakeAdmin['answer'] = (response) => answerJson(response, statusSample(), SAMPLE_MS);

interface Run {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function sluice(words: readonly string[], surroundings?: Surroundings): Promise<Run> {
  const terminal = new CapturedTerminal(surroundings);
  const code = await runCli(words, terminal);
  return { code, out: terminal.output, error: terminal.errors };
}

/** `sluice status --watch` that runs. */
function watch(admin: FakeAdmin, surroundings: Surroundings, ...words: string[]) {
  const terminal = new CapturedTerminal(surroundings);
  const ended = runCli(['status', '--url', admin.url, '--watch', '--interval-ms', '100', ...words], terminal);
  return { terminal, ended };
}

describe('sluice status', () => {
  it('shows the state on a terminal', async (context) => {
    const admin = await startFakeAdmin(context, answerSample);
    const { code, out, error } = await sluice(['status', '--url', admin.url], TERMINAL);
    assert.deepEqual([code, error], [0, '']);
    assert.ok(out.startsWith(`${admin.url}  2026-01-31 10:00:12Z\n\nPOOL `));
    assert.match(out, /\nslow +1000\/1000 /);
    assert.ok(out.includes(`\n${USER_KEY}  10 timeouts in 10 s\n`));
    assert.match(out, /\n1 healthy, not shown\n/);
    assert.ok(!out.includes('\u001b') && out.endsWith('\n'));
    assert.equal(admin.requests[0]?.path, '/admin/v1/bulkheads?limit=100');
  });

  it('shows healthy methods as well with --all', async (context) => {
    const admin = await startFakeAdmin(context, answerSample);
    const { out } = await sluice(['status', '--url', admin.url, '--all'], TERMINAL);
    assert.ok(out.includes('com.acme.order.OrderService#place(com.acme.order.Order)'));
  });

  it('is one line of JSON in a pipe or with --format json', async (context) => {
    const admin = await startFakeAdmin(context, answerSample);
    const piped = await sluice(['status', '--url', admin.url]);
    const asked = await sluice(['status', '--url', admin.url, '--format', 'json'], TERMINAL);
    assert.deepEqual(piped, asked);
    assert.match(piped.out, /^\{"at":"2026-01-31T10:00:12\.000Z","pools":\{[^\n]+\}\n$/);
    const { at: _, ...answer } = JSON.parse(piped.out);
    const { nextAfter: __, ...sample } = statusSample();
    assert.deepEqual(answer, { ...sample, methods: sample.methods.slice(0, 2) });
    const { methods } = JSON.parse((await sluice(['status', '--url', admin.url, '--all'])).out);
    assert.equal(methods.length, 3);
  });

  it('says which configuration serves, and what was wrong with the last one', async (context) => {
    const admin = await startFakeAdmin(context, (response, { path }) => {
      answerJson(response, path.endsWith('/generations') ? generationsSample() : statusSample(), SAMPLE_MS);
    });
    const { out } = await sluice(['status', '--url', admin.url], { ...TERMINAL, columns: 140 });
    const line =
      'CONFIG     generation 5 since 09:30:00Z (file); refused at 10:00:05Z: gateway.yaml:3:7: log.levl: unknown key "levl"';
    assert.ok(out.includes(`\n${line}\n`), out);
    const { generation, lastReload } = JSON.parse((await sluice(['status', '--url', admin.url])).out);
    const { generations, lastReload: expected } = generationsSample();
    assert.deepEqual([generation, lastReload], [generations[0], expected]);
  });

  it('says which processes serve', async (context) => {
    const workers = [1, 2].map((worker) => ({
      worker,
      pid: 100 + worker,
      state: 'serving',
      startedAt: '2026-01-31T09:00:00.000Z',
      restarts: worker - 1,
    }));
    const admin = await startFakeAdmin(context, (response, { path }) => {
      answerJson(response, path.endsWith('/workers') ? { workers } : statusSample(), SAMPLE_MS);
    });
    const { out } = await sluice(['status', '--url', admin.url], TERMINAL);
    assert.ok(out.includes('\nWORKERS    2 serve; started again: 2 (1 time)\n'), out);
    assert.deepEqual(JSON.parse((await sluice(['status', '--url', admin.url])).out).workers, workers);
  });

  it('does without where the gateway does not know', async (context) => {
    const admin = await startFakeAdmin(context, (response, { path }) => {
      if (path.endsWith('/generations')) answerProblem(response, 404, { code: 'ROUTE_NOT_FOUND', detail: 'Nothing.' });
      else answerJson(response, statusSample(), SAMPLE_MS);
    });
    const { code, out } = await sluice(['status', '--url', admin.url], TERMINAL);
    assert.deepEqual([code, out.includes('CONFIG')], [0, false]);
  });

  it('asks for as many pages as it shows', async (context) => {
    const keys = Array.from({ length: 25 }, (_, index) => `a#m${index}()`);
    const methods = keys.map((key, index) => (index < 12 ? quarantinedSample(key) : methodSample(key)));
    const admin = await startFakeAdmin(context, (response, { path }) => {
      const after = new URL(path, admin.url).searchParams.get('after');
      // A page begins with a method of the page before, as one whose state changed meanwhile may do.
      const start = after === null ? 0 : keys.indexOf(after);
      const nextAfter = start + 10 < keys.length ? keys[start + 9]! : null;
      const page = methods.slice(start, start + 10);
      answerJson(response, statusSample({ methods: page, methodsTotal: keys.length, nextAfter }));
    });
    const ill = JSON.parse((await sluice(['status', '--url', admin.url])).out);
    assert.deepEqual(
      ill.methods.map(({ key }: { key: string }) => key),
      keys.slice(0, 12),
    );
    assert.equal(admin.requests.filter(({ path }) => path.includes('bulkheads')).length, 2);
    assert.equal(admin.requests[1]?.path, `/admin/v1/bulkheads?limit=100&after=${encodeURIComponent('a#m9()')}`);
    const all = JSON.parse((await sluice(['status', '--url', admin.url, '--all'])).out);
    assert.deepEqual(
      all.methods.map(({ key }: { key: string }) => key),
      keys,
    );
    assert.deepEqual(['nextAfter' in all, all.methodsTotal], [false, 25]);
  });

  it('ends with the page before where a page is gone', async (context) => {
    const admin = await startFakeAdmin(context, (response, { path }) => {
      if (path.includes('after=')) answerProblem(response, 400, { code: 'REQUEST_INVALID', detail: 'No such method.' });
      else answerJson(response, statusSample({ methodsTotal: 5, nextAfter: 'a#b()' }));
    });
    const { code, out } = await sluice(['status', '--url', admin.url, '--all'], TERMINAL);
    assert.equal(code, 0);
    assert.match(out, /\n2 others, not shown\n/);
  });

  it('does not ask for pages without end', async (context) => {
    const admin = await startFakeAdmin(context, (response) =>
      answerJson(response, statusSample({ nextAfter: 'a#b()' })),
    );
    assert.equal((await sluice(['status', '--url', admin.url, '--all'])).code, 0);
    assert.equal(admin.requests.filter(({ path }) => path.includes('bulkheads')).length, 50);
  });

  it('is text in a pipe with --format text', async (context) => {
    const admin = await startFakeAdmin(context, answerSample);
    const { out } = await sluice(['status', '--url', admin.url, '--format', 'text'], { columns: 160 });
    assert.match(out, /\nheartbeat +1\/20 /);
  });

  it('prints nothing that could steer a terminal', async (context) => {
    const evil = '\u001b]0;title\u0007\u009b2J\u202e';
    const methods = [quarantinedSample(`a#b()${evil}`, { reason: evil })];
    const admin = await startFakeAdmin(context, (response) => answerJson(response, statusSample({ methods })));
    for (const format of ['text', 'json']) {
      const { out } = await sluice(['status', '--url', admin.url, '--format', format], TERMINAL);
      assert.ok(out.includes('a#b()'));
      assert.doesNotMatch(out, /[\p{Cf}]|(?!\n)\p{Cc}/u);
    }
  });

  it('sends the token of the environment, and never shows it', async (context) => {
    const admin = await startFakeAdmin(context, (response) =>
      answerProblem(response, 401, { code: 'UNAUTHENTICATED', detail: 'The token is wrong.' }),
    );
    const environment = { SLUICE_ADMIN_TOKEN: 'a-secret-of-the-operator' };
    const run = await sluice(['status', '--url', admin.url], { ...TERMINAL, environment });
    assert.deepEqual(run, { code: 1, out: '', error: `${admin.url} refused the token\n` });
    assert.equal(admin.requests[0]?.headers.authorization, 'Bearer a-secret-of-the-operator');
  });

  it('says in one sentence what went wrong: exit code 1', async (context) => {
    const admin = await startFakeAdmin(context, () => {});
    const answers: readonly (readonly [answer: FakeAdmin['answer'], message: RegExp])[] = [
      [(response) => response.end('<html>'), /is not the admin API of Sluice: its answer is not JSON$/],
      [(response) => answerJson(response, { pools: {} }), /is not the admin API of Sluice: pools\.normal: /],
      [(response) => response.writeHead(404).end('<html>'), /is not the admin API of Sluice: it answered 404$/],
      [
        (response) => answerProblem(response, 403, { code: 'ADMIN_HOST', detail: 'The host is not allowed.' }),
        /answered 403: The host is not allowed\.$/,
      ],
    ];
    for (const [answer, message] of answers) {
      admin.answer = answer;
      const { code, out, error } = await sluice(['status', '--url', admin.url], TERMINAL);
      assert.deepEqual([code, out], [1, '']);
      assert.match(error.trimEnd(), message);
    }
    await admin.stop();
    assert.deepEqual(await sluice(['status', '--url', admin.url]), {
      code: 1,
      out: '',
      error: `cannot reach ${admin.url}: connection refused\n`,
    });
  });

  it('says what is wrong with its words: exit code 2', async () => {
    const expectations: readonly (readonly [words: string[], error: RegExp])[] = [
      [['now'], /status takes no word "now"/],
      [['--format', 'xml'], /--format takes text or json, not "xml"/],
      [['--interval-ms', '500'], /--interval-ms goes with --watch/],
      [['--watch', '--interval-ms', '5'], /--interval-ms takes 100 to 3600000, not "5"/],
      [['--watch', '--interval-ms', '1e3'], /not "1e3"/],
      [['--url', 'localhost:9090'], /--url takes a URL such as http:\/\/localhost:9090/],
      [['--wach'], /no option --wach; did you mean --watch\?/],
    ];
    for (const [words, error] of expectations) {
      const run = await sluice(['status', ...words]);
      assert.deepEqual([run.code, run.out], [2, ''], words.join(' '));
      assert.match(run.error, error);
    }
  });

  describe('--watch', () => {
    it('draws each answer over the last one, and gives the cursor back: exit code 0', async (context) => {
      let rejected = 0;
      const admin = await startFakeAdmin(context, (response, { path }) => {
        if (path.includes('bulkheads')) rejected += 50;
        const pools = poolsSample({ slow: poolSample(1_000, 900, rejected) });
        answerJson(response, statusSample({ pools }), SAMPLE_MS);
      });
      const { terminal, ended } = watch(admin, TERMINAL);
      await until(() => terminal.output.split(HOME).length > 3, 'three drawings');
      terminal.interrupt();
      assert.equal(await ended, 0);
      const [start, first, second, ...others] = terminal.output.split(HOME);
      assert.ok(start!.startsWith(HIDE_CURSOR));
      assert.match(stripVTControlCharacters(first!), /\nslow .* 50\n/);
      assert.match(stripVTControlCharacters(second!), /\nslow .* 100 \(\d+(?:\.\d)?\/s\)\n/);
      assert.ok(second!.includes('\n\u001b[K') && second!.endsWith('\u001b[J'));
      assert.ok(others.at(-1)!.endsWith(SHOW_CURSOR));
      assert.equal(terminal.output.split(HIDE_CURSOR).length, 2);
      assert.equal(terminal.errors, '');
    });

    it('draws no more lines than the terminal has', async (context) => {
      const methods = Array.from({ length: 100 }, (_, index) => quarantinedSample(`a#m${index}()`));
      const admin = await startFakeAdmin(context, (response) => answerJson(response, statusSample({ methods })));
      for (const rows of [5, 30]) {
        const { terminal, ended } = watch(admin, { ...TERMINAL, rows });
        await until(() => terminal.output.split(HOME).length > 2, 'two drawings');
        terminal.interrupt();
        await ended;
        for (const drawing of terminal.output.split(HOME).slice(1)) assert.ok(drawing.split('\n').length <= rows);
      }
    });

    it('waits for a gateway that goes away, and goes on when it is back', async (context) => {
      const admin = await startFakeAdmin(context, answerSample);
      const { terminal, ended } = watch(admin, TERMINAL);
      await until(() => terminal.output.includes('quarantined'), 'the first answer');
      await admin.stop();
      const notice = `cannot reach ${admin.url}: connection refused; trying again`;
      await until(() => terminal.output.includes(notice), 'the notice');
      assert.ok(terminal.output.split(notice)[1]!.includes('The last answer was:'));
      const drawings = terminal.output.split(HOME).length;
      await startFakeAdmin(context, (response) => answerJson(response, statusSample({ methods: [] })), admin.port);
      await until(() => terminal.output.includes('no method was called yet'), 'an answer of the new gateway');
      assert.ok(terminal.output.split(HOME).length > drawings);
      terminal.interrupt();
      assert.equal(await ended, 0);
      assert.equal(terminal.errors, '');
    });

    it('waits for a gateway that is not there yet', async (context) => {
      const admin = await startFakeAdmin(context, answerSample);
      await admin.stop();
      const { terminal, ended } = watch(admin, TERMINAL);
      await until(() => terminal.output.includes('trying again'), 'the notice');
      terminal.interrupt();
      assert.equal(await ended, 0);
      assert.ok(!terminal.output.includes('The last answer'));
    });

    it('is a line of JSON an answer in a pipe, with troubles on standard error, each once', async (context) => {
      const admin = await startFakeAdmin(context, answerSample);
      const { terminal, ended } = watch(admin, {});
      await until(() => terminal.output.split('\n').length > 3, 'three lines');
      admin.answer = (response) => response.writeHead(503).end();
      const asked = admin.requests.length;
      await until(() => admin.requests.length > asked + 3, 'three refusals');
      admin.answer = (response) => answerJson(response, statusSample({ methods: [methodSample('a#b()')] }));
      await until(() => terminal.output.includes('"methods":[]'), 'the next answer');
      terminal.interrupt();
      assert.equal(await ended, 0);
      for (const line of terminal.output.trimEnd().split('\n')) assert.equal(JSON.parse(line).admission.inFlight, 1014);
      assert.equal(terminal.errors, `${admin.url} answered 503; trying again\n`);
    });

    it('is text after text in a pipe with --format text', async (context) => {
      const admin = await startFakeAdmin(context, answerSample);
      const { terminal, ended } = watch(admin, {}, '--format', 'text');
      await until(() => terminal.output.split(admin.url).length > 3, 'three answers');
      terminal.interrupt();
      assert.equal(await ended, 0);
      assert.ok(terminal.output.includes(`\n\n${admin.url}  `) && !terminal.output.includes('\u001b'));
    });

    it('ends when it is refused, for that will not change: exit code 1', async (context) => {
      const admin = await startFakeAdmin(context, answerSample);
      const { terminal, ended } = watch(admin, TERMINAL);
      await until(() => terminal.output.includes('quarantined'), 'the first answer');
      admin.answer = (response) => answerProblem(response, 401, { code: 'UNAUTHENTICATED', detail: 'No.' });
      assert.equal(await ended, 1);
      assert.ok(terminal.output.endsWith(SHOW_CURSOR));
      assert.equal(terminal.errors, `${admin.url} asks for a token: set SLUICE_ADMIN_TOKEN\n`);
    });

    it('ends at once, also while it waits for an answer', async (context) => {
      const admin = await startFakeAdmin(context, () => {});
      const { terminal, ended } = watch(admin, TERMINAL);
      await until(() => admin.requests.length === 1, 'a request without an answer');
      terminal.interrupt();
      assert.equal(await ended, 0);
      assert.equal(terminal.output, '');
    });
  });
});
