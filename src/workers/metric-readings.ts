import type { MetricPage } from '../telemetry/metrics/metric-page.ts';
import { metricPages } from '../telemetry/metrics/metric-pages.ts';
import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { MetricPageQuery } from './worker-requests.ts';

/** Readings under way at a time. The oldest one ends for a further one: its reader has given it up. */
const MAX_READINGS = 4;

interface Reading {
  readonly pages: AsyncGenerator<MetricPage, void, undefined>;
  /** Number of the page that is next. */
  next: number;
}

/** The metrics of this worker, page by page, so that neither it nor its primary is held up. */
export class MetricReadings {
  readonly #registry: MetricRegistry;
  readonly #readings = new Map<number, Reading>();

  constructor(registry: MetricRegistry) {
    this.#registry = registry;
  }

  /** Rejects with an Error for a page that is not the next one of its reading. */
  async page({ reading: number, page }: MetricPageQuery): Promise<MetricPage> {
    const reading = page === 0 ? this.#begin(number) : this.#readings.get(number);
    if (reading === undefined || reading.next !== page) {
      throw new Error(`page ${page} of reading ${number} is not the next one`);
    }
    reading.next++;
    const { value } = await reading.pages.next();
    if (value === undefined) throw new Error(`reading ${number} has ended`);
    if (value.isLast) this.#readings.delete(number);
    return value;
  }

  #begin(number: number): Reading {
    const reading = { pages: metricPages(this.#registry), next: 0 };
    this.#readings.delete(number);
    this.#readings.set(number, reading);
    if (this.#readings.size > MAX_READINGS) {
      const [oldest] = this.#readings.keys();
      this.#readings.delete(oldest!);
    }
    return reading;
  }
}
