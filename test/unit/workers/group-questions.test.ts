import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { GroupQuestions } from '../../../src/workers/group-questions.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type FakeAnswers, FakeGroup } from './fake-group.ts';

const REGISTRIES = { registries: [] };

function scene(...answers: readonly FakeAnswers[]) {
  const group = new FakeGroup(...answers);
  const log = captureLog();
  return { group, log, questions: new GroupQuestions(group, log.logger) };
}

const answering: FakeAnswers = { registries: () => REGISTRIES };
const refusing: FakeAnswers = {
  registries: () => {
    throw new GatewayError('REQUEST_INVALID', 'no such thing');
  },
};
const stuck: FakeAnswers = {};

const failsWith = (code: string) => (error: unknown) => error instanceof GatewayError && error.code === code;

describe('GroupQuestions', () => {
  it('asks all workers that serve', async () => {
    const { group, questions } = scene(answering, answering, answering);
    group.set(2, { state: 'starting' });
    const { answered, answers, missing } = await questions.all('registries', undefined);
    assert.deepEqual(
      answered.map(({ worker }) => worker),
      [1, 3],
    );
    assert.deepEqual([answers, missing], [[REGISTRIES, REGISTRIES], {}]);
  });

  it('names who did not answer, in the answer and in the log', async () => {
    const { log, questions } = scene(stuck, answering, stuck);
    const { answers, missing } = await questions.all('registries', undefined);
    assert.deepEqual([answers.length, missing], [1, { missingWorkers: [1, 3] }]);
    assert.deepEqual(
      log.lines.map(({ level, worker, question }) => [level, worker, question]),
      [
        ['warn', 1, 'registries'],
        ['warn', 3, 'registries'],
      ],
    );
  });

  it('leaves out a worker that does not know yet what the others know', async () => {
    const { log, questions } = scene(refusing, answering);
    const { answers, missing } = await questions.all('registries', undefined);
    assert.deepEqual([answers.length, missing, log.lines], [1, {}, []]);
  });

  it('says what workers say where none has another answer', async () => {
    await assert.rejects(scene(stuck, refusing).questions.all('registries', undefined), failsWith('REQUEST_INVALID'));
    await assert.rejects(
      scene(refusing, answering).questions.any('registries', undefined),
      failsWith('REQUEST_INVALID'),
    );
  });

  it('says that nobody answers', async () => {
    await assert.rejects(scene(stuck, stuck).questions.all('registries', undefined), failsWith('WORKERS_AWAY'));
    await assert.rejects(scene(stuck, stuck).questions.any('registries', undefined), failsWith('WORKERS_AWAY'));
    const { group, questions } = scene(answering);
    group.set(1, { state: 'down', pid: undefined });
    await assert.rejects(questions.all('registries', undefined), failsWith('WORKERS_AWAY'));
    await assert.rejects(questions.any('registries', undefined), failsWith('WORKERS_AWAY'));
    assert.deepEqual(group.asked, []);
  });

  it('waits for a silent worker once only, and tells of it once until it answers', async () => {
    const { group, log, questions } = scene(answering, stuck);
    await questions.all('registries', undefined);
    await questions.all('registries', undefined);
    assert.deepEqual(group.limitsMs, [2_000, 2_000, 2_000, 100]);
    assert.equal(log.lines.length, 1);
    group.answers[1] = answering;
    assert.deepEqual((await questions.all('registries', undefined)).missing, {});
    group.answers[1] = stuck;
    await questions.all('registries', undefined);
    assert.deepEqual(group.limitsMs.slice(4), [2_000, 100, 2_000, 2_000]);
    assert.equal(log.lines.length, 2);
  });

  it('does not miss a worker that has ended meanwhile', async () => {
    const { group, log, questions } = scene(answering, {
      registries: () => {
        group.set(2, { state: 'down', pid: undefined });
        throw new Error('worker 2 has ended');
      },
    });
    assert.deepEqual((await questions.all('registries', undefined)).missing, {});
    assert.deepEqual(log.lines, []);
  });

  it('gives what is heard, be it nothing', async () => {
    assert.deepEqual(await scene(answering, stuck, refusing).questions.heard('registries', undefined), [REGISTRIES]);
    assert.deepEqual(await scene(stuck).questions.heard('registries', undefined, 50), []);
  });

  it('asks one worker after the other until one answers', async () => {
    const { group, questions } = scene(stuck, answering, answering);
    assert.deepEqual(await questions.any('registries', undefined), REGISTRIES);
    assert.deepEqual(group.asked, ['1 registries', '2 registries']);
    assert.deepEqual(await questions.any('registries', undefined), REGISTRIES);
    assert.deepEqual(group.asked.slice(2), ['2 registries'], 'the silent one comes last');
  });
});
