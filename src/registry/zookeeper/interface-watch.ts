import { mergeRecords } from '../merge-records.ts';
import type { ProviderInstance } from '../provider-instance.ts';
import type { ProviderRecord } from '../provider-record.ts';
import { readProviderUrl } from '../provider-url.ts';
import { PublishedList } from '../published-list.ts';
import type { ListWatch } from '../watched-lists.ts';
import type { ApplicationWatch } from './application-watch.ts';
import type { FollowedNode, NodeListener } from './node-mirror.ts';
import { RuleWatch } from './rule-watch.ts';
import type { WatchContext } from './watch-context.ts';

/** What an interface watch needs of its registry. */
export interface InterfaceWatchOwner {
  /** Something changed: `update` is to be called soon. */
  onStale(watch: InterfaceWatch): void;
  /** The watch of an application, to be given back with `releaseApplication`. */
  retainApplication(application: string, onChange: () => void): ApplicationWatch;
  releaseApplication(watch: ApplicationWatch, onChange: () => void): void;
}

const MAX_PROVIDERS = 20_000;
const MAX_APPLICATIONS = 200;

/**
 * Follows everything that says who provides an interface: providers and rules at the level of interfaces, and the
 * applications that serve it.
 */
export class InterfaceWatch implements ListWatch, NodeListener {
  readonly interfaceName: string;
  readonly #context: WatchContext;
  readonly #owner: InterfaceWatchOwner;
  readonly #providers: FollowedNode;
  readonly #rules: RuleWatch;
  readonly #mapping: FollowedNode;
  readonly #applications = new Map<string, ApplicationWatch>();
  readonly #list: PublishedList;
  /** By node name, so that a list of thousands is not read again for one of them; undefined for what is no provider. */
  #records = new Map<string, ProviderRecord | undefined>();
  /** Whether the registry is still to be looked at as a whole: at the start, and after it was gone. */
  #isLooking = true;

  constructor(interfaceName: string, context: WatchContext, owner: InterfaceWatchOwner, emptyGraceMs: number) {
    this.interfaceName = interfaceName;
    this.#context = context;
    this.#owner = owner;
    this.#list = new PublishedList(emptyGraceMs);
    const { mirror, paths } = context;
    this.#providers = mirror.follow('children', paths.providers(interfaceName), this);
    this.#rules = new RuleWatch(interfaceName, context, (isChanged) => this.#onRead(isChanged));
    this.#mapping = mirror.followListed('data', paths.mapping(interfaceName), this);
  }

  /** The list that holds. */
  get instances(): readonly ProviderInstance[] {
    return this.#list.instances;
  }

  /** Whether the list was made from the whole of the registry in the present session. */
  get isInStep(): boolean {
    return !this.#isLooking;
  }

  /** Whether there is a list at all. */
  get wasPublished(): boolean {
    return this.#list.wasPublished;
  }

  /** When `update` is to be called though nothing changed; infinite where it is not. */
  get dueMs(): number {
    return this.#list.dueMs;
  }

  /** The session is over. */
  sessionLost(): void {
    this.#isLooking = true;
  }

  onNode(node: FollowedNode, isChanged: boolean): void {
    if (isChanged) {
      if (node === this.#providers) this.#readProviders();
      else if (node === this.#mapping) this.#readMapping();
    }
    this.#onRead(isChanged);
  }

  /**
   * Makes the list anew where what it is made of is there; says whether it changed, or is the first one.
   */
  update(nowMs: number): boolean {
    const isSettled = this.#isSettled();
    if (this.#isLooking && !isSettled) return false;
    const records = this.#collect();
    this.#rules.followFor(records);
    if (this.#isLooking && !this.#rules.isSettled) return false;
    // The first list waits until it is known what applications serve: an empty one would be taken for the truth.
    if (!this.#list.wasPublished && records.length === 0 && !this.#isLearnt()) return false;
    const afterAbsence = this.#isLooking && this.#list.wasPublished;
    this.#isLooking = false;
    const heldBefore = this.#list.heldCount;
    const isChanged = this.#list.update(this.#rules.apply(records), nowMs, afterAbsence);
    if (this.#list.heldCount > heldBefore) this.#warnOfHeld();
    return isChanged;
  }

  close(): void {
    const { mirror } = this.#context;
    for (const node of [this.#providers, this.#mapping]) mirror.unfollow(node, this);
    this.#rules.close();
    for (const watch of this.#applications.values()) this.#owner.releaseApplication(watch, this.#onApplication);
    this.#applications.clear();
  }

  readonly #onApplication = (): void => {
    this.#owner.onStale(this);
  };

  #onRead(isChanged: boolean): void {
    if (isChanged || this.#isLooking) this.#owner.onStale(this);
  }

  #isSettled(): boolean {
    if (!this.#providers.isSettled || !this.#rules.isSettled || !this.#mapping.isSettled) return false;
    for (const watch of this.#applications.values()) if (!watch.isSettled) return false;
    return true;
  }

  #isLearnt(): boolean {
    for (const watch of this.#applications.values()) if (!watch.isLearnt) return false;
    return true;
  }

  #collect(): ProviderRecord[] {
    const ofInterface: ProviderRecord[] = [];
    for (const record of this.#records.values()) if (record !== undefined) ofInterface.push(record);
    const ofApplications: ProviderRecord[] = [];
    for (const watch of this.#applications.values()) ofApplications.push(...watch.records(this.interfaceName));
    return mergeRecords(ofInterface, ofApplications);
  }

  #readProviders(): void {
    const records = new Map<string, ProviderRecord | undefined>();
    for (const name of this.#providers.children.slice(0, MAX_PROVIDERS)) {
      const record = this.#records.has(name)
        ? this.#records.get(name)
        : readProviderUrl(name, this.interfaceName, (problem) => this.#warn('provider', problem));
      records.set(name, record);
    }
    if (this.#providers.children.length > MAX_PROVIDERS) {
      this.#warn('providers', `there are more than ${MAX_PROVIDERS}, the others are left out`);
    }
    this.#records = records;
  }

  #readMapping(): void {
    // Providers write it once and not again after the registry has lost its data: a missing one takes nobody away.
    if (this.#mapping.data === undefined) return;
    const text = this.#mapping.data.toString('utf8');
    const names = new Set(text.split(',').map((name) => name.trim()));
    names.delete('');
    if (names.size > MAX_APPLICATIONS) this.#warn('mapping', `it names more than ${MAX_APPLICATIONS} applications`);
    const wanted = new Set([...names].slice(0, MAX_APPLICATIONS));
    for (const [name, watch] of this.#applications) {
      if (wanted.has(name)) continue;
      this.#owner.releaseApplication(watch, this.#onApplication);
      this.#applications.delete(name);
    }
    for (const name of wanted) {
      if (this.#applications.has(name)) continue;
      this.#applications.set(name, this.#owner.retainApplication(name, this.#onApplication));
    }
  }

  #warnOfHeld(): void {
    const problem = `${this.#list.heldCount} providers are kept for a while though the registry does not name them`;
    this.#context.warn(`${this.interfaceName}: ${problem}`, 'list-held');
  }

  #warn(what: string, problem: string): void {
    this.#context.warn(`${this.interfaceName}: ${what}: ${problem}`);
  }
}
