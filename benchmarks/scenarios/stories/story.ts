import type { Chart } from '../report/chart.ts';
import type { OpenStage } from '../stage/stage.ts';

/** What a story has to show. */
export interface StoryReport {
  readonly tables: readonly { readonly title: string; readonly text: string }[];
  readonly charts: readonly StoryChart[];
  /** Sentences with what happened. */
  readonly notes: readonly string[];
}

export interface StoryChart {
  /** Of its file, without ending. */
  readonly file: string;
  readonly chart: Chart;
}

/** A story that can be told from the command line. */
export interface Story {
  readonly name: string;
  /** One line for the list of stories. */
  readonly summary: string;
  /** @param isQuick shorter phases, and less of what only refines the picture */
  tell(openStage: OpenStage, isQuick: boolean): Promise<StoryReport>;
}

export function mergeReports(reports: readonly StoryReport[]): StoryReport {
  return {
    tables: reports.flatMap(({ tables }) => tables),
    charts: reports.flatMap(({ charts }) => charts),
    notes: reports.flatMap(({ notes }) => notes),
  };
}
