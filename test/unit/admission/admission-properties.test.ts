import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Admission, type AdmissionOptions } from '../../../src/admission/admission.ts';
import type { AdmissionTicket, TicketState } from '../../../src/admission/admission-ticket.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { RecordingRequest } from './recording-request.ts';

const STEPS_PER_RUN = 500;
const RUNS = 200;

interface ModelRequest {
  readonly name: string;
  state: TicketState;
  bytes: number;
  readonly deadlineMs: number;
}

/** What admission should do, written as the rules are told: every question is answered by looking at all requests. */
class AdmissionModel {
  readonly log: string[] = [];
  options: AdmissionOptions;
  inFlight: ModelRequest[] = [];
  line: ModelRequest[] = [];
  timedOut = 0;
  queueFull = 0;

  constructor(options: AdmissionOptions) {
    this.options = options;
  }

  get bytes(): number {
    return this.inFlight.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  enter(name: string, bytes: number, nowMs: number): ModelRequest | undefined {
    const { maxWaitMs, maxQueue } = this.options;
    const request: ModelRequest = { name, state: 'waiting', bytes, deadlineMs: nowMs + maxWaitMs };
    if (this.line.length === 0 && this.#fits(bytes)) {
      request.state = 'admitted';
      this.inFlight.push(request);
      return request;
    }
    if (maxWaitMs === 0 || this.line.length >= maxQueue) {
      this.queueFull++;
      this.log.push(`${name} ADMISSION_QUEUE_FULL`);
      return undefined;
    }
    this.line.push(request);
    return request;
  }

  change(request: ModelRequest, bytes: number): boolean {
    if (request.state === 'admitted') {
      request.bytes = Math.max(0, request.bytes + bytes);
      if (bytes < 0) this.serve();
    }
    return this.bytes <= this.options.maxInFlightBytes;
  }

  leave(request: ModelRequest): void {
    if (request.state === 'left') return;
    request.state = 'left';
    this.inFlight = this.inFlight.filter((one) => one !== request);
    this.line = this.line.filter((one) => one !== request);
    this.serve();
  }

  tick(nowMs: number): void {
    const due = this.line.filter(({ deadlineMs }) => deadlineMs <= nowMs);
    this.line = this.line.filter(({ deadlineMs }) => deadlineMs > nowMs);
    for (const request of due.sort((a, b) => a.deadlineMs - b.deadlineMs)) {
      request.state = 'left';
      this.timedOut++;
      this.log.push(`${request.name} ADMISSION_TIMEOUT`);
    }
    this.serve();
  }

  serve(): void {
    while (this.line.length > 0 && this.#fits(this.line[0]!.bytes)) {
      const next = this.line.shift()!;
      next.state = 'admitted';
      this.inFlight.push(next);
      this.log.push(`${next.name} admitted`);
    }
  }

  #fits(bytes: number): boolean {
    const { maxInFlight, maxInFlightBytes } = this.options;
    return this.inFlight.length < maxInFlight && (this.bytes === 0 || this.bytes + bytes <= maxInFlightBytes);
  }
}

const limits: fc.Arbitrary<AdmissionOptions> = fc.record({
  maxInFlight: fc.integer({ min: 1, max: 8 }),
  maxInFlightBytes: fc.integer({ min: 1, max: 1_000 }),
  maxWaitMs: fc.constantFrom(0, 50, 200, 1_000),
  maxQueue: fc.integer({ min: 0, max: 8 }),
});
const bytes = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 2_000 }));
/** Which of the requests so far, counted from the newest. */
const which = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 12 }) }, { weight: 1, arbitrary: fc.nat() });
const step = fc.oneof(
  { weight: 40, arbitrary: fc.record({ kind: fc.constant('enter' as const), bytes }) },
  { weight: 35, arbitrary: fc.record({ kind: fc.constant('leave' as const), which }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('add' as const), which, bytes }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('remove' as const), which, bytes }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('pass' as const), tens: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('configure' as const), limits }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Admission and its model, driven side by side and compared after every step. */
class Pair {
  readonly #admission: Admission;
  readonly #model: AdmissionModel;
  readonly #requests: { readonly ticket: AdmissionTicket; readonly request: ModelRequest }[] = [];
  readonly #log: string[] = [];
  #named = 0;
  #nowMs = 0;

  constructor(options: AdmissionOptions) {
    this.#admission = new Admission(options, 0);
    this.#model = new AdmissionModel(options);
  }

  run(action: Step): void {
    if (action.kind === 'enter') this.#enter(action.bytes);
    else if (action.kind === 'pass') this.#pass(action.tens * 10);
    else if (action.kind === 'configure') {
      this.#admission.configure(action.limits);
      this.#model.options = action.limits;
      this.#model.serve();
    } else if (this.#requests.length > 0) this.#change(action);
    this.#compare();
  }

  /** All leave: whatever happened before, nothing may be left behind. */
  end(): void {
    for (const { ticket, request } of this.#requests) {
      ticket.leave();
      this.#model.leave(request);
    }
    this.#compare();
    const { inFlight, inFlightBytes, waiting } = this.#admission.status;
    assert.deepEqual([inFlight, inFlightBytes, waiting], [0, 0, 0]);
  }

  #enter(size: number): void {
    const name = `request ${this.#named++}`;
    const request = this.#model.enter(name, size, this.#nowMs);
    const caller = new RecordingRequest(name, this.#log);
    try {
      const ticket = this.#admission.enter(caller, size, this.#nowMs);
      assert.ok(request !== undefined, `${name} should have been refused`);
      this.#requests.push({ ticket, request });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      caller.onAdmissionRefused(error);
    }
  }

  #change(action: Step & { which: number }): void {
    const { ticket, request } = this.#requests[this.#requests.length - 1 - (action.which % this.#requests.length)]!;
    if (action.kind === 'add') {
      assert.equal(ticket.addBytes(action.bytes), this.#model.change(request, action.bytes));
    } else if (action.kind === 'remove') {
      ticket.removeBytes(action.bytes);
      this.#model.change(request, -action.bytes);
    } else {
      ticket.leave();
      this.#model.leave(request);
    }
  }

  #pass(durationMs: number): void {
    this.#nowMs += durationMs;
    this.#admission.tick(this.#nowMs);
    this.#model.tick(this.#nowMs);
  }

  #compare(): void {
    const model = this.#model;
    assert.deepEqual(this.#log.splice(0), model.log.splice(0));
    assert.deepEqual(this.#admission.status, {
      inFlight: model.inFlight.length,
      inFlightBytes: model.bytes,
      waiting: model.line.length,
      timedOutTotal: model.timedOut,
      queueFullTotal: model.queueFull,
    });
    for (const { ticket, request } of this.#requests.slice(-20)) assert.equal(ticket.state, request.state);
  }
}

describe('admission, against its model', () => {
  it(`agrees in ${RUNS * STEPS_PER_RUN} random steps: order, states, places and bytes; nothing is lost`, () => {
    fc.assert(
      fc.property(
        limits,
        fc.array(step, { minLength: STEPS_PER_RUN, maxLength: STEPS_PER_RUN, size: 'max' }),
        (options, steps) => {
          const pair = new Pair(options);
          for (const action of steps) pair.run(action);
          pair.end();
        },
      ),
      { numRuns: RUNS },
    );
  });
});
