import type { Slot, SlotCaller } from '../../../src/bulkhead/slot.ts';
import type { GatewayError } from '../../../src/errors/gateway-error.ts';

/** A call that notes what it is told of its slot in a log shared with others. */
export class RecordingCaller implements SlotCaller {
  readonly name: string;
  readonly #log: string[];
  /** What the call does with its slot as soon as it is told. */
  whenHeld: (slot: Slot) => void = () => undefined;

  constructor(name: string, log: string[]) {
    this.name = name;
    this.#log = log;
  }

  onSlot(slot: Slot): void {
    this.#log.push(`${this.name} in ${slot.pool.name}`);
    this.whenHeld(slot);
  }

  onSlotRefused(error: GatewayError): void {
    this.#log.push(`${this.name} ${error.code} ${String(error.extensions?.pool)}`);
  }
}
