import cluster from 'node:cluster';
import { systemClock } from '../time/clock.ts';
import { WorkerGateway } from './worker-gateway.ts';
import { ALIVE_INTERVAL_MS, type PrimaryMessage, type WorkerMessage } from './worker-messages.ts';

const ALIVE: WorkerMessage = { kind: 'alive' };

// The entry of a worker. It says that it is loaded, and then does what its primary says.
const gateway = new WorkerGateway({ clock: systemClock, send, exit });

process.on('message', (message: PrimaryMessage) => gateway.receive(message));
process.channel?.ref();

// Ctrl-C and what is sent to all processes of a unit reach workers too; what is to be done, the primary says.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

// The primary is gone, and with it the port: the requests that came still get their answers.
cluster.worker?.on('disconnect', () => {
  // Without this word Node would end the process at once.
  if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
  void gateway.stop();
});

setInterval(() => send(ALIVE), ALIVE_INTERVAL_MS);
send({ kind: 'loaded' });

/** Once all that was sent is on its way. */
function exit(code: number): void {
  if (process.connected) process.send?.(ALIVE, undefined, undefined, () => process.exit(code));
  else process.exit(code);
}

/** Where the primary is gone, nobody needs to know. */
function send(message: WorkerMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
