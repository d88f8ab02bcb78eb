import { EndpointTable } from '../../../src/balancing/endpoint-table.ts';
import type { MethodGate } from '../../../src/bulkhead/method-gate.ts';
import { ByteWriter } from '../../../src/bytes/byte-writer.ts';
import type { ProviderAddress } from '../../../src/config/provider-address.ts';
import { HessianWriter } from '../../../src/hessian/hessian-writer.ts';
import type { RegistrySubscription } from '../../../src/registry/registry.ts';
import { staticSubscription } from '../../../src/registry/static-registry.ts';
import type { AnswerFrame } from '../../../src/rpc/answer-frame.ts';
import type { CallOwner, PendingCall } from '../../../src/rpc/pending-call.ts';
import type { ProviderChannel } from '../../../src/rpc/provider-channel.ts';
import { RpcFailure, type RpcFailureReason } from '../../../src/rpc/rpc-failure.ts';
import type { CallOutcome, Exchange } from '../../../src/upstream/exchange.ts';
import type { CallRoute } from '../../../src/upstream/route-call.ts';
import type { RpcCallMetrics } from '../../../src/upstream/rpc-metrics.ts';
import type { RpcOutcome } from '../../../src/upstream/rpc-outcome.ts';
import { ServiceProviders } from '../../../src/upstream/service-providers.ts';

/** What a fake channel does with a call: fail at once, or hold it until the test settles it. */
export type Behaviour = RpcFailureReason | 'hold';

/** A channel without sockets: it notes what it is given. */
export class FakeChannel implements CallOwner {
  readonly address: ProviderAddress;
  isUsable = true;
  behaviour: Behaviour = 'hold';
  released = 0;
  readonly calls: { readonly frame: string; readonly timeoutMs: number }[] = [];
  held: PendingCall | undefined;

  constructor(address: ProviderAddress) {
    this.address = address;
  }

  send(frame: Uint8Array, start: number, end: number, timeoutMs: number, call: PendingCall): void {
    if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs must be above 0, got ${timeoutMs}`);
    this.calls.push({ frame: Buffer.from(frame.subarray(start, end)).toString('latin1'), timeoutMs });
    if (this.behaviour === 'hold') {
      call.owner = this;
      this.held = call;
    } else {
      call.onFailure(new RpcFailure(this.behaviour, false, this.address.key, 'refused'));
    }
  }

  fail(reason: RpcFailureReason, sent: boolean): void {
    this.take().onFailure(new RpcFailure(reason, sent, this.address.key, `${reason} at ${this.address.key}`));
  }

  /** The call it holds, given back as the client does before it settles one. */
  take(): PendingCall {
    const call = this.held!;
    this.held = undefined;
    call.owner = null;
    return call;
  }

  release(call?: PendingCall): void {
    if (call === undefined) this.released++;
    else this.held = undefined;
  }

  expire(): void {
    this.fail('timeout', true);
  }
}

const CLOCK = { nowMs: () => 0, wallMs: () => 0 };

/** Providers named p0, p1 … that are called in turn, each behind what `open` makes. */
export function providersInTurn(count: number, open: (address: ProviderAddress) => unknown): ServiceProviders {
  const query = { interfaceName: 'demo.Foo', version: '', group: '' };
  const addresses = Array.from({ length: count }, (_, index) => `dubbo://p${index}:20880`);
  return providersOf(staticSubscription(addresses, query), open);
}

/** Providers of a list, which are called in turn, each behind what `open` makes. */
export function providersOf(list: RegistrySubscription, open: (address: ProviderAddress) => unknown): ServiceProviders {
  let draws = 0;
  const options = {
    version: '',
    group: '',
    balancer: 'round-robin',
    ejection: undefined,
    zone: '',
    endpoints: new EndpointTable(),
    scope: 'demo.Foo',
    random: () => (draws++ % 10) / 10,
    open: (address: ProviderAddress) => open(address) as ProviderChannel,
  } as const;
  return new ServiceProviders(options, () => list, CLOCK);
}

/** Providers of a service, each behind a fake channel. */
export function fakeProviders(count: number): { channels: FakeChannel[]; providers: ServiceProviders } {
  const channels: FakeChannel[] = [];
  const providers = providersInTurn(count, (address) => {
    const channel = new FakeChannel(address);
    channels.push(channel);
    return channel;
  });
  return { channels, providers };
}

/** A route of these providers; `encodings` counts how often the call was encoded, `told` has the time it was told each time. */
export class FakeRoute implements CallRoute {
  readonly providers: ServiceProviders;
  readonly gate: MethodGate | undefined;
  readonly metrics: RpcCallMetrics;
  /** How calls ended, and the seconds they took. */
  readonly ends: (readonly [outcome: RpcOutcome, seconds: number])[] = [];
  readonly writer = new HessianWriter(new ByteWriter());
  readonly hint = undefined;
  retries = 0;
  isIdempotent = false;
  now = 1_000;
  encodings = 0;
  readonly told: (number | undefined)[] = [];
  encodeError: unknown;
  decodeError: unknown;

  constructor(providers: ServiceProviders, gate?: MethodGate) {
    this.providers = providers;
    this.gate = gate;
    const record = (outcome: RpcOutcome, seconds: number) => void this.ends.push([outcome, seconds]);
    this.metrics = { record } as unknown as RpcCallMetrics;
  }

  encode(_exchange: Exchange, leftMs?: number): void {
    this.encodings++;
    this.told.push(leftMs);
    if (this.encodeError !== undefined) throw this.encodeError;
    this.writer.out.reset();
    this.writer.out.ascii('a frame of the call');
  }

  addToken(token: string): void {
    this.writer.out.ascii(` with ${token}`);
  }

  decode(frame: AnswerFrame): CallOutcome {
    if (this.decodeError !== undefined) throw this.decodeError;
    return { status: 200, body: Buffer.from(frame.buffer), headers: undefined };
  }

  nowMs(): number {
    return this.now;
  }
}

export function fakeExchange(): Exchange {
  return {
    provider: undefined,
    pool: undefined,
    routeText: undefined,
    call: undefined,
    pathParameter: () => undefined,
    query: () => undefined,
    queryAll: () => [],
    header: () => undefined,
    cookie: () => undefined,
    body: undefined,
    claims: undefined,
    clientIp: '192.0.2.7',
    requestId: 'r-1',
  };
}
