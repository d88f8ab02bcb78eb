import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { buildMavenPackage } from '../../../../benchmarks/macro/maven-package.ts';

const JAR = 'target/it.jar';
const EARLIER = new Date('2024-01-01T00:00:00Z');
const LATER = new Date('2024-01-02T00:00:00Z');

/** Programs are looked for in `tools` alone, where scripts stand in for the real ones. */
describe('buildMavenPackage', () => {
  const { PATH } = process.env;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'maven-package-'));
    process.env.PATH = join(folder, 'tools');
    for (const name of ['pom.xml', 'src/main/Main.java']) write(name, '', EARLIER);
    for (const name of ['src/main', 'src']) utimesSync(join(folder, name), EARLIER, EARLIER);
    for (const name of ['java', 'javac']) write(`tools/${name}`, '#!/bin/sh\n');
    write('tools/mvn', `#!/bin/sh\nif [ "$1" != --version ]; then echo "$@" > ${JAR}; fi\n`);
    write(JAR, 'old', LATER);
  });
  afterEach(() => {
    process.env.PATH = PATH;
    rmSync(folder, { recursive: true });
  });

  function write(name: string, text: string, time = new Date()): void {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o755 });
    utimesSync(path, time, time);
  }

  function jar(): string {
    return readFileSync(join(folder, JAR), 'utf8');
  }

  it('leaves a jar alone that is newer than all sources', () => {
    assert.equal(buildMavenPackage(folder, JAR), undefined);
    assert.equal(jar(), 'old');
  });

  for (const changed of ['pom.xml', 'src/main/Main.java', 'src/main/Added.java']) {
    it(`builds again when ${changed} is newer than the jar`, () => {
      write(changed, 'new');
      assert.equal(buildMavenPackage(folder, JAR), undefined);
      assert.match(jar(), / package$/m);
    });
  }

  it('builds where there is no jar', () => {
    rmSync(join(folder, JAR));
    assert.equal(buildMavenPackage(folder, JAR), undefined);
    assert.match(jar(), / package$/m);
  });

  it('says what the machine lacks', () => {
    rmSync(join(folder, 'tools/javac'));
    rmSync(join(folder, 'tools/mvn'));
    assert.equal(
      buildMavenPackage(folder, JAR),
      'this machine has no javac, mvn (a JDK from 17 on and Maven are needed)',
    );
  });

  it('says why Maven failed', () => {
    rmSync(join(folder, JAR));
    write('tools/mvn', '#!/bin/sh\nif [ "$1" != --version ]; then echo "[ERROR] no such parent"; exit 1; fi\n');
    assert.match(buildMavenPackage(folder, JAR)!, /^mvn .* package failed: \[ERROR\] no such parent$/);
  });
});
