import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Diagnostic } from '../../../src/config/diagnostic.ts';
import { formatConfigPath } from '../../../src/config/diagnostic.ts';
import { formatDiagnostics, formatDiagnosticsJson } from '../../../src/config/format-diagnostics.ts';

const ERROR: Diagnostic = {
  severity: 'error',
  file: '/etc/sluice/my.yaml',
  line: 12,
  column: 5,
  path: 'routes[0].mach',
  message: 'unknown key "mach"',
  suggestion: 'match',
  excerpt: '    mach: {}',
};
const WARNING: Diagnostic = { severity: 'warning', file: '', line: 0, column: 0, path: 'log', message: 'hm' };
const relative = (file: string): string => file.replace('/etc/sluice/', '');

describe('formatDiagnostics', () => {
  it('prints place, sentence, line with caret, and a sum', () => {
    assert.equal(
      formatDiagnostics([ERROR, WARNING, WARNING], '/etc/sluice/my.yaml', { relative }),
      `my.yaml:12:5  error  unknown key "mach"; did you mean "match"?
   12 |     mach: {}
      |     ^
log  warning  hm
log  warning  hm

1 error, 2 warnings in my.yaml
`,
    );
  });

  it('says so when there is nothing', () => {
    assert.equal(formatDiagnostics([], 'my.yaml'), 'no errors in my.yaml\n');
  });

  it('uses colours only when asked', () => {
    assert.ok(!formatDiagnostics([ERROR], 'a').includes('\u001b'));
    assert.ok(formatDiagnostics([ERROR], 'a', { color: true }).includes('\u001b[31merror\u001b[0m'));
  });

  it('lets no control or bidirectional character of the file act on the terminal', () => {
    const hostile = { ...ERROR, message: 'a\u001b[2Jb\u202e', excerpt: '\tx: \u0007\u009b' };
    const text = formatDiagnostics([hostile], 'a');
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
  });
});

describe('formatDiagnosticsJson', () => {
  it('is an object with counts and one entry for each finding', () => {
    assert.deepEqual(JSON.parse(formatDiagnosticsJson([ERROR, WARNING], { relative })), {
      ok: false,
      errors: 1,
      warnings: 1,
      diagnostics: [
        {
          severity: 'error',
          file: 'my.yaml',
          line: 12,
          column: 5,
          path: 'routes[0].mach',
          message: 'unknown key "mach"',
          suggestion: 'match',
        },
        { severity: 'warning', file: '', line: 0, column: 0, path: 'log', message: 'hm' },
      ],
    });
  });
});

describe('formatConfigPath', () => {
  it('quotes keys that are no plain names', () => {
    assert.equal(formatConfigPath(['types', 'com.acme.A', 'b c', 0, 'x-y']), 'types["com.acme.A"]["b c"][0].x-y');
    assert.equal(formatConfigPath([]), '');
  });
});
