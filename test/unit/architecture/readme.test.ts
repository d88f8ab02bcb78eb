import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runCli } from '../../../src/cli/cli.ts';
import { CapturedTerminal } from '../../support/captured-terminal.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const minimal = blocks('yaml')[0]!;

describe('README', () => {
  it('shows a configuration that can be served', async () => {
    assert.deepEqual(await sluice(minimal, 'validate'), { code: 0, text: 'no errors in my.yaml\n' });
  });

  it('shows what explain prints', async () => {
    const shown = output('npx sluice explain GET /users/42 --config my.yaml');
    assert.deepEqual(await sluice(minimal, 'explain', 'GET', '/users/42'), { code: 0, text: shown });
  });

  it('shows what validate prints of two mistakes', async () => {
    const broken = minimal.replace('service: users', 'service: user').replace('path.id', 'path.ident');
    const shown = output('npx sluice validate --config my.yaml');
    assert.deepEqual(await sluice(broken, 'validate'), { code: 1, text: shown });
  });

  it('links only to what exists', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link!);
    assert.ok(links.length > 5);
    for (const link of links) readFileIfFolder(link);
  });
});

async function sluice(yaml: string, ...words: string[]): Promise<{ code: number; text: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-readme-'));
  const path = join(folder, 'my.yaml');
  writeFileSync(path, yaml);
  const terminal = new CapturedTerminal({ relative: (name) => name.replace(`${folder}/`, '') });
  try {
    const code = await runCli([...words, '--config', path], terminal);
    return { code, text: terminal.output + terminal.errors };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text!);
}

/** What a console block shows below a command. */
function output(command: string): string {
  const block = blocks('console').find((text) => text.startsWith(`$ ${command}\n`));
  assert.ok(block, `the README does not show: ${command}`);
  return block.slice(command.length + 3);
}

function readFileIfFolder(link: string): void {
  const url = new URL(`../../../${link}`, import.meta.url);
  assert.doesNotThrow(() => {
    try {
      readFileSync(url);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    }
  }, `the README links to ${link}`);
}
