import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

/** The floors of the house, from the roof down. An import may only go to a lower floor or stay in its own folder. */
const FLOORS: readonly (readonly string[])[] = [
  ['main.ts', 'index.ts'],
  ['cli'],
  ['workers'],
  ['gateway'],
  ['http', 'admin'],
  ['upstream'],
  ['invocation'],
  ['rpc'],
  ['transcoder'],
  ['dubbo'],
  ['balancing'],
  ['hessian', 'json', 'registry', 'routing', 'bulkhead', 'admission'],
  ['config'],
  ['java'],
  ['bytes', 'time', 'telemetry'],
  ['errors'],
];

/** The only files that may own a clock, a timer or a socket, each with what it may use. */
const SHELLS: Readonly<Record<string, RegExp>> = {
  'time/clock.ts': /Date\.now|performance\.now/,
  'telemetry/loop-meter.ts': /performance\.eventLoopUtilization/,
  'time/ticker.ts': /setInterval|clearInterval|setTimeout|clearTimeout|setImmediate/,
  'registry/dns-lookup.ts': /node:dns/,
  'registry/zookeeper/zookeeper-session.ts': /setTimeout|clearTimeout/,
  'registry/nacos/nacos-session.ts': /Date\.now|setTimeout|clearTimeout/,
  'registry/nacos/nacos-http.ts': /node:http|setTimeout|clearTimeout/,
  'rpc/connection.ts': /node:net|setImmediate/,
  'rpc/rpc-client.ts': /node:net/,
  'http/answer-writer.ts': /setTimeout|clearTimeout/,
  'http/connection-refuser.ts': /node:http|setTimeout|clearTimeout/,
  'http/http-server.ts': /node:http|setInterval|clearInterval|setTimeout|clearTimeout/,
  'http/trusted-proxies.ts': /node:net/, // address arithmetic only: BlockList opens no socket
  'cli/admin-client.ts': /node:https?|setTimeout|clearTimeout/,
  'cli/repeat.ts': /setTimeout|clearTimeout/,
  'gateway/config-process.ts': /setTimeout|clearTimeout/,
  'gateway/config-watch.ts': /setInterval|clearInterval|setTimeout|clearTimeout/,
  'time/run-in-slices.ts': /setImmediate/,
  'admin/admin-server.ts': /node:http|setTimeout|clearTimeout/,
  'telemetry/metrics/event-loop-metrics.ts': /setInterval|clearInterval|monitorEventLoopDelay/,
  'telemetry/metrics/gc-metrics.ts': /PerformanceObserver/,
  'telemetry/metrics/next-turn.ts': /setImmediate/,
  'telemetry/log-sink.ts': /setInterval|clearInterval|setTimeout|clearTimeout/,
  'telemetry/logger.ts': /Date\.now/,
  'workers/worker-entry.ts': /setInterval/,
  'workers/worker-processes.ts': /setInterval|clearInterval|setTimeout|clearTimeout/,
  'workers/worker-slot.ts': /setTimeout|clearTimeout/,
};

const OUTSIDE =
  /\bDate\.now\b|\bperformance\.(?:now|eventLoopUtilization)\b|\bmonitorEventLoopDelay\b|\bPerformanceObserver\b|\bsetTimeout\b|\bclearTimeout\b|\bsetInterval\b|\bclearInterval\b|\bsetImmediate\b|'node:(?:net|http|https|http2|tls|dgram|dns|dns\/promises)'/g;

const MAX_LINES = 400;
const MAX_MEDIAN_LINES = 150;

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../src');
const files = sourceFiles(root);
const imports = new Map(files.map((file) => [file, importsOf(file)]));

describe('architecture', () => {
  it('knows the floor of every file', () => {
    assert.ok(files.length > 50, 'the sources were not found');
    for (const file of files) assert.notEqual(floorOf(file), -1, `${file} stands on no floor`);
  });

  it('imports only downward', () => {
    const upward: string[] = [];
    for (const [file, targets] of imports) {
      for (const target of targets) {
        const sameFolder = folderOf(file) === folderOf(target);
        if (!sameFolder && floorOf(target) <= floorOf(file)) upward.push(`${file} -> ${target}`);
      }
    }
    assert.deepEqual(upward, []);
  });

  it('has no circle of imports, type imports counted', () => {
    assert.deepEqual(circles(imports), []);
  });

  it('keeps files short', () => {
    const lengths = files.map((file) => [file, lineCount(file)] as const);
    assert.deepEqual(
      lengths.filter(([, lines]) => lines > MAX_LINES),
      [],
    );
    const sorted = lengths.map(([, lines]) => lines).sort((a, b) => a - b);
    assert.ok(sorted[Math.floor(sorted.length / 2)]! <= MAX_MEDIAN_LINES);
  });

  it('has clocks, timers and sockets in named shells only', () => {
    const strays: string[] = [];
    for (const file of files) {
      for (const [word] of runningCodeOf(file).matchAll(OUTSIDE)) {
        if (!SHELLS[file]?.test(word)) strays.push(`${file}: ${word}`);
      }
    }
    assert.deepEqual(strays, []);
  });

  it('names no shell that is not one', () => {
    const idle = Object.keys(SHELLS).filter((file) => !files.includes(file) || !runningCodeOf(file).match(OUTSIDE));
    assert.deepEqual(idle, []);
  });

  it('has one barrel: index.ts', () => {
    const barrels = files.filter((file) => file !== 'index.ts' && /^export (?:\*|\{[^}]*\}) from/m.test(codeOf(file)));
    assert.deepEqual(barrels, []);
  });
});

describe('circles', () => {
  it('finds a circle of two and of three', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['a', 'c']],
      ['c', ['d']],
      ['d', ['e']],
      ['e', ['c']],
    ]);
    assert.deepEqual(circles(graph), [
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
  });
});

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

function importsOf(file: string): string[] {
  const found: string[] = [];
  for (const [, specifier] of codeOf(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
    found.push(relative(root, join(root, dirname(file), specifier!)).replaceAll('\\', '/'));
  }
  return found;
}

/** The source without comments, so that words in prose do not count. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}

/** Without type imports, which are gone when the code runs. */
function runningCodeOf(file: string): string {
  return codeOf(file).replaceAll(/^import type [\s\S]*?;$/gm, '');
}

function lineCount(file: string): number {
  return readFileSync(join(root, file), 'utf8').split('\n').length - 1;
}

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file;
}

function floorOf(file: string): number {
  return FLOORS.findIndex((floor) => floor.includes(folderOf(file)));
}

/** Groups of two or more files that reach each other (Tarjan's strongly connected components). */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const target of graph.get(node) ?? []) {
      if (!index.has(target)) visit(target);
      if (stack.includes(target)) low.set(node, Math.min(low.get(node)!, low.get(target)!));
    }
    if (low.get(node) === index.get(node)) {
      const group = stack.splice(stack.indexOf(node));
      if (group.length > 1) found.push(group.sort());
    }
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found.sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}
