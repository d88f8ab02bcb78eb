import { furtherRoutes } from './further-routes.ts';
import { gatewayVariant } from './gateway-variant.ts';
import type { MacroSettings } from './macro-settings.ts';
import { GATEWAY, PEER_TARGETS, type Target } from './targets.ts';

/** The servers of a case, and how they are compared. */
export interface LineUp {
  /** The first is compared with each of the others; its answer is what the others have to answer. */
  readonly targets: readonly Target[];
  /** Which way: what the first is of each other, or what each other is of the first. */
  readonly ratio: 'first to each' | 'each to first';
  /**
   * Processes of each. Two of the same program differ by a few percent, by where their memory lies and what was compiled
   * when; where a small difference is asked for, there are two of each, and the spread shows it.
   */
  readonly copies: number;
  /** Whether a quick run has all of them, and not only the first and the last, one process each. */
  readonly isWhole: boolean;
}

/** What of a line-up a run with these settings has, as far as it can be started. */
export function lineUpOf(lineUp: LineUp, { isQuick }: MacroSettings): LineUp {
  if (lineUp.isWhole || !isQuick) return lineUp;
  return { ...lineUp, targets: [lineUp.targets[0]!, lineUp.targets.at(-1)!], copies: 1 };
}

/** The gateway and its peers. */
export const ALL_SERVERS: LineUp = {
  targets: [GATEWAY, ...PEER_TARGETS],
  ratio: 'first to each',
  copies: 1,
  isWhole: true,
};

export const SERVERS_WITH_BACKEND: LineUp = {
  ...ALL_SERVERS,
  targets: [GATEWAY, ...PEER_TARGETS.filter(({ hasBackend }) => hasBackend)],
};

/** What is switched off, by a name for the report. */
const PARTS_OFF: Readonly<Record<string, string>> = {
  log: 'log: { requests: false }',
  metrics: 'server: { admin: { metrics: false } }',
  admission: 'admission: off',
  quarantine: 'bulkhead: { quarantine: off }',
  bulkheads: 'bulkhead: off',
};
const { quarantine: _, ...ALL_PARTS_OFF } = PARTS_OFF;

/** The gateway, with one part off in turn, and with all of them off. */
export const PARTS: LineUp = {
  targets: [
    GATEWAY,
    ...Object.entries(PARTS_OFF).map(([part, yaml]) => gatewayVariant(`no ${part}`, () => [yaml])),
    gatewayVariant('none of them', () => Object.values(ALL_PARTS_OFF)),
  ],
  ratio: 'first to each',
  copies: 1,
  isWhole: false,
};

export const TIMEOUTS: LineUp = {
  targets: [500, 30_000].map((timeoutMs) =>
    gatewayVariant(`timeoutMs ${timeoutMs}`, () => [`defaults: { timeoutMs: ${timeoutMs} }`]),
  ),
  ratio: 'each to first',
  copies: 2,
  isWhole: false,
};

export const ROUTE_COUNTS: LineUp = {
  targets: [10, 1_000, 10_000].map((count) => gatewayVariant(`${count} routes`, () => [furtherRoutes(count)])),
  ratio: 'each to first',
  copies: 2,
  isWhole: false,
};

export const PROVIDER_COUNTS: LineUp = {
  targets: [1, 10, 1_000].map((count) => gatewayVariant(`${count} providers`, () => [fleet(count)])),
  ratio: 'each to first',
  copies: 1,
  isWhole: false,
};

/** YAML of `GET /fleet/:id`, whose service has so many providers: addresses of 127.0.0.0/8, which all lead to one. */
function fleet(count: number): string {
  const addresses = Array.from({ length: count }, (_, index) => {
    return `"dubbo://127.1.${index >> 8}.${index & 255}:\${BENCH_PROVIDER_PORT}"`;
  });
  return `services:
  fleet:
    interface: com.acme.user.UserService
    version: 1.0.0
    group: core
    providers: [${addresses.join(', ')}]
    methods: { getUser: { parameters: [long] } }
routes:
  - { id: fleet, match: { path: "/fleet/:id" }, call: { service: fleet, method: getUser, args: [path.id] } }`;
}
