import type { Admission } from '../admission/admission.ts';
import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { MetricsFormat } from '../telemetry/metrics/metrics-format.ts';
import type { Clock } from '../time/clock.ts';
import type { WallOffset } from '../time/wall-offset.ts';
import type { GenerationsAnswer, ReplacementAnswer, ValidationAnswer } from './answers/config-answers.ts';
import type {
  ConnectionsAnswer,
  ProvidersAnswer,
  RegistriesAnswer,
  RoutesAnswer,
  ServicesAnswer,
} from './answers/inventory-answers.ts';
import type { PlansAnswer } from './answers/plans-answer.ts';
import type { IfMatch } from './if-match.ts';
import type { ProviderQuery } from './provider-query.ts';

/** What the admin API sees of the gateway. Everything is asked for anew with each request, since a reload changes it. */
export interface AdminView {
  readonly clock: Clock;
  readonly wallOffset: WallOffset;
  /** Whether the gateway should get traffic. */
  isReady(): boolean;
  /** What readiness is made of, by name; shown by `/readyz?verbose`. */
  readinessChecks(): Readonly<Record<string, boolean>>;
  /** Registries that have not told all lists of providers yet, by name; shown by `/readyz?verbose`. */
  missingRegistries(): readonly string[];
  /** Undefined where it is off. */
  readonly admission: Admission | undefined;
  /** Undefined where they are off. */
  readonly bulkheads: Bulkheads | undefined;
  /** The keys of all configured methods, called or not. */
  methodKeys(): ReadonlySet<string>;
  services(): ServicesAnswer;
  /** Throws GatewayError REQUEST_INVALID for a service that is not there. */
  providers(query: ProviderQuery): ProvidersAnswer;
  registries(): RegistriesAnswer;
  connections(): ConnectionsAnswer;
  routes(): RoutesAnswer;
  plans(): PlansAnswer;
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
  generations(): GenerationsAnswer;
  /**
   * Checks the YAML or JSON text of a configuration; knows no environment and reads no file. Rejects with GatewayError
   * RATE_LIMITED or REQUEST_INVALID.
   */
  validate(text: string): Promise<ValidationAnswer>;
  /** All metrics as text, in slices between which requests are served. */
  metrics(format: MetricsFormat): AsyncIterable<Buffer>;
}
