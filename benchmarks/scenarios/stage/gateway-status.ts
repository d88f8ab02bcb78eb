/** `GET /admin/v1/bulkheads`, as far as stories look at it. */
export interface GatewayStatus {
  readonly pools: Readonly<Record<'normal' | 'slow' | 'heartbeat', PoolState>>;
  readonly admission: {
    readonly inFlight: number;
    readonly inFlightBytes: number;
    readonly waiting: number;
  };
  readonly methods: readonly MethodStatus[];
  readonly events: readonly MethodEvent[];
}

export interface PoolState {
  readonly size: number;
  readonly active: number;
  readonly waiting: number;
  readonly rejectedTotal: number;
}

export interface MethodStatus {
  readonly key: string;
  readonly state: 'healthy' | 'quarantined';
  readonly pinned: boolean;
  readonly reason: string | null;
  readonly active: Readonly<Record<'normal' | 'slow' | 'heartbeat', number>>;
}

export interface MethodEvent {
  /** ISO 8601. */
  readonly at: string;
  readonly method: string;
  readonly to: 'healthy' | 'quarantined';
  readonly reason: string;
  readonly by: 'gateway' | 'operator';
}

/** What an operator can tell a method. */
export type MethodOrder = 'quarantine' | 'release' | 'pin' | 'unpin';

/** State of a method; a method that was not called yet is healthy. */
export function stateOf({ methods }: GatewayStatus, key: string): MethodStatus['state'] {
  return methods.find((method) => method.key === key)?.state ?? 'healthy';
}

/** Whether no request is being served and no call holds a slot. */
export function isIdle({ pools, admission }: GatewayStatus): boolean {
  return pools.normal.active + pools.slow.active + pools.heartbeat.active + admission.inFlight === 0;
}

/** When a method first came into a state, in ms since 1970. Throws when it never did. */
export function changeTimeMs({ events }: GatewayStatus, key: string, to: MethodStatus['state']): number {
  const event = events.find((one) => one.method === key && one.to === to);
  if (event === undefined) throw new Error(`${key} was never ${to}`);
  return Date.parse(event.at);
}
