import { type ConfigTask, type LoadMessage, READY } from './config-task.ts';
import { readConfigFiles } from './read-config-files.ts';
import { validateConfigText } from './validate-config-text.ts';

/** Routes in one message: a part of a millisecond's work for who receives it. */
const ROUTES_AT_ONCE = 100;

// The entry of a process of its own: says that it is ready, does the one task that it is sent then, answers, and ends. It
// says so since what else is loaded into it may listen before it does, and may have let go of the channel.
process.once('message', (task: ConfigTask) => {
  if (task.kind === 'validate') process.send?.(validateConfigText(task.text, task.current, task.selection), end);
  else load(task.path);
});
process.channel?.ref();
process.send?.(READY);

function load(path: string): void {
  const { config, ...files } = readConfigFiles(path, process.env);
  const routes = config?.routes ?? [];
  for (let start = 0; start < routes.length; start += ROUTES_AT_ONCE) {
    send({ kind: 'routes', routes: routes.slice(start, start + ROUTES_AT_ONCE) });
  }
  send({ kind: 'loaded', files, config: config && { ...config, routes: [] } }, end);
}

function send(message: LoadMessage, onSent: () => void = () => {}): void {
  process.send?.(message, onSent);
}

function end(): void {
  process.disconnect();
}
