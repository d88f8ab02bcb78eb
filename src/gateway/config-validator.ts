import type { ValidationAnswer } from '../admin/answers/config-answers.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { RouteSelection } from '../config/select-routes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { ConfigProcess } from './config-process.ts';

/** Most memory in MiB and time in ms for one check. A large configuration takes some seconds. */
const MAX_HEAP_MIB = 512;
const DEFAULT_TIMEOUT_MS = 30_000;

/** Checks texts of configurations in a process of its own, one at a time. The process has no environment. */
export class ConfigValidator {
  readonly #timeoutMs: number;
  #process: ConfigProcess | undefined;

  constructor(timeoutMs = DEFAULT_TIMEOUT_MS) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Rejects with GatewayError RATE_LIMITED while another text is checked, REQUEST_INVALID for one that takes too much.
   *
   * @param current the configuration to compare with, secrets masked; undefined where nothing is compared
   * @param selection the routes that would be served; default all
   */
  async validate(text: string, current?: GatewayConfig, selection?: RouteSelection): Promise<ValidationAnswer> {
    if (this.#process !== undefined) {
      const detail = 'Another configuration is being checked; try again when that has ended.';
      throw new GatewayError('RATE_LIMITED', detail, { headers: { 'retry-after': '1' } });
    }
    let answer: ValidationAnswer | undefined;
    const limits = { maxHeapMib: MAX_HEAP_MIB, timeoutMs: this.#timeoutMs };
    const checker = new ConfigProcess({ kind: 'validate', text, current, selection }, {}, limits, (message) => {
      answer = message as ValidationAnswer;
    });
    this.#process = checker;
    try {
      await checker.ended;
    } catch (error) {
      if (answer === undefined) throw tooComplex(error);
    } finally {
      this.#process = undefined;
    }
    if (answer === undefined) throw tooComplex(undefined);
    return answer;
  }

  /** Ends the check that is under way. */
  close(): void {
    this.#process?.kill();
  }
}

function tooComplex(cause: unknown): GatewayError {
  const detail = 'The configuration takes too much time or memory to be checked here.';
  return new GatewayError('REQUEST_INVALID', detail, { cause });
}
