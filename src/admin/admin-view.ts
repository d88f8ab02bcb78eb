import type { GatewayConfig } from '../config/schema.ts';
import type { MetricsFormat } from '../telemetry/metrics/metrics-format.ts';
import type { Clock } from '../time/clock.ts';
import type { BulkheadsAnswer } from './answers/bulkheads-answer.ts';
import type { GenerationsAnswer, ReplacementAnswer, ValidationAnswer } from './answers/config-answers.ts';
import type {
  ConnectionsAnswer,
  ProvidersAnswer,
  RegistriesAnswer,
  RoutesAnswer,
  ServicesAnswer,
} from './answers/inventory-answers.ts';
import type { MethodAnswer } from './answers/method-answer.ts';
import type { PlansAnswer } from './answers/plans-answer.ts';
import type { WorkersAnswer } from './answers/workers-answer.ts';
import type { IfMatch } from './if-match.ts';
import type { MethodAction } from './method-action.ts';
import type { MethodPageQuery } from './method-page.ts';
import type { ProviderQuery } from './provider-query.ts';

/** What is there at once, or once other processes were asked. */
export type Awaitable<Value> = Value | Promise<Value>;

/** Whether the gateway should get traffic, and what that is made of. */
export interface Readiness {
  readonly ready: boolean;
  /** By name; shown by `/readyz?verbose`. */
  readonly checks: Readonly<Record<string, boolean>>;
  /** Registries that have not told all lists of providers yet, by name; shown by `/readyz?verbose`. */
  readonly missingRegistries: readonly string[];
}

/** A method after an operator did something to it. */
export interface MethodChange {
  readonly method: MethodAnswer;
  /** Whether that changed anything. */
  readonly changed: boolean;
}

/**
 * What the admin API sees of the gateway, as plain values, since what it is about may be in other processes. Everything is
 * asked for anew with each request, since a reload changes it.
 */
export interface AdminView {
  readonly clock: Clock;
  readiness(): Awaitable<Readiness>;
  /** Fails with GatewayError REQUEST_INVALID where no method has the key `after` of the query. */
  bulkheads(query: MethodPageQuery): Awaitable<BulkheadsAnswer>;
  /** Fails with GatewayError METHOD_UNKNOWN. */
  method(key: string): Awaitable<MethodAnswer>;
  /** Fails with GatewayError METHOD_UNKNOWN. */
  actOnMethod(key: string, action: MethodAction, reason: string | undefined): Awaitable<MethodChange>;
  services(): Awaitable<ServicesAnswer>;
  /** Fails with GatewayError REQUEST_INVALID for a service that is not there. */
  providers(query: ProviderQuery): Awaitable<ProvidersAnswer>;
  registries(): Awaitable<RegistriesAnswer>;
  connections(): Awaitable<ConnectionsAnswer>;
  routes(): Awaitable<RoutesAnswer>;
  plans(): Awaitable<PlansAnswer>;
  /** The processes that serve; none where this one does. */
  workers(): WorkersAnswer;
  /** The configuration that is served, with defaults, secrets masked. */
  config(): GatewayConfig;
  /** Changes with the files, or with the object, that the configuration was made from. */
  configTag(): string;
  /**
   * Puts the YAML or JSON text of a configuration in the place of the file that is served, and serves it. Rejects with
   * GatewayError, and nothing has changed then: PRECONDITION_FAILED, CONFIG_READ_ONLY, CONFIG_INVALID or
   * GATEWAY_STOPPING.
   */
  replaceConfig(text: string, ifMatch: IfMatch): Promise<ReplacementAnswer>;
  generations(): Awaitable<GenerationsAnswer>;
  /**
   * Checks the YAML or JSON text of a configuration; knows no environment and reads no file. Rejects with GatewayError
   * RATE_LIMITED or REQUEST_INVALID.
   */
  validate(text: string): Promise<ValidationAnswer>;
  /** All metrics as text, in slices between which requests are served. */
  metrics(format: MetricsFormat): AsyncIterable<Buffer>;
}
