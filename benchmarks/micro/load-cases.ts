import { equal } from 'node:assert/strict';
import pLimit from 'p-limit';
import { Admission } from '../../src/admission/admission.ts';
import { Bulkheads } from '../../src/bulkhead/bulkheads.ts';
import type { GatedCall } from '../../src/bulkhead/method-gate.ts';
import { Pools } from '../../src/bulkhead/pools.ts';
import type { Slot, SlotCaller } from '../../src/bulkhead/slot.ts';
import { SlotAccount } from '../../src/bulkhead/slot-account.ts';
import { gatewaySchema } from '../../src/config/schema.ts';
import { poolsOptions } from '../../src/gateway/load-control.ts';
import { accessLine, routeText } from '../../src/telemetry/access-log.ts';
import type { MicroCase, MicroPair } from './micro-case.ts';

/** Calls in flight at a time, as under load. */
const IN_FLIGHT = 64;
const DEADLINE_MS = 1e12;
const KEY = 'com.acme.user.UserService:1.0.0:core#getUser(long)';

const CALLER: SlotCaller & { onAdmitted(): void; onAdmissionRefused(): void } = {
  onSlot: () => {},
  onSlotRefused: () => {},
  onAdmitted: () => {},
  onAdmissionRefused: () => {},
};

/** What stands between a request and its call: what each part costs a call. */
export function loadCases(): MicroCase[] {
  return [
    { name: 'micro/pool-slot', prepare: slotPair },
    { name: 'micro/bulkhead', prepare: gatePair },
    { name: 'micro/admission', prepare: admissionPair },
    { name: 'micro/log-line', prepare: logPair },
  ];
}

function slotPair(): MicroPair {
  const pools = new Pools(defaultPools());
  const account = new SlotAccount();
  const slots: Slot[] = [];
  const limit = pLimit(4_000);
  return {
    summary: 'a slot of the normal pool, taken and given back; 64 at a time',
    timesPerRun: IN_FLIGHT,
    leavesPromises: true,
    ours: () => {
      for (let i = 0; i < IN_FLIGHT; i++) slots.push(pools.acquire('normal', account, CALLER, 1, DEADLINE_MS));
      for (const slot of slots) slot.release();
      slots.length = 0;
      return pools.normal.active;
    },
    baselineName: 'p-limit alone: a task begun and ended',
    baseline: () => {
      for (let i = 0; i < IN_FLIGHT; i++) void limit(endedTask);
      return limit.activeCount;
    },
    check: () => equal(pools.normal.size, 4_000),
  };
}

function gatePair(): MicroPair {
  let nowMs = 1;
  const { quarantine } = bulkheadConfig();
  const rules = { ...(quarantine as Exclude<typeof quarantine, 'off'>), enabled: true };
  const bulkheads = new Bulkheads({ pools: defaultPools(), rulesOf: () => rules, wake: () => {} });
  const gate = bulkheads.gate(KEY);
  const calls: GatedCall[] = [];
  return {
    summary: 'slot and method health: choose a pool, take a slot, begin, end, give it back; 64 at a time',
    timesPerRun: IN_FLIGHT,
    leavesPromises: true,
    ours: () => {
      nowMs += 1;
      for (let i = 0; i < IN_FLIGHT; i++) calls.push(gate.enter(CALLER, nowMs, DEADLINE_MS));
      nowMs += 1;
      for (const call of calls) call.end('ok', nowMs);
      calls.length = 0;
      return bulkheads.pools.normal.active;
    },
    check: () => equal(bulkheads.methods.method(KEY, 1).state, 'healthy'),
  };
}

function admissionPair(): MicroPair {
  const { admission: options } = gatewaySchema.parse({});
  const admission = new Admission(options as Exclude<typeof options, 'off'>, 0);
  let nowMs = 0;
  return {
    summary: 'a request let in and out',
    ours: () => {
      nowMs += 0.1;
      admission.enter(CALLER, 0, nowMs).leave();
      return admission.waiting;
    },
    check: () => equal(admission.status.inFlight, 0),
  };
}

function logPair(): MicroPair {
  const route = routeText('get-user', KEY);
  const line = (wallMs: number) =>
    accessLine({
      wallMs,
      requestId: '5b1f4a0e-8f0f-4c53-a3b4-27f2a2f0a2f8',
      traceId: undefined,
      client: '127.0.0.1',
      method: 'GET',
      path: '/users/42',
      route,
      pool: 'normal',
      provider: '127.0.0.1:20880',
      status: 200,
      code: undefined,
      durationMs: 1.234,
      requestBytes: 0,
      responseBytes: 300,
      error: undefined,
    });
  let wallMs = Date.UTC(2026, 0, 31);
  return {
    summary: 'the line of a request, made but not written',
    ours: () => {
      wallMs += 0.1;
      return line(wallMs).length;
    },
    check: () => equal((JSON.parse(line(0)) as { route: string }).route, 'get-user'),
  };
}

function bulkheadConfig() {
  const { bulkhead } = gatewaySchema.parse({});
  return bulkhead as Exclude<typeof bulkhead, 'off'>;
}

function defaultPools() {
  return poolsOptions(bulkheadConfig());
}

function endedTask(): void {}
