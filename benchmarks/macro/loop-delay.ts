/** How late the event loop of a server was. */
export interface LoopDelay {
  readonly p99Ms: number;
  readonly maxMs: number;
}

const TIMEOUT_MS = 5_000;

/** Asks the gateway's own metrics: the last 30 to 60 s. Undefined where it has none or nobody answers on the admin port. */
export async function readLoopDelay(adminPort: number): Promise<LoopDelay | undefined> {
  let text: string;
  try {
    const answer = await fetch(`http://127.0.0.1:${adminPort}/metrics`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = await answer.text();
  } catch {
    return undefined;
  }
  const [p99, max] = ['p99', 'max'].map((figure) =>
    new RegExp(`^nodejs_eventloop_lag_${figure}_seconds (\\S+)$`, 'm').exec(text),
  );
  return p99 && max ? { p99Ms: Number(p99[1]) * 1000, maxMs: Number(max[1]) * 1000 } : undefined;
}
