import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES, type ErrorCodeEntry } from '../../../src/errors/error-codes.ts';

const source = fileURLToPath(new URL('../../../src/', import.meta.url));
const readmePath = join(source, 'README.md');
const readme = readFileSync(readmePath, 'utf8');
const TABLE = /<!-- error-codes:start -->\n([\s\S]*?)\n?<!-- error-codes:end -->/;

const entries: readonly (readonly [string, ErrorCodeEntry])[] = Object.entries(ERROR_CODES);

/** All of src but the table itself. */
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('errors'))
  .map((name) => readFileSync(join(source, name), 'utf8'))
  .join('\n');

describe('error codes', () => {
  if (process.env.UPDATE_GOLDEN === '1') updateReadme();

  it('are in src/README.md as they are in the code', () => {
    const rows = TABLE.exec(readme)?.[1]?.trim().split('\n').slice(2).map(cells);
    assert.deepEqual(
      rows,
      entries.map(([name, entry]) => cells(row(name, entry))),
      'UPDATE_GOLDEN=1 writes the table',
    );
  });

  it('are all used', () => {
    assert.ok(code.length > 100_000, 'the sources were not found');
    const unused = entries.map(([name]) => name).filter((name) => !code.includes(`'${name}'`));
    assert.deepEqual(unused, []);
  });

  it('are all known where they are thrown', () => {
    const thrown = [...code.matchAll(/\bGatewayError\(\s*'([A-Z_]+)'/g)].map(([, name]) => name!);
    assert.ok(thrown.length > 20);
    assert.deepEqual(
      thrown.filter((name) => !Object.hasOwn(ERROR_CODES, name)),
      [],
    );
  });

  it('have a name that stays, a status that fits it, and words for people', () => {
    for (const [name, { status, grpcStatus, title, description }] of entries) {
      assert.match(name, /^[A-Z]+(_[A-Z]+)*$/);
      assert.ok(status >= 400 && status <= 599, name);
      assert.ok(grpcStatus >= 1 && grpcStatus <= 16, name);
      assert.match(title, /^[A-Z][^.]{5,40}$/, name);
      assert.match(description, /^[A-Z].{20,}\.$/, name);
      assert.doesNotMatch(description, /\|/, 'a cell of a table');
      const isCallersFault =
        name.startsWith('REQUEST_') || /^(ROUTE|METHOD|UNAUTH|FORBIDDEN|PRECONDITION|CONFIG|RATE|CLIENT)/.test(name);
      assert.equal(status < 500, isCallersFault, `${name} is ${status}`);
    }
  });

  it('differ in their titles', () => {
    const titles = entries.map(([, { title }]) => title);
    assert.equal(new Set(titles).size, titles.length);
  });
});

function row(name: string, { status, grpcStatus, description }: ErrorCodeEntry): string {
  return `| \`${name}\` | ${status} | ${grpcStatus} | ${description} |`;
}

/** The cells of a row; how wide they are set does not matter. */
function cells(line: string): string[] {
  return line.split('|').map((cell) => cell.trim());
}

function updateReadme(): void {
  const lines = [
    '| code | status | gRPC | when |',
    '|---|---|---|---|',
    ...entries.map(([name, entry]) => row(name, entry)),
  ];
  const table = `<!-- error-codes:start -->\n${lines.join('\n')}\n<!-- error-codes:end -->`;
  writeFileSync(
    readmePath,
    readme.replace(TABLE, () => table),
  );
  assert.fail('the table in src/README.md was written anew: check it by hand');
}
