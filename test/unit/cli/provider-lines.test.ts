import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ANY_PROVIDER } from '../../../src/balancing/balancer.ts';
import type { ProviderExplanation } from '../../../src/balancing/provider-explanation.ts';
import { providerLines } from '../../../src/cli/provider-lines.ts';
import type { ProviderInstance } from '../../../src/registry/provider-instance.ts';
import { instanceAt } from '../gateway/fake-registry.ts';

function explained(
  host: string,
  changes: Partial<ProviderExplanation> = {},
  instance: Partial<ProviderInstance> = {},
): ProviderExplanation {
  const usual = { filter: undefined, ejection: undefined, weight: 100, share: 0, inFlight: 0 };
  return { instance: instanceAt(host, instance), ...usual, ...changes };
}

describe('providerLines()', () => {
  it('shows who takes the call first, and why the others do not', () => {
    const rows = [
      explained('old', { filter: 'version', weight: 0 }, { version: '1.0.0' }),
      explained('gray', { filter: 'tag' }, { tag: 'gray' }),
      explained('off', { filter: 'disabled', weight: 0 }),
      explained('ill', { filter: 'ejected', ejection: '5 failures in a row' }),
      explained('gone', { filter: 'unusable' }),
      explained('b', { share: 0.995 }),
      explained('a', { share: 0.005, weight: 1 }),
    ];
    assert.equal(
      providerLines(rows, ANY_PROVIDER, 'a:20880'),
      `PROVIDER    VERSION  TAG   WEIGHT  SHARE  TAKES IT
a:20880     -        -     1       <1 %   yes, picked
b:20880     -        -     100     100 %  yes
old:20880   1.0.0    -     0       0 %    no: another version
gray:20880  -        gray  100     0 %    no: requests without a tag
off:20880   -        -     0       0 %    no: disabled, or weight 0
ill:20880   -        -     100     0 %    no: ejected (5 failures in a row)
gone:20880  -        -     100     0 %    no: cannot be reached
`,
    );
  });

  it('names the tag of the request, and who has another hash', () => {
    const request = { tag: 'gray', isTagForced: true, hash: 7 };
    const text = providerLines(
      [explained('a', { filter: 'tag' }), explained('b'), explained('c', { share: 1 })],
      request,
      'c:20880',
    );
    assert.match(text, /^a:20880 .*no: tag gray only$/m);
    assert.match(text, /^b:20880 .*no: its hash belongs to another$/m);
  });

  it('shows a bounded number of rows, and no control characters of a registry', () => {
    const many = Array.from({ length: 60 }, (_, index) => explained(`h${index}`, { share: 1 / 60 }));
    const text = providerLines(many, ANY_PROVIDER, 'h59:20880');
    assert.deepEqual([text.split('\n').length, text.split('\n').at(-2)], [53, 'and 10 more']);
    assert.ok(text.split('\n')[1]!.startsWith('h59:20880 '));
    const hostile = providerLines([explained('a', {}, { tag: '\u001b[31mred' })], ANY_PROVIDER, undefined);
    assert.ok(!hostile.includes('\u001b'));
  });
});
