import { applyConditionRoutes, type ConditionRoute } from './condition-routes.ts';
import { applyOverrideRules, type OverrideRule, sortOverrideRules } from './override-rules.ts';
import type { ProviderInstance } from './provider-instance.ts';
import { type ProviderRecord, providerInstance } from './provider-record.ts';
import {
  type AddressTags,
  addressTag,
  readConditionDocument,
  readConfiguratorDocument,
  readTagDocument,
} from './rule-document.ts';

const CONFIGURATORS = '.configurators';
const TAG_ROUTER = '.tag-router';
const CONDITION_ROUTER = '.condition-router';

/** What one document says. */
interface DocumentRules {
  readonly overrides: readonly OverrideRule[];
  readonly tags: AddressTags;
  readonly routes: readonly ConditionRoute[];
}

const NO_RULES: DocumentRules = { overrides: [], tags: new Map(), routes: [] };

/** What operators say about the providers of an interface, wherever it is kept, and what becomes of the providers by it. */
export class OperatorRules {
  readonly #interfaceName: string;
  /** By name. */
  readonly #documents = new Map<string, DocumentRules>();
  #overrides: readonly OverrideRule[] = [];
  #routes: readonly ConditionRoute[] = [];
  /** All of them, sorted; made anew when one has changed. */
  #sorted: readonly OverrideRule[] | undefined;

  constructor(interfaceName: string) {
    this.#interfaceName = interfaceName;
  }

  /**
   * The names of the documents (YAML, Dubbo 2.7 and later) that are for these providers: for the interface with each
   * version and group, and for each application that serves it.
   */
  documentNames(records: readonly ProviderRecord[]): ReadonlySet<string> {
    const services = new Set(records.map(({ version, group }) => `${this.#interfaceName}:${version}:${group}`));
    const applications = new Set(records.map(({ application }) => application));
    applications.delete('');
    const names = new Set<string>();
    for (const service of services) names.add(`${service}${CONFIGURATORS}`).add(`${service}${CONDITION_ROUTER}`);
    for (const application of applications) {
      for (const suffix of [CONFIGURATORS, TAG_ROUTER, CONDITION_ROUTER]) names.add(`${application}${suffix}`);
    }
    return names;
  }

  /** The rules that are no documents: `override://` and `absent://`. */
  setOverrides(overrides: readonly OverrideRule[]): void {
    this.#overrides = overrides;
    this.#sorted = undefined;
  }

  /** The rules that are no documents: `route://`. */
  setRoutes(routes: readonly ConditionRoute[]): void {
    this.#routes = routes;
  }

  /** Takes over what a document says now; empty for one that is not there. What cannot be followed is told. */
  readDocument(name: string, text: string, onProblem: (problem: string) => void): void {
    this.#documents.set(name, this.#rulesOf(name, text, onProblem));
    this.#sorted = undefined;
  }

  forgetDocument(name: string): void {
    this.#documents.delete(name);
    this.#sorted = undefined;
  }

  /** What holds for the providers. */
  apply(records: readonly ProviderRecord[]): readonly ProviderInstance[] {
    const documents = [...this.#documents.values()];
    this.#sorted ??= sortOverrideRules([...this.#overrides, ...documents.flatMap(({ overrides }) => overrides)]);
    const rules = this.#sorted;
    const providers = records.map((record) => {
      const settings = applyOverrideRules(record, rules);
      const tags = this.#documents.get(`${record.application}${TAG_ROUTER}`)?.tags;
      const tag = tags === undefined ? undefined : addressTag(tags, record);
      return providerInstance(record, tag === undefined ? settings : { ...settings, tag });
    });
    const routes = [...this.#routes, ...documents.flatMap((document) => document.routes)];
    return routes.length === 0 ? providers : applyConditionRoutes(providers, routes);
  }

  #rulesOf(name: string, text: string, onProblem: (problem: string) => void): DocumentRules {
    if (name.endsWith(TAG_ROUTER)) return { ...NO_RULES, tags: readTagDocument(text, onProblem) };
    if (!name.endsWith(CONDITION_ROUTER)) return { ...NO_RULES, overrides: readConfiguratorDocument(text, onProblem) };
    const key = name.slice(0, -CONDITION_ROUTER.length);
    const [interfaceName, version, group] = key.split(':');
    const isOfService = interfaceName === this.#interfaceName && version !== undefined && group !== undefined;
    const scope = isOfService ? { version, group } : { application: key };
    return { ...NO_RULES, routes: readConditionDocument(text, scope, onProblem) };
  }
}
