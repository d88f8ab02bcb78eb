import { createLogger, type Logger } from '../../src/telemetry/logger.ts';
import { until } from './until.ts';

export type LogLine = Readonly<Record<string, unknown>>;

/** A logger whose lines stay in memory. */
export interface CapturedLog {
  readonly logger: Logger;
  /** All lines as they would be written. */
  readonly text: string;
  readonly lines: readonly LogLine[];
  /** The lines of one request; waits until there is one, for at most two seconds. */
  ofRequest(requestId: string): Promise<readonly LogLine[]>;
}

/** Takes every level. A line that is not JSON fails the test that looks at it. */
export function captureLog(): CapturedLog {
  const texts: string[] = [];
  const logger = createLogger({
    level: 'debug',
    sink: { write: (line) => void texts.push(line), flushSync: () => {}, close: async () => {} },
  });
  const lines = () => texts.map((text) => JSON.parse(text) as LogLine);
  const requestLines = (requestId: string) =>
    lines().filter((line) => line.msg === 'request' && line.requestId === requestId);
  return {
    logger,
    get text() {
      return texts.join('');
    },
    get lines() {
      return lines();
    },
    ofRequest: async (requestId) => {
      await until(() => texts.some((text) => text.includes(requestId)), `a log line of ${requestId}`);
      return requestLines(requestId);
    },
  };
}
