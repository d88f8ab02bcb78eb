import type { ClassDefinition, ClassMemory, HessianReader } from '../hessian/hessian-reader.ts';
import { bytesStandAt } from './bytes-stand-at.ts';
import type { ClassPlan, ClassPlans } from './class-plan.ts';
import type { ShapeBudget } from './shape-budget.ts';

/** Definitions remembered for each place; a route whose answers have more there finds them by the plans' own cache. */
const MAX_AT_PLACE = 4;
/** Places that are remembered; later definitions of a body are taken apart. */
const MAX_PLACES = 64;
/** A longer definition is not worth its memory. */
const MAX_BYTES = 4_096;
/** About what a definition takes beside its bytes; its plan is kept elsewhere. */
const CLASS_BYTES = 200;

interface SeenClass {
  readonly raw: Uint8Array;
  readonly fieldCount: number;
  readonly plan: ClassPlan;
}

/**
 * The class definitions in the answers of one route: which stood where in the body, with their plans. What stood there
 * last is compared with the bytes in place, so that a definition is neither taken apart nor looked up again.
 */
export class ClassShapes implements ClassMemory {
  readonly #budget: ShapeBudget;
  #epoch: number;
  /** For each place what stood there, the last one first. */
  readonly #seen: SeenClass[][] = [];
  /** The plans of the body that is read now, by number; undefined where they have to be looked up yet. */
  readonly #plans: (ClassPlan | undefined)[] = [];

  constructor(budget: ShapeBudget) {
    this.#budget = budget;
    this.#epoch = budget.epoch;
  }

  find(number: number, bytes: Uint8Array, at: number, end: number): SeenClass | undefined {
    this.#plans[number] = undefined;
    if (this.#epoch !== this.#budget.epoch) this.#forget();
    const seen = this.#seen[number];
    if (seen === undefined) return undefined;
    for (let i = 0; i < seen.length; i++) {
      const candidate = seen[i]!;
      if (!bytesStandAt(candidate.raw, bytes, at, end)) continue;
      if (i > 0) {
        seen[i] = seen[0]!;
        seen[0] = candidate;
      }
      this.#plans[number] = candidate.plan;
      return candidate;
    }
    return undefined;
  }

  /** The plan of a definition of the body that is read now. */
  plan(number: number, reader: HessianReader, plans: ClassPlans): ClassPlan {
    const known = this.#plans[number];
    if (known !== undefined) return known;
    const definition = reader.classDefinition(number);
    const plan = plans.find(reader, definition);
    this.#plans[number] = plan;
    this.#learn(number, reader, definition, plan);
    return plan;
  }

  #learn(number: number, reader: HessianReader, definition: ClassDefinition, plan: ClassPlan): void {
    if (number >= MAX_PLACES || definition.end - definition.start > MAX_BYTES) return;
    this.#seen[number] ??= [];
    const seen = this.#seen[number]!;
    if (seen.length >= MAX_AT_PLACE) seen.pop();
    const raw = Uint8Array.prototype.slice.call(reader.bytes, definition.start, definition.end);
    seen.unshift({ raw, fieldCount: definition.fieldCount, plan });
    this.#budget.take(CLASS_BYTES + raw.length);
  }

  #forget(): void {
    this.#seen.length = 0;
    this.#epoch = this.#budget.epoch;
  }
}
