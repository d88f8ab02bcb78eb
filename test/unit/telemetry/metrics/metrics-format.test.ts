import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { negotiateMetricsFormat } from '../../../../src/telemetry/metrics/metrics-format.ts';

/** What Prometheus 2.4x and 3.x send. */
const PROMETHEUS_2 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

const CASES: readonly [accept: string | undefined, format: 'text' | 'openmetrics'][] = [
  [undefined, 'text'],
  ['', 'text'],
  ['*/*', 'text'],
  [BROWSER, 'text'],
  [PROMETHEUS_2, 'openmetrics'],
  [PROMETHEUS_3, 'openmetrics'],
  ['text/plain', 'text'],
  ['application/openmetrics-text', 'openmetrics'],
  ['APPLICATION/OpenMetrics-Text ; Version="1.0.0" ; Q=1', 'openmetrics'],
  ['application/openmetrics-text;version=2.0.0', 'text'],
  ['application/*', 'openmetrics'],
  ['application/*, text/plain', 'text'],
  ['application/openmetrics-text, text/plain', 'openmetrics'],
  ['text/plain, application/openmetrics-text;q=0.9', 'text'],
  ['text/plain;q=0.9, application/openmetrics-text', 'openmetrics'],
  ['application/openmetrics-text;q=0, */*', 'text'],
  ['application/openmetrics-text;q=0.0, text/plain;q=0', 'text'],
  ['text/plain;q=0, */*', 'openmetrics'],
  ['application/openmetrics-text;version=1.0.0;q=0.1, application/openmetrics-text, text/plain;q=0.5', 'text'],
  ['application/openmetrics-text;q=2', 'text'],
  ['application/openmetrics-text;q=', 'text'],
  ['application/openmetrics-text;q=0.1234', 'text'],
  ['*/openmetrics-text', 'text'],
  [',;,=;q', 'text'],
  [`application/openmetrics-text${' '.repeat(5000)}`, 'text'],
];

describe('negotiateMetricsFormat()', () => {
  for (const [accept, format] of CASES) {
    it(`gives ${format} for ${accept === undefined ? 'no header' : JSON.stringify(accept.slice(0, 90))}`, () => {
      assert.equal(negotiateMetricsFormat(accept), format);
    });
  }

  it('gives OpenMetrics only to who can take it, whatever the header', () => {
    const piece = fc.constantFrom(
      'text/plain',
      'application/openmetrics-text',
      '*/*',
      ';q=',
      '0.5',
      '0',
      '1',
      ',',
      ';',
      '=',
      ' ',
      'version=1.0.0',
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const accept = pieces.join('');
        if (negotiateMetricsFormat(accept) === 'openmetrics') assert.match(accept, /openmetrics-text|\*\/\*/);
      }),
    );
  });
});
