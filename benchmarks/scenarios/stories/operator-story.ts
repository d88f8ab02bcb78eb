import { textTable } from '../../text-table.ts';
import { poolsPanel } from '../report/status-series.ts';
import { okRatePanel } from '../report/stream-panels.ts';
import { phaseTable } from '../report/timeline.ts';
import { playOperator } from './operator.ts';
import type { Story } from './story.ts';

export const operatorStory: Story = {
  name: 'operator',
  summary: 'an operator quarantines, pins, releases and unpins a method by hand',
  tell: async (openStage, isQuick) => {
    const { timeline, recording, samples, orders } = await playOperator(openStage, {
      sections: { bulkhead: { quarantine: { minQuarantineMs: 500 } } },
      ordersPerSecond: 200,
      wellMs: 20,
      phaseMs: isQuick ? 1_500 : 3_000,
    });
    const rows = orders.map(({ order, answer, state, isPinned, reason }) => [
      order,
      String(answer),
      state,
      isPinned ? 'yes' : 'no',
      reason ?? '',
    ]);
    const stream = recording.streams[0]!;
    return {
      tables: [
        {
          title: 'orders given, and the very next status',
          text: textTable(['order', 'HTTP', 'state', 'pinned', 'reason'], rows),
        },
        { title: stream.name, text: phaseTable(timeline.summarize(stream)) },
      ],
      charts: [
        {
          file: 'operator',
          chart: {
            title: 'An operator moves a healthy method',
            xLabel: 's since the start',
            panels: [okRatePanel(timeline, [stream]), poolsPanel(timeline, samples)],
            marks: timeline.marks,
          },
        },
      ],
      notes: ['The method is well all the time: unpinned, it would be back half a second after the quarantine.'],
    };
  },
};
