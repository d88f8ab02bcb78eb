import type { ClassDefinition, ClassMemory } from '../hessian/class-memory.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import type { ClassPlan, ClassPlans } from './class-plan.ts';
import { KnownBytes } from './known-bytes.ts';
import type { ShapeBudget, ShapeHolder } from './shape-budget.ts';

/** Definitions remembered for each place; a route whose answers have more there finds them by the plans' own cache. */
const MAX_AT_PLACE = 4;
/** Places that are remembered; later definitions of a body are taken apart. */
const MAX_PLACES = 64;
/** A longer definition is not worth its memory. */
const MAX_BYTES = 4_096;
/** About what a definition takes beside its bytes and its plan. */
const CLASS_BYTES = 300;
/** Of the plans of one body together, about; some 60,000 fields. */
const MAX_PLAN_BYTES_OF_BODY = 32 * 1024 * 1024;

interface SeenClass {
  readonly raw: KnownBytes;
  readonly length: number;
  readonly fieldCount: number;
  readonly plan: ClassPlan;
}

/**
 * The class definitions in the answers of one route: which stood where in the body, with their plans. What stood there
 * last is compared with the bytes in place, so that a definition is neither taken apart nor looked up again. One is
 * learnt when it comes a second time, so that a peer that sends ever new ones leaves nothing here.
 */
export class ClassShapes implements ClassMemory, ShapeHolder {
  bytes = 0;
  isUsed = false;
  readonly #budget: ShapeBudget;
  /** For each place what stood there, the last one first. */
  readonly #seen: SeenClass[][] = [];
  /** The plans of the body that is read now, by number of the definition; undefined where they have to be looked up yet. */
  readonly #plans: (ClassPlan | undefined)[] = [];
  /** Definitions of that body so far. */
  #defined = 0;
  /** About what those take that had to be looked up. */
  #planBytes = 0;

  constructor(budget: ShapeBudget) {
    this.#budget = budget;
  }

  find(number: number, bytes: Uint8Array, at: number, end: number): SeenClass | undefined {
    this.isUsed = true;
    // What is read a second time has the same definitions again.
    if (number >= this.#defined) {
      this.#plans[number] = undefined;
      this.#defined = number + 1;
    }
    const seen = this.#seen[number];
    if (seen === undefined) return undefined;
    for (let i = 0; i < seen.length; i++) {
      const candidate = seen[i]!;
      if (!candidate.raw.standAt(bytes, at, end)) continue;
      if (i > 0) {
        seen[i] = seen[0]!;
        seen[0] = candidate;
      }
      this.#plans[number] = candidate.plan;
      this.#budget.recognised++;
      return candidate;
    }
    return undefined;
  }

  forgetBody(): void {
    if (this.#defined === 0) return;
    if (this.#defined > MAX_PLACES) this.#plans.length = 0;
    else for (let i = 0; i < this.#defined; i++) this.#plans[i] = undefined;
    this.#defined = 0;
    this.#planBytes = 0;
  }

  /** The plan of a definition of the body that is read now. Throws `HessianError` where the plans of a body are too large. */
  plan(number: number, reader: HessianReader, plans: ClassPlans): ClassPlan {
    const known = this.#plans[number];
    if (known !== undefined) return known;
    const definition = reader.classDefinition(number);
    const { misses } = plans;
    const plan = plans.find(reader, definition);
    this.#planBytes += plan.bytes;
    if (this.#planBytes > MAX_PLAN_BYTES_OF_BODY) throw reader.fault('limit', 'too many fields in class definitions');
    this.#plans[number] = plan;
    if (plans.misses === misses) this.#learn(number, reader, definition, plan);
    return plan;
  }

  forget(): void {
    this.#budget.giveBack(this, this.bytes);
    this.#seen.length = 0;
  }

  #learn(number: number, reader: HessianReader, definition: ClassDefinition, plan: ClassPlan): void {
    const length = definition.end - definition.start;
    if (number >= MAX_PLACES || length > MAX_BYTES) return;
    const seen = this.#seen[number] ?? [];
    if (seen.length >= MAX_AT_PLACE) this.#budget.giveBack(this, costOf(seen.pop()!));
    const raw = new KnownBytes(reader.bytes, definition.start, definition.end);
    const learnt = { raw, length, fieldCount: definition.fieldCount, plan };
    if (!this.#budget.take(this, costOf(learnt))) return;
    seen.unshift(learnt);
    this.#seen[number] = seen;
  }
}

function costOf({ length, plan }: SeenClass): number {
  return CLASS_BYTES + length + plan.bytes;
}
