import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { checkConfig } from '../../../src/config/check-config.ts';
import { ConfigError } from '../../../src/config/config-error.ts';
import type { GatewayConfig } from '../../../src/config/schema.ts';
import { type GroupGeneration, GroupGenerations } from '../../../src/workers/group-generations.ts';
import { type SentError, sentError } from '../../../src/workers/sent-error.ts';
import type { PrimaryMessage, WorkerMessage } from '../../../src/workers/worker-messages.ts';
import type { ProcessHooks, ServingProcess } from '../../../src/workers/worker-process.ts';
import { WorkerProcesses } from '../../../src/workers/worker-processes.ts';
import { captureLog } from '../../support/captured-log.ts';

const HTTP = { address: '127.0.0.1', family: 'IPv4', port: 8080 };

/** A process that does what the test says. */
class FakeProcess implements ServingProcess {
  readonly pid: number;
  readonly sent: PrimaryMessage[] = [];
  isKilled = false;
  readonly #hooks: ProcessHooks;

  constructor(pid: number, hooks: ProcessHooks) {
    this.pid = pid;
    this.#hooks = hooks;
  }

  send(message: PrimaryMessage): void {
    this.sent.push(message);
  }

  kill(): void {
    this.isKilled = true;
  }

  say(message: WorkerMessage): void {
    this.#hooks.onMessage(message);
  }

  listen(): void {
    this.say({ kind: 'loaded' });
    this.say({ kind: 'listening', http: HTTP });
  }

  /** To the last question. */
  answer(answer?: unknown): void {
    this.say({ kind: 'answer', ask: this.#lastAsk(), answer });
  }

  refuse(error: SentError): void {
    this.say({ kind: 'refusal', ask: this.#lastAsk(), error });
  }

  end(exitCode: number | undefined, signal?: string): void {
    this.#hooks.onEnd({ exitCode, signal });
  }

  /** The kinds of what it was told, and what of a generation. */
  get told(): readonly string[] {
    return this.sent.map((message) => {
      return message.kind === 'start' || message.kind === 'replace'
        ? `${message.kind} ${message.generation}`
        : message.kind;
    });
  }

  #lastAsk(): number {
    const asked = this.sent.findLast((message) => 'ask' in message);
    assert.ok(asked && 'ask' in asked, 'it was asked');
    return asked.ask;
  }
}

const clock = { ms: 0, nowMs: () => clock.ms, wallMs: () => 1_000_000 + clock.ms };

function configOf(drainTimeoutMs: number): GatewayConfig {
  const { config } = checkConfig({ server: { workers: 2, drainTimeoutMs } });
  return config!;
}

class Scene {
  readonly processes: FakeProcess[] = [];
  readonly log = captureLog();
  readonly generations = new GroupGenerations(configOf(1_000), clock);
  readonly group: WorkerProcesses;
  readonly #context: TestContext;

  constructor(context: TestContext, count = 2) {
    clock.ms = 0;
    context.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    this.#context = context;
    this.group = new WorkerProcesses(this.generations.current, {
      count,
      clock,
      logger: this.log.logger,
      onLines: () => {},
      fork: (hooks) => {
        const process = new FakeProcess(100 + this.processes.length, hooks);
        this.processes.push(process);
        return process;
      },
    });
  }

  /** One that runs. */
  static async running(context: TestContext): Promise<Scene> {
    const scene = new Scene(context);
    const started = scene.group.start();
    for (const process of scene.processes) process.listen();
    assert.deepEqual(await started, HTTP);
    return scene;
  }

  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 100) {
      clock.ms += 100;
      this.#context.mock.timers.tick(100);
    }
  }

  next(): GroupGeneration {
    return this.generations.next(configOf(2_000), 'file');
  }

  get messages(): readonly unknown[] {
    return this.log.lines.map(({ msg }) => msg);
  }

  get states(): readonly string[] {
    return this.group.workers.map(({ state, restarts }) => `${state} ${restarts}`);
  }
}

describe('the start of a group', () => {
  it('is done when all workers listen', async (context) => {
    const scene = new Scene(context);
    const started = scene.group.start();
    scene.processes[1]!.listen();
    assert.deepEqual(scene.states, ['starting 0', 'serving 0']);
    scene.processes[0]!.listen();
    assert.deepEqual(await started, HTTP);
    assert.deepEqual(
      scene.group.workers.map(({ pid }) => pid),
      [100, 101],
    );
  });

  it('fails with the error of a worker that cannot listen', async (context) => {
    const scene = new Scene(context);
    const started = assert.rejects(scene.group.start(), { code: 'EADDRINUSE', port: 80 });
    const error = sentError(Object.assign(new Error('in use'), { code: 'EADDRINUSE', port: 80 }));
    for (const process of scene.processes) process.say({ kind: 'failed', error });
    await started;
    const stopped = scene.group.stop();
    assert.ok(scene.processes.every(({ isKilled }) => isKilled));
    for (const process of scene.processes) process.end(1);
    await stopped;
    assert.equal(scene.processes.length, 2, 'none was started again');
  });

  it('fails where a worker ends before it listens', async (context) => {
    const scene = new Scene(context);
    const started = assert.rejects(scene.group.start(), { message: 'worker 2 ended with SIGSEGV before it listened' });
    scene.processes[1]!.end(undefined, 'SIGSEGV');
    await started;
  });
});

describe('a worker that dies', () => {
  it('is replaced at once, and later and later while it dies of its start', async (context) => {
    const scene = await Scene.running(context);
    scene.pass(20_000);
    scene.processes[0]!.end(undefined, 'SIGKILL');
    scene.pass(100);
    assert.deepEqual(scene.states, ['starting 1', 'serving 0']);
    for (const delayMs of [1_000, 2_000, 4_000]) {
      const { length } = scene.processes;
      scene.processes.at(-1)!.end(1);
      assert.equal(scene.log.lines.at(-1)!.restartInMs, delayMs);
      scene.pass(delayMs - 100);
      assert.equal(scene.processes.length, length);
      scene.pass(100);
      assert.equal(scene.processes.length, length + 1);
    }
    scene.processes.at(-1)!.listen();
    assert.deepEqual(scene.states, ['serving 4', 'serving 0']);
    assert.deepEqual(
      scene.log.lines
        .filter(({ msg }) => msg === 'worker died')
        .map(({ worker, exitCode, signal }) => [worker, exitCode ?? signal]),
      [
        [1, 'SIGKILL'],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
    );
  });

  it('rejects what it was asked, and is not asked until another listens', async (context) => {
    const scene = await Scene.running(context);
    const asked = scene.group.ask(1, 'plans', undefined);
    scene.processes[0]!.end(1);
    await assert.rejects(asked, { message: 'worker 1 has ended' });
    await assert.rejects(scene.group.ask(1, 'plans', undefined), { message: 'worker 1 is not there' });
    await assert.rejects(scene.group.ask(3, 'plans', undefined), { message: 'worker 3 is not there' });
    const late = scene.group.ask(2, 'plans', undefined, 500);
    scene.pass(500);
    await assert.rejects(late, { message: 'worker 2 gave no answer within 500 ms' });
  });

  it('is killed and replaced where it gives no sign of life', async (context) => {
    const scene = await Scene.running(context);
    const [stuck, other] = scene.processes as [FakeProcess, FakeProcess];
    for (let second = 0; second < 22; second++) {
      other.say({ kind: 'alive' });
      scene.pass(1_000);
    }
    assert.deepEqual([stuck.isKilled, other.isKilled], [true, false]);
    stuck.end(undefined, 'SIGKILL');
    scene.pass(100);
    assert.deepEqual(scene.states, ['starting 1', 'serving 0']);
  });
});

describe('another configuration', () => {
  it('is in force when all workers serve it', async (context) => {
    const scene = await Scene.running(context);
    let isDone = false;
    const replaced = scene.group.replace(scene.next()).then(() => {
      isDone = true;
    });
    assert.deepEqual(
      scene.processes.map(({ told }) => told),
      [
        ['start 1', 'replace 2'],
        ['start 1', 'replace 2'],
      ],
    );
    scene.processes[0]!.answer();
    await Promise.resolve();
    assert.equal(isDone, false);
    scene.processes[1]!.answer();
    await replaced;
  });

  it('replaces a worker that alone cannot take it', async (context) => {
    const scene = await Scene.running(context);
    const replaced = scene.group.replace(scene.next());
    scene.processes[0]!.answer();
    scene.processes[1]!.refuse(sentError(new Error('no room')));
    await replaced;
    assert.equal(scene.processes[1]!.told.at(-1), 'stop');
    assert.deepEqual(scene.states, ['serving 0', 'stopping 0']);
    scene.processes[1]!.end(0);
    scene.processes[2]!.listen();
    assert.deepEqual(scene.processes[2]!.told, ['start 2']);
    assert.deepEqual(scene.states, ['serving 0', 'serving 1']);
  });

  it('changes nothing where no worker can take it', async (context) => {
    const scene = await Scene.running(context);
    const diagnostic = { severity: 'error', file: '', line: 0, column: 0, path: 'routes[0]', message: 'no' } as const;
    const replaced = scene.group.replace(scene.next());
    for (const process of scene.processes) process.refuse(sentError(new ConfigError([diagnostic])));
    await assert.rejects(replaced, ConfigError);
    assert.deepEqual(scene.states, ['serving 0', 'serving 0']);
    scene.processes[0]!.end(1);
    scene.pass(100);
    scene.processes[2]!.listen();
    assert.deepEqual(scene.processes[2]!.told, ['start 1'], 'who comes later serves the one before');
  });

  it('is taken back from workers that started with it meanwhile', async (context) => {
    const scene = await Scene.running(context);
    const replaced = assert.rejects(scene.group.replace(scene.next()), { name: 'WorkerLostError' });
    scene.processes[0]!.end(undefined, 'SIGKILL');
    scene.pass(100);
    scene.processes[2]!.listen();
    assert.deepEqual(scene.processes[2]!.told, ['start 2']);
    scene.processes[1]!.refuse(sentError(new Error('no room')));
    await replaced;
    assert.deepEqual(scene.states, ['stopping 1', 'serving 0']);
    scene.processes[2]!.end(0);
    scene.processes[3]!.listen();
    assert.deepEqual(scene.processes[3]!.told, ['start 1']);
  });
});

describe('the end of a group', () => {
  it('waits for all workers, but not longer than their time to drain', async (context) => {
    const scene = await Scene.running(context);
    const stopped = scene.group.stop();
    assert.ok(scene.processes.every(({ told }) => told.at(-1) === 'stop'));
    scene.processes[0]!.end(0);
    scene.pass(5_900);
    assert.equal(scene.processes[1]!.isKilled, false);
    scene.pass(100);
    assert.equal(scene.processes[1]!.isKilled, true);
    scene.processes[1]!.end(undefined, 'SIGKILL');
    await stopped;
    scene.pass(60_000);
    assert.equal(scene.processes.length, 2);
  });

  it('starts no worker that was about to be', async (context) => {
    const scene = await Scene.running(context);
    for (let death = 0; death < 2; death++) {
      scene.processes.at(death === 0 ? 0 : -1)!.end(1);
      if (death === 0) scene.pass(100);
    }
    const stopped = scene.group.stop();
    scene.pass(2_000);
    scene.processes[1]!.end(0);
    await stopped;
    assert.equal(scene.processes.length, 3);
  });
});

describe('methods of a group', () => {
  it('are told to all workers in one order, and to those that come later', async (context) => {
    const { config } = checkConfig({
      services: { shop: { interface: 'demo.Shop', providers: ['dubbo://127.0.0.1:1'], methods: { buy: {} } } },
    });
    const scene = await Scene.running(context);
    const replaced = scene.group.replace(scene.generations.next(config!, 'file'));
    for (const process of scene.processes) process.answer();
    await replaced;
    const standing = {
      method: 'demo.Shop#buy()',
      state: 'quarantined',
      isPinned: false,
      sinceMs: 1,
      reason: 'x',
      by: 'gateway',
      quarantinesInARow: 1,
    } as const;
    scene.processes[1]!.say({ kind: 'standing', standing });
    assert.deepEqual(
      scene.processes.map(({ sent }) => sent.at(-1)),
      [
        { kind: 'standing', standing, isOwn: false },
        { kind: 'standing', standing, isOwn: true },
      ],
    );
    scene.processes[0]!.end(1);
    scene.pass(100);
    scene.processes[2]!.listen();
    const start = scene.processes[2]!.sent.find(({ kind }) => kind === 'start');
    assert.deepEqual(start?.kind === 'start' && start.standings, [standing]);
  });
});
