import type { TestContext } from 'node:test';
import { type AdminServerOptions, createAdminServer } from '../../../src/admin/admin-server.ts';
import type { AdminView } from '../../../src/admin/admin-view.ts';
import { Admission } from '../../../src/admission/admission.ts';
import { Bulkheads } from '../../../src/bulkhead/bulkheads.ts';
import { DEFAULT_QUARANTINE } from '../../../src/config/bulkhead-schema.ts';
import { gatewaySchema } from '../../../src/config/schema.ts';
import { BulkheadView, type ShownLoad } from '../../../src/gateway/bulkhead-view.ts';
import { NO_CHANGES } from '../../../src/gateway/config-changes.ts';
import { MetricRegistry } from '../../../src/telemetry/metrics/metric-registry.ts';
import { renderMetrics } from '../../../src/telemetry/metrics/render-metrics.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { WallOffset } from '../../../src/time/wall-offset.ts';
import { ClassPlans } from '../../../src/transcoder/class-plan.ts';
import { planStatistics } from '../../../src/transcoder/plan-statistics.ts';
import { ShapeBudget } from '../../../src/transcoder/shape-budget.ts';
import { type CapturedLog, captureLog } from '../../support/captured-log.ts';
import { HttpCaller } from '../../support/http-caller.ts';

/** Where the admin API begins. */
export const API = '/admin/v1';

/** Keys of the methods that a view of the harness knows, with everything in them that a path has to encode. */
export const KEYS = [
  'demo.Foo::g1#bar(int,java.lang.String)',
  'demo.Foo::g1#bar(long)',
  'demo.Foo:1.0.0#list()',
  'com.acme.user.UserService:1.0.0:core#getUser(long)',
] as const;

/** An admin server on a free port of loopback, with what it looks at. */
export interface AdminHarness extends HttpCaller {
  readonly view: AdminView;
  readonly bulkheads: Bulkheads;
  readonly log: CapturedLog;
}

/** What bounds the load of a gateway without traffic. */
export function idleLoad(): ShownLoad & { readonly bulkheads: Bulkheads } {
  const pool = { size: 10, maxMethodShare: 1, maxWaitMs: 0, maxQueue: 0 };
  const bulkheads = new Bulkheads({
    pools: { normal: pool, slow: pool, heartbeat: pool },
    rulesOf: () => ({ ...DEFAULT_QUARANTINE, enabled: true }),
    wake: () => {},
  });
  const limits = { maxInFlight: 10, maxInFlightBytes: 1_000, maxWaitMs: 100, maxQueue: 10 };
  return { admission: new Admission(limits, systemClock.nowMs()), bulkheads };
}

/** A gateway as the admin API sees it: real bulkheads and admission, and no traffic. */
export function fakeView(parts: Partial<AdminView> = {}, load: ShownLoad = idleLoad()): AdminView {
  const view = new BulkheadView(load, systemClock, new WallOffset(systemClock), () => new Set(KEYS));
  return {
    clock: systemClock,
    readiness: () => ({ ready: true, checks: { listening: true }, missingRegistries: [] }),
    bulkheads: (query) => view.bulkheads(query),
    method: (key) => view.method(key),
    actOnMethod: (key, action, reason) => view.actOnMethod(key, action, reason),
    services: () => ({ services: [] }),
    providers: () => ({ lists: [], nextAfter: null, providers: [] }),
    registries: () => ({ registries: [] }),
    connections: () => ({ connections: [] }),
    routes: () => ({ routes: [] }),
    plans: () => planStatistics(new ClassPlans(new Set()), new ShapeBudget()),
    workers: () => ({ workers: [] }),
    config: () => gatewaySchema.parse({}),
    configTag: () => 'tag-1',
    replaceConfig: async () => ({ changes: NO_CHANGES, generation: 1, entityTag: 'tag-1', warnings: [] }),
    generations: () => ({ generations: [], lastReload: null }),
    validate: async () => ({ valid: true, errors: 0, warnings: 0, diagnostics: [], changes: null }),
    metrics: () => renderMetrics(new MetricRegistry(), 'text'),
    ...parts,
  };
}

/** Starts an admin server; it is stopped with the test. `off` names with undefined what the gateway does without. */
export async function startAdmin(
  context: TestContext,
  parts: Partial<AdminView> = {},
  options: Partial<AdminServerOptions> = {},
  off: Partial<ShownLoad> = {},
): Promise<AdminHarness> {
  const load = idleLoad();
  const view = fakeView(parts, { ...load, ...off });
  const log = captureLog();
  const server = createAdminServer(view, {
    host: '127.0.0.1',
    port: 0,
    token: '',
    allowedHosts: [],
    logger: log.logger,
    ...options,
  });
  const { port } = await server.start();
  const caller = new HttpCaller(port);
  context.after(async () => {
    caller.close();
    await server.stop();
  });
  return Object.assign(caller, { view, bulkheads: load.bulkheads, log });
}
