import type { ProviderAddress } from '../config/provider-address.ts';
import type { ApplicationMetadata, FetchMetadata } from './application-metadata.ts';

/** A revision of an application whose instances are asked what they serve. */
export class MetadataRequest {
  readonly application: string;
  readonly revision: string;
  readonly onSettled: (metadata: ApplicationMetadata | undefined) => void;
  /** Whom to ask, in turn. */
  addresses: readonly ProviderAddress[] = [];
  /** Tries so far that failed. */
  failures = 0;
  dueMs = Number.NEGATIVE_INFINITY;

  /** @param onSettled told of the answer, and of each try that failed: then with undefined, and there will be another */
  constructor(application: string, revision: string, onSettled: (metadata: ApplicationMetadata | undefined) => void) {
    this.application = application;
    this.revision = revision;
    this.onSettled = onSettled;
  }
}

const MAX_IN_FLIGHT = 8;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Asks instances for the metadata of their revision: a few at a time, one instance after the other, with pauses that
 * grow, until one has answered or nobody wants to know any more.
 */
export class MetadataFetcher {
  readonly #fetch: FetchMetadata;
  readonly #nowMs: () => number;
  readonly #onFailure: (message: string) => void;
  readonly #waiting = new Set<MetadataRequest>();
  readonly #asked = new Set<MetadataRequest>();

  /**
   * @param nowMs the time when an answer arrives
   * @param onFailure told why a try failed
   */
  constructor(fetch: FetchMetadata, nowMs: () => number, onFailure: (message: string) => void) {
    this.#fetch = fetch;
    this.#nowMs = nowMs;
    this.#onFailure = onFailure;
  }

  /** Infinite where nobody waits, or as many are asked as may be. */
  get nextDueMs(): number {
    let dueMs = Number.POSITIVE_INFINITY;
    if (this.#asked.size >= MAX_IN_FLIGHT) return dueMs;
    for (const request of this.#waiting) dueMs = Math.min(dueMs, request.dueMs);
    return dueMs;
  }

  /** Starts to ask; nothing where that goes on already. */
  add(request: MetadataRequest): void {
    if (!this.#asked.has(request)) this.#waiting.add(request);
  }

  /** Nobody wants to know any more. */
  remove(request: MetadataRequest): void {
    this.#waiting.delete(request);
    this.#asked.delete(request);
  }

  /** Asks what is due. */
  tick(nowMs: number): void {
    for (const request of this.#waiting) {
      if (this.#asked.size >= MAX_IN_FLIGHT) return;
      if (request.dueMs > nowMs || request.addresses.length === 0) continue;
      this.#waiting.delete(request);
      this.#asked.add(request);
      const address = request.addresses[request.failures % request.addresses.length]!;
      this.#fetch(address, request.application, request.revision).then(
        (metadata) => this.#answered(request, metadata),
        (error: unknown) => this.#failed(request, error instanceof Error ? error.message : String(error)),
      );
    }
  }

  #answered(request: MetadataRequest, metadata: ApplicationMetadata): void {
    if (!this.#asked.delete(request)) return;
    if (metadata.revision === request.revision) {
      request.onSettled(metadata);
      return;
    }
    // It serves something else by now, and will say so in the registry; what it told is not what was asked for.
    this.#again(request, 'the instance has another revision by now');
  }

  #failed(request: MetadataRequest, message: string): void {
    if (this.#asked.delete(request)) this.#again(request, message);
  }

  #again(request: MetadataRequest, message: string): void {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(request.failures, 16));
    // Another instance can be asked at once.
    const isNextTried = request.failures + 1 < request.addresses.length;
    request.failures++;
    request.dueMs = this.#nowMs() + (isNextTried ? 0 : pauseMs);
    this.#waiting.add(request);
    this.#onFailure(`the services of application ${JSON.stringify(request.application)} are not known: ${message}`);
    request.onSettled(undefined);
  }
}
