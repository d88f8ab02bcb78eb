/**
 * Preloaded into every server of a benchmark: when the benchmark is gone, whatever ended it, so is the server. The
 * benchmark holds the other end of standard input. A worker of a server ends with that, and has no such input.
 */
import cluster from 'node:cluster';

if (cluster.isPrimary) {
  const { stdin } = process;
  const end = () => process.exit(1);
  stdin.on('end', end);
  stdin.on('error', end);
  stdin.resume();
  stdin.unref();
}
