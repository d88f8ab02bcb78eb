import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { BuiltSources } from '../../../../benchmarks/macro/built-sources.ts';

/** Two sources, the second with a function in its third line, and what is built of them. */
async function built(context: TestContext, sourcemap: 'inline' | false) {
  const folder = mkdtempSync(join(tmpdir(), 'built-sources-'));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'src'));
  const [main, other] = [join(folder, 'src/main.ts'), join(folder, 'src/other.ts')];
  writeFileSync(main, "import { double } from './other.ts';\nexport const four: number = double(2);\n");
  writeFileSync(other, '// One\n// Two\nexport function double(value: number): number {\n  return 2 * value;\n}\n');
  const outfile = join(folder, 'dist/deep/main.js');
  await build({ entryPoints: [main], outfile, bundle: true, format: 'esm', minifyWhitespace: true, sourcemap });
  const lines = readFileSync(outfile, 'utf8').split('\n');
  const lineNumber = lines.findIndex((line) => line.includes('function double'));
  const columnNumber = lines[lineNumber]!.indexOf('function double');
  return { url: pathToFileURL(outfile).href, outfile, other, lineNumber, columnNumber };
}

describe('BuiltSources', () => {
  it('names the source of a place in a built file', async (context) => {
    const { url, other, lineNumber, columnNumber } = await built(context, 'inline');
    assert.deepEqual(new BuiltSources().placeOf(url, lineNumber, columnNumber), { path: other, lineNumber: 2 });
  });

  it('gives the place back where nothing is known of its source', async (context) => {
    const { url, outfile, lineNumber, columnNumber } = await built(context, false);
    assert.deepEqual(new BuiltSources().placeOf(url, lineNumber, columnNumber), { path: outfile, lineNumber });
  });
});
