import { ClassShapes } from './class-shapes.ts';
import { KeyShapes } from './key-shapes.ts';
import type { ShapeBudget } from './shape-budget.ts';

/** What is remembered of the answers of one route, to make the next one quicker. It never makes one different. */
export class AnswerShapes {
  readonly keys: KeyShapes;
  readonly classes: ClassShapes;

  constructor(budget: ShapeBudget) {
    this.keys = new KeyShapes(budget);
    this.classes = new ClassShapes(budget);
  }

  /** The route is gone: what is remembered of it counts no more. */
  forget(): void {
    this.keys.forget();
    this.classes.forget();
  }
}
