/** The load in a process of its own: does what it is told over the message channel. */
import type { LoadOrder } from './load-orders.ts';
import { OpenLoopLoad } from './open-loop-load.ts';

let load: OpenLoopLoad | undefined;

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
  }
});
