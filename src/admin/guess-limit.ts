/** Wrong guesses of one address within a minute, after which it has to wait for the end of that minute. */
const MAX_GUESSES = 20;
const PERIOD_MS = 60_000;
/** Addresses that are remembered; beyond it the one that began first is forgotten. */
const MAX_ADDRESSES = 1_000;

interface Guesses {
  readonly sinceMs: number;
  count: number;
}

/** Counts wrong guesses by address, each address by itself, so that nobody can lock out the others. */
export class GuessLimit {
  readonly #byAddress = new Map<string, Guesses>();

  /** Time in seconds after which the next guess of the address is looked at; 0 for at once. */
  waitSeconds(address: string, nowMs: number): number {
    const guesses = this.#current(networkOf(address), nowMs);
    if (guesses === undefined || guesses.count < MAX_GUESSES) return 0;
    return Math.max(1, Math.ceil((guesses.sinceMs + PERIOD_MS - nowMs) / 1_000));
  }

  /** The address has guessed wrong. */
  add(address: string, nowMs: number): void {
    const network = networkOf(address);
    const guesses = this.#current(network, nowMs);
    if (guesses !== undefined) {
      guesses.count++;
      return;
    }
    if (this.#byAddress.size >= MAX_ADDRESSES) this.#byAddress.delete(this.#byAddress.keys().next().value!);
    this.#byAddress.set(network, { sinceMs: nowMs, count: 1 });
  }

  #current(network: string, nowMs: number): Guesses | undefined {
    const guesses = this.#byAddress.get(network);
    if (guesses === undefined || nowMs - guesses.sinceMs < PERIOD_MS) return guesses;
    this.#byAddress.delete(network);
    return undefined;
  }
}

/** Whoever has one IPv6 address has the 2^64 of its network. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const tailGroups = tail === '' ? [] : tail.split(':');
    while (groups.length + tailGroups.length < 8) groups.push('0');
    groups.push(...tailGroups);
  }
  return groups.slice(0, 4).join(':');
}
