import { PRODUCT_VERSION } from '../../telemetry/product-version.ts';
import type { Command, CommandInput } from '../command.ts';
import { EXIT_OK, type Terminal } from '../terminal.ts';

/** `sluice version`. */
export const versionCommand: Command = {
  name: 'version',
  summary: 'print the version',
  usage: 'version [--json]',
  help: 'Prints the version of Sluice and of Node.js.',
  options: { json: { type: 'boolean' } },
  run: version,
};

async function version(input: CommandInput, terminal: Terminal): Promise<number> {
  const sluice = PRODUCT_VERSION;
  const { node } = process.versions;
  terminal.out(
    input.options.json === true ? `${JSON.stringify({ sluice, node })}\n` : `sluice ${sluice} (node ${node})\n`,
  );
  return EXIT_OK;
}
