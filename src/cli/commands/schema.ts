import { configJsonSchema } from '../../config/json-schema.ts';
import type { Command } from '../command.ts';
import { EXIT_OK } from '../terminal.ts';

/** `sluice schema`. */
export const schemaCommand: Command = {
  name: 'schema',
  summary: 'print the JSON Schema of the configuration, for editors',
  usage: 'schema',
  help: `Prints the JSON Schema (draft 2020-12) of the configuration.

Example:
  sluice schema > gateway.schema.json
  then, as the first line of the YAML:  # yaml-language-server: $schema=./gateway.schema.json`,
  options: {},
  run: async (_input, terminal) => {
    terminal.out(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
    return EXIT_OK;
  },
};
