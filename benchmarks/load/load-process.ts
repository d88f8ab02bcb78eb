/** The load in a process of its own: does what it is told over the message channel. */
import { ClosedLoopLoad, type ClosedLoopReport } from './closed-loop-load.ts';
import type { ClosedLoopAnswer } from './held-connections.ts';
import type { ClosedLoopOrder, LoadOrder } from './load-orders.ts';
import { OpenLoopLoad } from './open-loop-load.ts';

let load: OpenLoopLoad | undefined;
let closedLoop: ClosedLoopLoad | undefined;

process.on('message', (order: LoadOrder) => {
  switch (order.order) {
    case 'start':
      load = new OpenLoopLoad(order.plan);
      break;
    case 'rate':
      load!.setRate(order.stream, order.perSecond);
      break;
    case 'stop':
      void load!.stop(order.waitMs).then((recording) => process.send!(recording));
      break;
    default:
      void follow(order).then((answer) => process.send!(answer));
  }
});

async function follow(order: ClosedLoopOrder): Promise<ClosedLoopAnswer> {
  try {
    const report = await followOrThrow(order);
    return report === undefined ? {} : { report };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

async function followOrThrow(order: ClosedLoopOrder): Promise<ClosedLoopReport | undefined> {
  switch (order.order) {
    case 'open':
      closedLoop = new ClosedLoopLoad(order.plan);
      await closedLoop.open();
      return undefined;
    case 'run':
      closedLoop!.run(order.rampMs);
      return undefined;
    case 'report':
      return closedLoop!.takeReport();
    case 'halt':
      await closedLoop!.halt(order.waitMs);
      return undefined;
    case 'close':
      closedLoop!.close();
      return undefined;
  }
}
