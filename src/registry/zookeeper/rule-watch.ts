import { readConditionRoute } from '../condition-routes.ts';
import { type DubboUrl, decodeUrlText, parseDubboUrl } from '../dubbo-url.ts';
import { OperatorRules } from '../operator-rules.ts';
import { readOverrideRule } from '../override-rules.ts';
import type { ProviderInstance } from '../provider-instance.ts';
import type { ProviderRecord } from '../provider-record.ts';
import { shownNodeName } from '../provider-url.ts';
import type { FollowedNode, NodeListener } from './node-mirror.ts';
import type { WatchContext } from './watch-context.ts';

/** More rules of one kind than these are not followed. */
const MAX_RULES = 1_000;
/** Nodes with rules that are followed for one interface, at the most. */
const MAX_DOCUMENTS = 200;

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
  readonly #rules: OperatorRules;
  /** Nodes with rules as YAML, by the name of the document. */
  readonly #documents = new Map<string, FollowedNode>();

  /** @param onChange told after each read, whether it brought something new */
  constructor(interfaceName: string, context: WatchContext, onChange: (isChanged: boolean) => void) {
    this.#interfaceName = interfaceName;
    this.#context = context;
    this.#onChange = onChange;
    this.#rules = new OperatorRules(interfaceName);
    const { mirror, paths } = context;
    this.#configurators = mirror.followListed('children', paths.configurators(interfaceName), this);
    this.#routers = mirror.followListed('children', paths.routers(interfaceName), this);
  }

  /** Whether each node was read in this session, or could not be read. */
  get isSettled(): boolean {
    if (!this.#configurators.isSettled || !this.#routers.isSettled) return false;
    for (const node of this.#documents.values()) if (!node.isSettled) return false;
    return true;
  }

  /** Follows the rules for the versions, groups and applications that there are. */
  followFor(records: readonly ProviderRecord[]): void {
    const names = this.#rules.documentNames(records);
    for (const [name, node] of this.#documents) {
      if (names.has(name)) continue;
      this.#context.mirror.unfollow(node, this);
      this.#documents.delete(name);
      this.#rules.forgetDocument(name);
    }
    for (const name of names) {
      if (this.#documents.size >= MAX_DOCUMENTS) break;
      if (!this.#documents.has(name)) this.#followDocument(name);
    }
  }

  /** What holds for the providers. */
  apply(records: readonly ProviderRecord[]): readonly ProviderInstance[] {
    return this.#rules.apply(records);
  }

  close(): void {
    const { mirror } = this.#context;
    mirror.unfollow(this.#configurators, this);
    mirror.unfollow(this.#routers, this);
    for (const node of this.#documents.values()) mirror.unfollow(node, this);
    this.#documents.clear();
  }

  onNode(node: FollowedNode, isChanged: boolean): void {
    if (isChanged) this.#read(node);
    this.#onChange(isChanged);
  }

  #followDocument(name: string): void {
    const node = this.#context.mirror.followListed('data', this.#context.paths.rule(name), this);
    this.#documents.set(name, node);
    // Another interface of the application may have read it.
    if (node.isKnown) this.#readDocument(name, node);
  }

  #read(node: FollowedNode): void {
    if (node === this.#configurators) this.#rules.setOverrides(this.#readUrls(node, readOverrideRule));
    else if (node === this.#routers) this.#rules.setRoutes(this.#readUrls(node, readConditionRoute));
    for (const [name, document] of this.#documents) if (document === node) this.#readDocument(name, node);
  }

  #readDocument(name: string, { data }: FollowedNode): void {
    const onProblem = (problem: string): void => this.#warn(`${JSON.stringify(name)}: ${problem}`);
    this.#rules.readDocument(name, data?.toString('utf8') ?? '', onProblem);
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
