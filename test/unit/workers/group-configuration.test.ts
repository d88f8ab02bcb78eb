import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkConfig } from '../../../src/config/check-config.ts';
import { ConfigError } from '../../../src/config/config-error.ts';
import type { GatewayConfig, GatewayConfigInput } from '../../../src/config/schema.ts';
import { GroupConfiguration } from '../../../src/workers/group-configuration.ts';
import { type GroupGeneration, GroupGenerations } from '../../../src/workers/group-generations.ts';
import { captureLog } from '../../support/captured-log.ts';

function configOf(input: GatewayConfigInput): GatewayConfig {
  const { config, diagnostics } = checkConfig(input);
  assert.ok(config, JSON.stringify(diagnostics));
  return config;
}

interface Scene {
  readonly configuration: GroupConfiguration;
  /** Those that the workers were told to serve. */
  readonly told: GroupGeneration[];
  /** What the workers throw from now on. */
  fails: Error | undefined;
}

function scene(count = 4): Scene {
  let wallMs = 1_000;
  const clock = { nowMs: () => 0, wallMs: () => wallMs++ };
  const told: GroupGeneration[] = [];
  const configuration = new GroupConfiguration(new GroupGenerations(configOf({}), clock), {
    clock,
    logger: captureLog().logger,
    count,
    replace: async (generation) => {
      if (made.fails !== undefined) throw made.fails;
      told.push(generation);
    },
  });
  const made: Scene = { configuration, told, fails: undefined };
  return made;
}

const timeoutOf = (timeoutMs: number) => configOf({ defaults: { timeoutMs } });

describe('the configuration of a group', () => {
  it('is in force when the workers have it, and remembered', async () => {
    const { configuration, told } = scene();
    const { generations } = configuration;
    const changes = await configuration.replace(timeoutOf(7), 'file');
    assert.deepEqual(changes.sections, ['defaults']);
    assert.equal(configuration.config.defaults.timeoutMs, 7);
    assert.deepEqual([generations.number, generations.source], [2, 'file']);
    assert.deepEqual(
      generations.records.map(({ number, source, state, sinceWallMs }) => [number, source, state, sinceWallMs]),
      [
        [2, 'file', 'serving', 1_001],
        [1, 'start', 'gone', 1_000],
      ],
    );
    assert.equal(told.length, 1);
    for (let number = 3; number <= 40; number++) await configuration.replace(timeoutOf(number * 10), 'admin');
    assert.deepEqual([generations.records.length, generations.records[0]!.number], [20, 40]);
  });

  it('is not told to workers where nothing differs', async () => {
    const { configuration, told } = scene();
    await configuration.replace(configOf({}), 'signal');
    assert.deepEqual([told.length, configuration.generations.number], [0, 1]);
  });

  it('stays where the workers cannot take another one', async () => {
    const one = scene();
    const before = one.configuration.config;
    one.fails = new Error('no');
    await assert.rejects(one.configuration.replace(timeoutOf(7), 'file'), one.fails);
    assert.equal(one.configuration.config, before);
    one.fails = undefined;
    await one.configuration.replace(timeoutOf(8), 'file');
    assert.equal(one.configuration.generations.number, 2);
  });

  it('is one after the other, each compared with the one before', async () => {
    const { configuration, told } = scene();
    await Promise.all([7, 7, 8].map((ms) => configuration.replace(timeoutOf(ms), 'file')));
    assert.deepEqual(
      told.map(({ number, config }) => [number, config.defaults.timeoutMs]),
      [
        [2, 7],
        [3, 8],
      ],
    );
  });

  it('has enough to share for the workers that run', async () => {
    const { configuration, told } = scene(4);
    const small = configOf({ bulkhead: { slow: { size: 3 } }, server: { limits: { maxConnections: 2 } } });
    await assert.rejects(configuration.replace(small, 'file'), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(
        error.diagnostics.map(({ path }) => path),
        ['bulkhead.slow.size', 'server.limits.maxConnections'],
      );
      assert.match(error.message, /among the 4 workers that run/);
      return true;
    });
    assert.equal(told.length, 0);
  });

  it('is not replaced any more when the group ends', async () => {
    const { configuration, told } = scene();
    configuration.close();
    await assert.rejects(configuration.replace(timeoutOf(7), 'file'), { message: 'the gateway is stopping' });
    assert.equal(told.length, 0);
  });
});
