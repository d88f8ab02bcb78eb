import { applyConditionRoutes, type ConditionRoute, readConditionRoute } from '../condition-routes.ts';
import { type DubboUrl, decodeUrlText, parseDubboUrl } from '../dubbo-url.ts';
import { applyOverrideRules, type OverrideRule, readOverrideRule, sortOverrideRules } from '../override-rules.ts';
import type { ProviderInstance } from '../provider-instance.ts';
import { type ProviderRecord, providerInstance } from '../provider-record.ts';
import { shownNodeName } from '../provider-url.ts';
import { type AddressTags, addressTag, readConfiguratorDocument, readTagDocument } from '../rule-document.ts';
import type { FollowedNode, NodeListener } from './node-mirror.ts';
import type { WatchContext } from './watch-context.ts';

/** More rules of one kind than these are not followed. */
const MAX_RULES = 1_000;
/** Nodes with rules that are followed for one interface, at the most. */
const MAX_DOCUMENTS = 200;

/** A node with rules as YAML, and what was read of it. */
interface RuleDocument {
  readonly node: FollowedNode;
  readonly isOfTags: boolean;
  overrides: readonly OverrideRule[];
  tags: AddressTags;
}

/**
 * Follows what operators say about the providers of an interface: nodes under `configurators` and `routers` (2.6, 2.7),
 * and rules as YAML for the interface and for the applications that serve it (2.7 and later).
 */
export class RuleWatch implements NodeListener {
  readonly #interfaceName: string;
  readonly #context: WatchContext;
  readonly #onChange: (isChanged: boolean) => void;
  readonly #configurators: FollowedNode;
  readonly #routers: FollowedNode;
  /** By the name of their node. */
  readonly #documents = new Map<string, RuleDocument>();
  /** By application. */
  readonly #tags = new Map<string, RuleDocument>();
  #overrides: readonly OverrideRule[] = [];
  #routes: readonly ConditionRoute[] = [];
  /** Those of all nodes; made anew when one has changed. */
  #sorted: readonly OverrideRule[] | undefined;

  /** @param onChange told after each read, whether it brought something new */
  constructor(interfaceName: string, context: WatchContext, onChange: (isChanged: boolean) => void) {
    this.#interfaceName = interfaceName;
    this.#context = context;
    this.#onChange = onChange;
    const { mirror, paths } = context;
    this.#configurators = mirror.followListed('children', paths.configurators(interfaceName), this);
    this.#routers = mirror.followListed('children', paths.routers(interfaceName), this);
  }

  /** Whether each node was read in this session, or could not be read. */
  get isSettled(): boolean {
    if (!this.#configurators.isSettled || !this.#routers.isSettled) return false;
    for (const { node } of this.#documents.values()) if (!node.isSettled) return false;
    return true;
  }

  /** Follows the rules for the versions, groups and applications that there are. */
  followFor(records: readonly ProviderRecord[]): void {
    const applications = new Set<string>();
    const names = new Set<string>();
    for (const { version, group, application } of records) {
      names.add(`${this.#interfaceName}:${version}:${group}.configurators`);
      if (application !== '') applications.add(application);
    }
    for (const application of applications) names.add(`${application}.configurators`).add(`${application}.tag-router`);
    for (const [name, document] of this.#documents) {
      if (names.has(name)) continue;
      this.#context.mirror.unfollow(document.node, this);
      this.#documents.delete(name);
      this.#sorted = undefined;
    }
    for (const name of names) {
      if (this.#documents.size >= MAX_DOCUMENTS) break;
      if (!this.#documents.has(name)) this.#followDocument(name);
    }
    this.#tags.clear();
    for (const application of applications) {
      const document = this.#documents.get(`${application}.tag-router`);
      if (document !== undefined && document.tags.size > 0) this.#tags.set(application, document);
    }
  }

  /** What holds for the providers. */
  apply(records: readonly ProviderRecord[]): readonly ProviderInstance[] {
    this.#sorted ??= sortOverrideRules([
      ...this.#overrides,
      ...[...this.#documents.values()].flatMap(({ overrides }) => overrides),
    ]);
    const rules = this.#sorted;
    const providers = records.map((record) => {
      const settings = applyOverrideRules(record, rules);
      const tags = this.#tags.get(record.application)?.tags;
      const tag = tags === undefined ? undefined : addressTag(tags, record);
      return providerInstance(record, tag === undefined ? settings : { ...settings, tag });
    });
    return this.#routes.length === 0 ? providers : applyConditionRoutes(providers, this.#routes);
  }

  close(): void {
    const { mirror } = this.#context;
    mirror.unfollow(this.#configurators, this);
    mirror.unfollow(this.#routers, this);
    for (const { node } of this.#documents.values()) mirror.unfollow(node, this);
    this.#documents.clear();
  }

  onNode(node: FollowedNode, isChanged: boolean): void {
    if (isChanged) this.#read(node);
    this.#onChange(isChanged);
  }

  #followDocument(name: string): void {
    const node = this.#context.mirror.followListed('data', this.#context.paths.rule(name), this);
    const document = { node, isOfTags: name.endsWith('.tag-router'), overrides: [], tags: new Map<string, string>() };
    this.#documents.set(name, document);
    // Another interface of the application may have read it.
    if (node.isKnown) this.#readDocument(name, document);
  }

  #read(node: FollowedNode): void {
    if (node === this.#configurators) {
      this.#overrides = this.#readUrls(node, readOverrideRule);
      this.#sorted = undefined;
    } else if (node === this.#routers) {
      this.#routes = this.#readUrls(node, readConditionRoute);
    }
    for (const [name, document] of this.#documents) if (document.node === node) this.#readDocument(name, document);
  }

  #readDocument(name: string, document: RuleDocument): void {
    const text = document.node.data?.toString('utf8') ?? '';
    const onProblem = (problem: string): void => this.#warn(`${JSON.stringify(name)}: ${problem}`);
    if (document.isOfTags) document.tags = readTagDocument(text, onProblem);
    else document.overrides = readConfiguratorDocument(text, onProblem);
    this.#sorted = undefined;
  }

  #readUrls<T>(
    node: FollowedNode,
    read: (url: DubboUrl, onProblem: (problem: string) => void) => T | undefined,
  ): readonly T[] {
    if (node.children.length > MAX_RULES) this.#warn(`there are more than ${MAX_RULES}, the others are left out`);
    const rules: T[] = [];
    for (const name of node.children.slice(0, MAX_RULES)) {
      const text = decodeUrlText(name);
      const url = text === undefined ? undefined : parseDubboUrl(text);
      const shown = shownNodeName(text ?? name);
      // Stands for an empty list.
      if (url?.protocol === 'empty') continue;
      if (url === undefined) this.#warn(`${shown} is no URL of a rule`);
      const rule = url === undefined ? undefined : read(url, (problem) => this.#warn(`${shown}: ${problem}`));
      if (rule !== undefined) rules.push(rule);
    }
    return rules;
  }

  #warn(problem: string): void {
    this.#context.warn(`${this.#interfaceName}: rule: ${problem}`);
  }
}
