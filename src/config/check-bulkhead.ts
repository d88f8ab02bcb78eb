import type { Shape } from './check-shape.ts';
import { checkWaiting } from './check-waiting.ts';
import type { ConfigPath } from './diagnostic.ts';
import type { Reporter } from './reporter.ts';
import type { GatewayConfig } from './schema.ts';
import { figureText, firstWritten, placedFigureText } from './written-figure.ts';

type Bulkhead = Exclude<GatewayConfig['bulkhead'], 'off'>;
type PoolConfig = Bulkhead['normal'];

const POOLS = ['normal', 'slow', 'heartbeat'] as const;

/** Checks the pools: sizes that make a method unreachable for good, and what cannot have any effect. */
export function checkBulkhead(shape: Shape, reporter: Reporter): void {
  const { bulkhead } = shape;
  if (bulkhead === undefined || bulkhead === 'off') return;
  checkEmptyPools(bulkhead, shape, reporter);
  checkWaiting(bulkhead.normal, poolPath('normal'), shape, reporter);
  checkWaiting(bulkhead.slow, poolPath('slow'), shape, reporter);
  checkHeartbeatWait(bulkhead.heartbeat, reporter);
  for (const name of POOLS) checkShare(bulkhead[name], poolPath(name), shape, reporter);
  for (const name of ['normal', 'slow'] as const) checkWaitTime(bulkhead[name], poolPath(name), shape, reporter);
  checkRoomForAll(bulkhead, shape, reporter);
}

function poolPath(name: (typeof POOLS)[number]): ConfigPath {
  return ['bulkhead', name];
}

function checkEmptyPools({ normal, slow, heartbeat }: Bulkhead, shape: Shape, reporter: Reporter): void {
  const sizePath = (name: (typeof POOLS)[number]): ConfigPath => [...poolPath(name), 'size'];
  const warn = (path: ConfigPath, message: string): void => reporter.report(path, message, { severity: 'warning' });
  if (normal.size === 0) {
    const message =
      'without normal slots every call of a healthy method is refused; for no pools at all write `bulkhead: off`';
    reporter.report(sizePath('normal'), message);
  }
  if (slow.size === 0 && heartbeat.size === 0 && !isQuarantineOff(shape)) {
    const message =
      'without slow and heartbeat slots a method in quarantine gets no call that shows it is well, and never comes back; give one of the pools a size, or write `quarantine: off`';
    reporter.report(sizePath('heartbeat'), message);
  } else {
    if (slow.size === 0) warn(sizePath('slow'), 'without slow slots a method in quarantine gets no calls but probes');
    if (heartbeat.size === 0) {
      const message =
        'without heartbeat slots probes need slow ones: a method that is well again stays in quarantine while others fill the slow pool';
      warn(sizePath('heartbeat'), message);
    }
  }
}

function isQuarantineOff({ bulkhead, services }: Shape): boolean {
  const isOn = (rules: unknown): boolean => rules !== undefined && rules !== 'off';
  if (bulkhead !== undefined && bulkhead !== 'off' && isOn(bulkhead.quarantine)) return false;
  return [...services.values()].every((service) => {
    return (
      !isOn(service?.quarantine) && !Object.values(service?.methods ?? {}).some((method) => isOn(method.quarantine))
    );
  });
}

function checkHeartbeatWait(pool: PoolConfig, reporter: Reporter): void {
  for (const key of ['maxWaitMs', 'maxQueue'] as const) {
    const path = [...poolPath('heartbeat'), key];
    if ((pool[key] ?? 0) === 0) continue;
    const message = `${key} has no effect: nothing waits for a heartbeat slot, a probe that finds none takes a slow one`;
    reporter.report(path, message, { severity: 'warning' });
  }
}

function checkShare({ size, maxMethodShare }: PoolConfig, pool: ConfigPath, shape: Shape, reporter: Reporter): void {
  const path = [...pool, 'maxMethodShare'];
  const sizePath = [...pool, 'size'];
  // The allowance is for 100 slots of 0.29, which are 28.999... in binary.
  if (size === 0 || size * maxMethodShare + 1e-6 >= 1 || reporter.node(path) === undefined) return;
  if (!shape.isKnown(path) || !shape.isKnown(sizePath)) return;
  const of = `size (${figureText(sizePath, size, reporter)})`;
  const message = `this share of ${of} is less than one call; a method may have one all the same`;
  reporter.report(path, message, { severity: 'warning' });
}

function checkWaitTime({ maxWaitMs, maxQueue }: PoolConfig, pool: ConfigPath, shape: Shape, reporter: Reporter): void {
  const path = [...pool, 'maxWaitMs'];
  const timeout: ConfigPath = ['defaults', 'timeoutMs'];
  const { defaults } = shape;
  if (defaults === undefined || maxQueue === 0 || maxWaitMs < defaults.timeoutMs) return;
  if (!shape.isKnown(timeout)) return;
  const limit = placedFigureText(timeout, defaults.timeoutMs, reporter);
  const message = `a wait counts against the time of the call: with ${limit} a call may wait for all of it and end before it was sent`;
  reporter.report(path, message, { severity: 'warning' });
}

/**
 * Pools that cannot all be full together protect nothing: the calls of slow methods take the places of admission, and
 * it refuses the others although their pool has room.
 */
function checkRoomForAll(bulkhead: Bulkhead, shape: Shape, reporter: Reporter): void {
  const { admission } = shape;
  if (admission === undefined || admission === 'off') return;
  const places: ConfigPath = ['admission', 'maxInFlight'];
  const sizes = POOLS.map((name) => [...poolPath(name), 'size']);
  const calls = POOLS.reduce((sum, name) => sum + bulkhead[name].size, 0);
  if (calls <= admission.maxInFlight || ![places, ...sizes].every((path) => shape.isKnown(path))) return;
  const figures = POOLS.map((name, index) => `${name} ${figureText(sizes[index]!, bulkhead[name].size, reporter)}`);
  const limit = placedFigureText(places, admission.maxInFlight, reporter);
  const message = `the pools have more slots (${figures.join(', ')}) than ${limit} has places: slow calls can take the places of the others before their pools are full; lower the sizes or raise maxInFlight`;
  reporter.report(firstWritten([places, ...sizes], reporter), message, { severity: 'warning' });
}
