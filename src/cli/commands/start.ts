import { availableParallelism } from 'node:os';
import { formatDiagnostics } from '../../config/format-diagnostics.ts';
import { assembleGateway, type Gateway } from '../../gateway/gateway.ts';
import { createLogSink } from '../../telemetry/log-sink.ts';
import { createLogger } from '../../telemetry/logger.ts';
import { GatewayGroup } from '../../workers/gateway-group.ts';
import { workerCount } from '../../workers/worker-count.ts';
import { CONFIG_HELP, CONFIG_OPTION, type Command, type CommandInput, textOptions } from '../command.ts';
import { checkConfiguration, configurationPath } from '../configuration.ts';
import { EXIT_FAILED, EXIT_OK, type Terminal } from '../terminal.ts';

/** `sluice start`: serves until SIGTERM or SIGINT. */
export const startCommand: Command = {
  name: 'start',
  summary: 'serve the configuration',
  usage: 'start --config FILE|DIR [--only TAG]... [--except TAG]... [--no-watch]',
  help: `Serves until SIGTERM or Ctrl-C, then drains within server.drainTimeoutMs; a second signal ends at once.
Logs are JSON lines on standard output.

A change of the files takes effect by itself, within a second and without a lost call; SIGHUP reads them again. What is
wrong with them is logged, and what was in force stays so.

With server.workers above 1 that many processes serve, and this one looks after them: signals are for this one.

${CONFIG_HELP}
      --only TAG      serve only routes with this tag; several: with any of them
      --except TAG    serve no route with this tag; may come several times
      --no-watch      read the files at the start and on SIGHUP only

Examples:
  sluice start --config gateway.yaml
  sluice start --config gateway.yaml --only trade
  SLUICE_CONFIG=/etc/sluice sluice start`,
  options: {
    ...CONFIG_OPTION,
    only: { type: 'string', multiple: true },
    except: { type: 'string', multiple: true },
    'no-watch': { type: 'boolean' },
  },
  run: start,
};

async function start(input: CommandInput, terminal: Terminal): Promise<number> {
  const path = configurationPath(input, terminal);
  const selection = { only: textOptions(input, 'only'), except: textOptions(input, 'except') };
  const { config, diagnostics, files } = checkConfiguration(path, terminal, selection);
  if (diagnostics.length > 0) {
    terminal.error(formatDiagnostics(diagnostics, path, { color: terminal.color, relative: terminal.relative }));
  }
  if (config === undefined) return EXIT_FAILED;
  const sink = createLogSink(1);
  const logger = createLogger({ level: config.log.level, sink });
  const watchFiles = input.options['no-watch'] !== true;
  const parts = { logger, files, selection, environment: terminal.environment, watchFiles };
  const { count, boundBy } = workerCount(config, availableParallelism());
  if (boundBy !== undefined) {
    logger.warn('fewer workers than processors: there is too little to share among more', { workers: count, boundBy });
  }
  const gateway = count === 1 ? assembleGateway(config, parts) : new GatewayGroup(config, { ...parts, count, sink });
  const ended = stopOnSignal(gateway);
  process.on('SIGHUP', () => void gateway.reload('signal'));
  try {
    await gateway.start();
  } catch (error) {
    terminal.error(`${listenProblem(error)}\n`);
    await gateway.stop();
    await logger.close();
    return EXIT_FAILED;
  }
  await ended;
  await logger.close();
  return EXIT_OK;
}

/** Resolves when the gateway has stopped. The second signal ends the process, whatever still runs. */
function stopOnSignal(gateway: Gateway | GatewayGroup): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (stopping) {
        if (gateway instanceof GatewayGroup) gateway.kill();
        process.exit(signal === 'SIGINT' ? 130 : 143);
      }
      stopping = true;
      void gateway.stop().then(resolve);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

function listenProblem(error: unknown): string {
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const place = port === undefined ? '' : ` ${address}:${port}`;
  if (code === 'EADDRINUSE') return `cannot listen: the address${place} is in use`;
  if (code === 'EACCES') return `cannot listen: no permission for the address${place}`;
  if (code === 'EADDRNOTAVAIL') return `cannot listen: this machine has no address${place}`;
  if (code === 'ENOTFOUND') return 'cannot listen: the host name of server.http or server.admin is unknown';
  return `cannot start: ${error instanceof Error ? error.message : String(error)}`;
}
