import { parseArgs } from 'node:util';
import { DIALECTS, isDialectName } from './dialects.ts';
import { readFaultFile } from './faults.ts';
import { type MockProvider, type MockProviderOptions, startMockProvider } from './mock-provider.ts';

const DEFAULT_PORT = 20_880;
const MAX_MS = 86_400_000;

const HELP = `A Dubbo provider with the services of a small shop, for tests and for trying things out.

Usage: node --import tsx mock-providers/main.ts [options]

  --port N             port to listen on, 0 for a free one (default ${DEFAULT_PORT})
  --host ADDRESS       address to listen on (default 127.0.0.1)
  --dialect NAME       provider to imitate: ${Object.keys(DIALECTS).join(', ')} (default 3.3)
  --faults FILE        JSON or YAML file of scripted faults
  --ping-ms N          send a heartbeat after N ms without traffic, 0 for never (default: as the dialect does)
  --idle-close-ms N    close a connection after N ms without a byte from the client (default 180000)
  --exit-with-stdin    stop when standard input ends
  --quiet              print nothing but the ready line
  --help               print this

Prints "ready dubbo://HOST:PORT" once it listens. SIGTERM and SIGINT stop it after READONLY and the calls in flight;
a second signal stops it at once. Services, faults and dialects are described in mock-providers/README.md.
`;

/** A mistake on the command line. */
class UsageError extends Error {}

interface CommandLine {
  readonly options: MockProviderOptions;
  readonly faultFile: string | undefined;
  readonly exitWithStdin: boolean;
  readonly quiet: boolean;
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError ? '\nTry --help.' : '';
  process.stderr.write(`mock-provider: ${(error as Error).message}${usage}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function run(words: string[]): Promise<void> {
  const commandLine = readCommandLine(words);
  if (commandLine === null) {
    process.stdout.write(HELP);
    return;
  }
  const { options, faultFile, exitWithStdin, quiet } = commandLine;
  const script = faultFile === undefined ? { faults: [], seed: 1 } : await readFaultFile(faultFile);
  const provider = await startMockProvider({ ...options, ...script });
  process.stdout.write(`ready ${provider.address}\n`);
  if (!quiet) {
    process.stderr.write(`mock-provider: dialect ${provider.dialect}, ${script.faults.length} fault rules\n`);
  }
  stopOnSignals(provider, exitWithStdin);
}

function stopOnSignals(provider: MockProvider, exitWithStdin: boolean): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(0);
    stopping = true;
    provider.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (!exitWithStdin) return;
  process.stdin.on('end', stop);
  process.stdin.on('error', stop);
  process.stdin.resume();
}

function readCommandLine(words: string[]): CommandLine | null {
  const values = parseWords(words);
  if (values.help) return null;
  const dialect = values.dialect ?? '3.3';
  if (!isDialectName(dialect)) {
    throw new UsageError(`--dialect ${dialect}: there are ${Object.keys(DIALECTS).join(', ')}`);
  }
  const pingMs = numberOption('--ping-ms', values['ping-ms'], MAX_MS);
  const idleCloseMs = numberOption('--idle-close-ms', values['idle-close-ms'], MAX_MS);
  return {
    options: {
      port: numberOption('--port', values.port, 65_535) ?? DEFAULT_PORT,
      host: values.host ?? '127.0.0.1',
      dialect,
      ...(pingMs === undefined ? {} : { pingMs }),
      ...(idleCloseMs === undefined ? {} : { idleCloseMs }),
    },
    faultFile: values.faults,
    exitWithStdin: values['exit-with-stdin'] ?? false,
    quiet: values.quiet ?? false,
  };
}

function parseWords(words: string[]) {
  try {
    const { values } = parseArgs({
      args: words,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        dialect: { type: 'string' },
        faults: { type: 'string' },
        'ping-ms': { type: 'string' },
        'idle-close-ms': { type: 'string' },
        'exit-with-stdin': { type: 'boolean' },
        quiet: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function numberOption(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text) || Number(text) > max)
    throw new UsageError(`${name} ${text}: a number from 0 to ${max} is needed`);
  return Number(text);
}
