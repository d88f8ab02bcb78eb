import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { classFolder, INTEROP_FOLDER, jarFolder, NACOS_CLASS_FOLDER, NACOS_JAR_FOLDER } from '../peers/paths.ts';
import type { JavaPeerName } from '../peers/peer-names.ts';
import { contentHash, isBuiltFrom, writeStamp } from './content-stamp.ts';
import { runTool } from './run-tool.ts';

const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const STAMP = '.built-from';

/**
 * Fetches the jars of one Dubbo version and compiles our service against them. Each step is done only when what it is
 * made from has changed.
 */
export async function buildJavaPeer(name: JavaPeerName): Promise<void> {
  await fetchJars(name, jarFolder(name));
  await compile(classFolder(name), jarFolder(name), ['service', providerFolder(name)], '8');
}

/** Fetches the jars of a Nacos server and compiles what starts it, as above. */
export async function buildNacosServer(): Promise<void> {
  await fetchJars('nacos', NACOS_JAR_FOLDER);
  await compile(NACOS_CLASS_FOLDER, NACOS_JAR_FOLDER, ['nacos'], '17');
}

async function fetchJars(profile: string, folder: string): Promise<void> {
  const hash = contentHash([join(INTEROP_FOLDER, 'pom.xml')], INTEROP_FOLDER);
  if (isBuiltFrom(join(folder, STAMP), hash)) return;
  rmSync(folder, { recursive: true, force: true });
  await runTool(
    'mvn',
    [
      ...['--batch-mode', '--quiet', '--no-transfer-progress', '-Dmaven.wagon.http.retryHandler.count=3'],
      ...['--activate-profiles', profile, COPY_DEPENDENCIES, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`],
    ],
    INTEROP_FOLDER,
  );
  writeStamp(join(folder, STAMP), hash);
}

async function compile(folder: string, jars: string, sourceNames: readonly string[], release: string): Promise<void> {
  const sources = sourceNames.map((name) => join(INTEROP_FOLDER, 'java', name));
  const hash = contentHash([join(INTEROP_FOLDER, 'pom.xml'), ...sources], INTEROP_FOLDER);
  if (isBuiltFrom(join(folder, STAMP), hash)) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await runTool(
    'javac',
    [
      ...['--release', release, '-Xlint:-options', '-nowarn', '-encoding', 'UTF-8'],
      ...['-cp', join(jars, '*'), '-d', folder],
      ...sources.flatMap(javaFiles),
    ],
    INTEROP_FOLDER,
  );
  writeStamp(join(folder, STAMP), hash);
}

/** Dubbo moved from com.alibaba to org.apache with 2.7. */
function providerFolder(name: JavaPeerName): string {
  return name.startsWith('2.6') ? 'provider26' : 'provider27';
}

function javaFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries.filter((entry) => entry.endsWith('.java')).map((entry) => join(folder, entry));
}
