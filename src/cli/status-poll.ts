import type { Clock } from '../time/clock.ts';
import type { AdminAnswer, AdminClient } from './admin-client.ts';
import { AdminError, notAdminPort } from './admin-failure.ts';
import {
  AnswerShapeError,
  type ConfigurationAnswer,
  readConfiguration,
  readStatus,
  readWorkers,
  type StatusAnswer,
  type WorkerAnswer,
} from './status-answer.ts';
import type { StatusOutput } from './status-output.ts';
import { shownMethods } from './status-view.ts';

/** Methods on a page, where those to be shown are few and come first, and where all are wanted. */
const USUAL_LIMIT = 100;
const ALL_LIMIT = 1_000;
/** Pages that are asked for at most; a gateway remembers 10,000 methods that are not in use. */
const MAX_PAGES = 50;

interface Page {
  readonly status: StatusAnswer;
  readonly json: Readonly<Record<string, unknown>>;
  readonly wallMs: number | undefined;
}

interface ConfigurationPage {
  readonly answer: ConfigurationAnswer;
  readonly json: { readonly generation: unknown; readonly lastReload: unknown };
}

interface WorkersPage {
  readonly answer: readonly WorkerAnswer[];
  readonly json: unknown;
}

/** Asks for the status, page by page as far as it is shown, and remembers the last one for rates. */
export class StatusPoll {
  readonly #client: AdminClient;
  readonly #clock: Clock;
  readonly #all: boolean;
  #last: { readonly status: StatusAnswer; readonly nowMs: number } | undefined;

  /** @param all healthy methods too */
  constructor(client: AdminClient, clock: Clock, all: boolean) {
    this.#client = client;
    this.#clock = clock;
    this.#all = all;
  }

  /** Shows what the gateway answers. Rejects with `AdminError`, and with `AbortError` where the signal aborts. */
  async to(output: StatusOutput, signal: AbortSignal | undefined): Promise<void> {
    const { status, json, wallMs } = await this.#pages(signal);
    const configuration = await this.#configuration(signal);
    const workers = await this.#workers(signal);
    const nowMs = this.#clock.nowMs();
    const before = this.#last && { status: this.#last.status, elapsedMs: nowMs - this.#last.nowMs };
    this.#last = { status, nowMs };
    const { address } = this.#client;
    const { generation, lastReload } = configuration?.json ?? {};
    const frame = { address, status, configuration: configuration?.answer, workers: workers.answer };
    output.show(
      { ...frame, wallMs: wallMs ?? this.#clock.wallMs(), before },
      {
        ...json,
        ...(configuration !== undefined && { generation, lastReload }),
        ...(workers.answer.length > 0 && { workers: workers.json }),
      },
    );
  }

  /** Undefined where the gateway does not say: an older one knows nothing of it. */
  async #configuration(signal: AbortSignal | undefined): Promise<ConfigurationPage | undefined> {
    try {
      const { json } = await this.#client.get('generations', signal);
      const answer = readConfiguration(json);
      const { generations, lastReload } = json as { generations: unknown[]; lastReload: unknown };
      return { answer, json: { generation: generations[0], lastReload } };
    } catch (error) {
      if (error instanceof AdminError || error instanceof AnswerShapeError) return undefined;
      throw error;
    }
  }

  /** None where the gateway does not say: an older one has no others. */
  async #workers(signal: AbortSignal | undefined): Promise<WorkersPage> {
    try {
      const { json } = await this.#client.get('workers', signal);
      return { answer: readWorkers(json), json: (json as { workers: unknown }).workers };
    } catch (error) {
      if (error instanceof AdminError || error instanceof AnswerShapeError) return { answer: [], json: [] };
      throw error;
    }
  }

  /** The first page, with the methods of the others put behind its own. */
  async #pages(signal: AbortSignal | undefined): Promise<Page> {
    const first = await this.#page(undefined, signal);
    const methods = [...first.status.methods];
    const jsonMethods = [...(first.json.methods as unknown[])];
    const seen = new Set(methods.map(({ key }) => key));
    let after = this.#nextAfter(first.status);
    for (let pages = 1; after !== undefined && pages < MAX_PAGES; pages++) {
      const page = await this.#laterPage(after, signal);
      if (page === undefined) break;
      for (const [index, method] of page.status.methods.entries()) {
        if (seen.has(method.key)) continue;
        seen.add(method.key);
        methods.push(method);
        jsonMethods.push((page.json.methods as unknown[])[index]);
      }
      after = this.#nextAfter(page.status);
    }
    const { nextAfter: _, ...json } = first.json;
    return { status: { ...first.status, methods }, json: { ...json, methods: jsonMethods }, wallMs: first.wallMs };
  }

  /** Where the next page begins, if it may hold anything that is shown: healthy methods come last. */
  #nextAfter({ methods, nextAfter }: StatusAnswer): string | undefined {
    if (nextAfter === null || methods.length === 0) return undefined;
    return shownMethods(methods.slice(-1), this.#all).length > 0 ? nextAfter : undefined;
  }

  /** Undefined where the method that it begins behind was forgotten meanwhile. */
  async #laterPage(after: string, signal: AbortSignal | undefined): Promise<Page | undefined> {
    try {
      return await this.#page(after, signal);
    } catch (error) {
      if (error instanceof AdminError && !error.isTransient) return undefined;
      throw error;
    }
  }

  async #page(after: string | undefined, signal: AbortSignal | undefined): Promise<Page> {
    const limit = `limit=${this.#all ? ALL_LIMIT : USUAL_LIMIT}`;
    const query = after === undefined ? limit : `${limit}&after=${encodeURIComponent(after)}`;
    const answer = await this.#client.get(`bulkheads?${query}`, signal);
    return { status: this.#read(answer), json: answer.json as Page['json'], wallMs: answer.wallMs };
  }

  #read({ json }: AdminAnswer): StatusAnswer {
    try {
      return readStatus(json);
    } catch (error) {
      if (!(error instanceof AnswerShapeError)) throw error;
      throw notAdminPort(this.#client.address, error.message);
    }
  }
}
