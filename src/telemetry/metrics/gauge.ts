import { numberText } from './number-text.ts';
import { seriesName } from './series-name.ts';

/** A value that goes up and down. */
export class Gauge {
  readonly #prefix: string;
  #value = 0;

  constructor(metric: string, labels: string) {
    this.#prefix = `${seriesName(metric, labels)} `;
  }

  set(value: number): void {
    this.#value = value;
  }

  /** Adds an amount, which may be negative. */
  add(amount: number): void {
    this.#value += amount;
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
