import type { AdmissionCaller } from '../../../src/admission/admission-ticket.ts';
import type { GatewayError } from '../../../src/errors/gateway-error.ts';

/** A request that notes what it is told of its admission in a log shared with others. */
export class RecordingRequest implements AdmissionCaller {
  readonly name: string;
  readonly #log: string[];
  /** What the request does as soon as it is admitted. */
  whenAdmitted: () => void = () => undefined;

  constructor(name: string, log: string[]) {
    this.name = name;
    this.#log = log;
  }

  onAdmitted(): void {
    this.#log.push(`${this.name} admitted`);
    this.whenAdmitted();
  }

  onAdmissionRefused(error: GatewayError): void {
    this.#log.push(`${this.name} ${error.code}`);
  }
}
