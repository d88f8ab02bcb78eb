import { formatDiagnostics, formatDiagnosticsJson } from '../../config/format-diagnostics.ts';
import { CONFIG_HELP, CONFIG_OPTION, type Command, type CommandInput, textOption } from '../command.ts';
import { checkConfiguration, configurationPath } from '../configuration.ts';
import { EXIT_FAILED, EXIT_OK, type Terminal, UsageError } from '../terminal.ts';

/** `sluice validate`: every mistake of a configuration in one go. */
export const validateCommand: Command = {
  name: 'validate',
  summary: 'check a configuration: every mistake with file, line and column',
  usage: 'validate --config FILE|DIR [--format text|json] [--strict]',
  help: `Exit code 0: it can be served; 1: it cannot.

${CONFIG_HELP}
      --format FORMAT text (default) or json
      --strict        warnings count as errors

Examples:
  sluice validate --config gateway.yaml
  sluice validate --config conf.d --format json`,
  options: { ...CONFIG_OPTION, format: { type: 'string' }, strict: { type: 'boolean' } },
  run: validate,
};

async function validate(input: CommandInput, terminal: Terminal): Promise<number> {
  const format = textOption(input, 'format') ?? 'text';
  if (format !== 'text' && format !== 'json') throw new UsageError(`--format takes text or json, not "${format}"`);
  const path = configurationPath(input, terminal);
  const { config, diagnostics } = checkConfiguration(path, terminal);
  const { color, relative } = terminal;
  terminal.out(
    format === 'json'
      ? formatDiagnosticsJson(diagnostics, { relative })
      : formatDiagnostics(diagnostics, path, { color, relative }),
  );
  const isRefused = config === undefined || (input.options.strict === true && diagnostics.length > 0);
  return isRefused ? EXIT_FAILED : EXIT_OK;
}
