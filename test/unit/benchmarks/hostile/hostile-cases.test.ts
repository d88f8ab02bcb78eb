import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayRoutes } from '../../../../benchmarks/hostile/gateway-routes.ts';
import { HOSTILE_CASES } from '../../../../benchmarks/hostile/hostile-cases.ts';

describe('hostile answers', () => {
  for (const { name, prepare, outcome } of HOSTILE_CASES) {
    it(`become what the case says: ${name}`, () => {
      assert.equal(new GatewayRoutes().add().outcomeOf(prepare().body(0)), outcome);
    });
  }

  it('of the bombs are never alike', () => {
    for (const name of ['hostile/shape-bomb', 'hostile/order-bomb', 'hostile/class-bomb']) {
      const answers = HOSTILE_CASES.find((known) => known.name === name)!.prepare();
      const first = Buffer.from(answers.body(0));
      assert.ok(!first.equals(answers.body(1)), name);
      assert.ok(first.equals(answers.body(0)), name);
    }
  });
});
