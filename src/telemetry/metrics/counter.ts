import { numberText } from './number-text.ts';
import { seriesName } from './series-name.ts';

/** A sum that only grows. Exact for whole numbers up to 2^53. */
export class Counter {
  readonly #prefix: string;
  #value = 0;

  constructor(metric: string, labels: string) {
    this.#prefix = `${seriesName(metric, labels)} `;
  }

  /** Adds an amount. One that is negative or not finite is ignored: a counter never goes back. */
  add(amount: number): void {
    if (amount > 0 && amount < Number.POSITIVE_INFINITY) this.#value += amount;
  }

  get value(): number {
    return this.#value;
  }

  get values(): readonly number[] {
    return [this.#value];
  }

  /** The series as it is now, in either format. */
  lines(): string {
    return `${this.#prefix}${numberText(this.#value)}\n`;
  }
}
