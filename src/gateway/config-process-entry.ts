import { loadConfig } from '../config/load-config.ts';
import { findingsOfCompiling } from './compile-findings.ts';
import type { ConfigTask, LoadMessage } from './config-task.ts';
import { validateConfigText } from './validate-config-text.ts';

/** Routes in one message: a part of a millisecond's work for who receives it. */
const ROUTES_AT_ONCE = 100;

// The entry of a process of its own: does the one task that it is sent, answers, and ends.
process.once('message', (task: ConfigTask) => {
  if (task.kind === 'validate') process.send?.(validateConfigText(task.text), end);
  else load(task.path);
});

function load(path: string): void {
  const { config, diagnostics, locate, ...files } = loadConfig(path, process.env);
  const found = config === undefined ? [] : findingsOfCompiling(config).map(locate);
  const isUsable = config !== undefined && found.length === 0;
  if (isUsable) {
    for (let start = 0; start < config.routes.length; start += ROUTES_AT_ONCE) {
      send({ kind: 'routes', routes: config.routes.slice(start, start + ROUTES_AT_ONCE) });
    }
  }
  const rest = isUsable ? { ...config, routes: [] } : undefined;
  send({ kind: 'loaded', files: { ...files, diagnostics: [...diagnostics, ...found] }, config: rest }, end);
}

function send(message: LoadMessage, onSent: () => void = () => {}): void {
  process.send?.(message, onSent);
}

function end(): void {
  process.disconnect();
}
