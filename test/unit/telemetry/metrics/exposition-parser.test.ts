import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseExposition } from './exposition-parser.ts';

const HEADER = '# HELP h Seconds.\n# TYPE h histogram\n';

describe('parseExposition()', () => {
  it('reads what the grammar allows', () => {
    const text = '# HELP a Gauge \\\\ \\n.\n# TYPE a gauge\na{x="\\"\\\\\\n,}"} -1.5e-7\na NaN\n# EOF\n';
    const family = parseExposition(text, 'openmetrics').get('a')!;
    assert.equal(family.help, 'Gauge \\ \n.');
    assert.deepEqual(family.samples[0], { name: 'a', labels: new Map([['x', '"\\\n,}']]), value: -1.5e-7 });
  });

  const bad: Record<string, string> = {
    'a missing end of line': '# HELP a b\n# TYPE a gauge\na 1',
    'a sample without header': 'a 1\n',
    'a header without type': '# HELP a b\na 1\n',
    'a family twice': '# HELP a b\n# TYPE a gauge\na 1\n# HELP a b\n# TYPE a gauge\n',
    'a series twice': '# HELP a b\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 1\n',
    'a sample of another family': '# HELP a b\n# TYPE a gauge\nb 1\n',
    'an open label value': '# HELP a b\n# TYPE a gauge\na{x="1} 1\n',
    'a foreign escape': '# HELP a b\n# TYPE a gauge\na{x="\\t"} 1\n',
    'a bad value': '# HELP a b\n# TYPE a gauge\na Infinity\n',
    'a counter without suffix': '# HELP a b\n# TYPE a counter\na 1\n',
    'buckets that fall': `${HEADER}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
    'bounds that fall': `${HEADER}h_bucket{le="2"} 0\nh_bucket{le="1"} 0\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
    'no infinite bucket': `${HEADER}h_bucket{le="1"} 2\nh_sum 1\nh_count 2\n`,
    'a count that differs': `${HEADER}h_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n`,
    'no sum': `${HEADER}h_bucket{le="+Inf"} 1\nh_count 1\n`,
  };
  for (const [what, text] of Object.entries(bad)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseExposition(text, 'text'));
    });
  }

  it('refuses OpenMetrics without end mark and with bounds that are not canonical', () => {
    assert.throws(() => parseExposition('# HELP a b\n# TYPE a gauge\na 1\n', 'openmetrics'), /EOF/);
    const text = `${HEADER}h_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n# EOF\n`;
    assert.throws(() => parseExposition(text, 'openmetrics'), /canonical/);
  });
});
