#!/usr/bin/env node
import { relative } from 'node:path';
import { runCli } from './cli/cli.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  environment: process.env,
  relative: (path) => {
    const short = relative(process.cwd(), path);
    return short !== '' && short.length < path.length ? short : path;
  },
});
