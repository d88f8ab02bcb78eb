import { mergeRecords } from '../merge-records.ts';
import type { ProviderInstance } from '../provider-instance.ts';
import { type ProviderRecord, providerInstance } from '../provider-record.ts';
import { PublishedList } from '../published-list.ts';
import type { ServiceQuery } from '../registry.ts';
import type { ListWatch } from '../watched-lists.ts';
import type { NacosApplicationWatch } from './nacos-application-watch.ts';
import { nacosProviderRecord } from './nacos-host.ts';
import { MAPPING_GROUP, providerServiceNames } from './nacos-names.ts';
import type { NacosWatchContext } from './nacos-watch-context.ts';
import type { NacosResource, ResourceListener } from './resource-mirror.ts';

/** What an interface watch needs of its registry. */
export interface NacosInterfaceWatchOwner {
  /** Something changed: `update` is to be called soon. */
  onStale(watch: NacosInterfaceWatch): void;
  /** The watch of an application, to be given back with `releaseApplication`. */
  retainApplication(application: string, onChange: () => void): NacosApplicationWatch;
  releaseApplication(watch: NacosApplicationWatch, onChange: () => void): void;
}

const MAX_APPLICATIONS = 200;

/**
 * Follows everything that says who provides a version and group of an interface: the services of that name, and the
 * applications that serve it.
 */
export class NacosInterfaceWatch implements ListWatch, ResourceListener {
  readonly interfaceName: string;
  readonly #query: ServiceQuery;
  readonly #context: NacosWatchContext;
  readonly #owner: NacosInterfaceWatchOwner;
  readonly #services: readonly NacosResource[];
  readonly #mapping: NacosResource;
  readonly #applications = new Map<string, NacosApplicationWatch>();
  readonly #list: PublishedList;
  #records: readonly ProviderRecord[] = [];
  /** Whether the registry is still to be looked at as a whole: at the start, and after it was gone. */
  #isLooking = true;

  constructor(query: ServiceQuery, context: NacosWatchContext, owner: NacosInterfaceWatchOwner, emptyGraceMs: number) {
    this.interfaceName = query.interfaceName;
    this.#query = query;
    this.#context = context;
    this.#owner = owner;
    this.#list = new PublishedList(emptyGraceMs);
    const { mirror, group } = context;
    this.#services = providerServiceNames(query).map((name) => mirror.follow('service', group, name, this));
    this.#mapping = mirror.follow('entry', MAPPING_GROUP, query.interfaceName, this);
    // Another version of the interface may be followed already.
    this.#readServices();
    this.#readMapping();
    if (this.#mapping.isSettled) owner.onStale(this);
  }

  get instances(): readonly ProviderInstance[] {
    return this.#list.instances;
  }

  get isInStep(): boolean {
    return !this.#isLooking;
  }

  get dueMs(): number {
    return this.#list.dueMs;
  }

  sessionLost(): void {
    this.#isLooking = true;
  }

  onResource(resource: NacosResource, isChanged: boolean): void {
    if (isChanged) {
      if (resource === this.#mapping) this.#readMapping();
      else this.#readServices();
    }
    if (isChanged || this.#isLooking) this.#owner.onStale(this);
  }

  update(nowMs: number): boolean {
    if (this.#isLooking && !this.#isSettled()) return false;
    const records = this.#collect();
    // The first list waits until it is known who provides: an empty one would be taken for the truth.
    if (!this.#list.wasPublished && records.length === 0 && !this.#isLearnt()) return false;
    const afterAbsence = this.#isLooking && this.#list.wasPublished;
    this.#isLooking = false;
    const heldBefore = this.#list.heldCount;
    const isChanged = this.#list.update(records, nowMs, afterAbsence);
    if (this.#list.heldCount > heldBefore) this.#warnOfHeld();
    return isChanged;
  }

  close(): void {
    const { mirror } = this.#context;
    for (const resource of [...this.#services, this.#mapping]) mirror.unfollow(resource, this);
    for (const watch of this.#applications.values()) this.#owner.releaseApplication(watch, this.#onApplication);
    this.#applications.clear();
  }

  readonly #onApplication = (): void => {
    this.#owner.onStale(this);
  };

  #isSettled(): boolean {
    if (!this.#mapping.isSettled) return false;
    for (const service of this.#services) if (!service.isSettled) return false;
    for (const watch of this.#applications.values()) if (!watch.isSettled) return false;
    return true;
  }

  /** Whether nothing is missing of what says who provides. */
  #isLearnt(): boolean {
    for (const service of this.#services) if (service.isDenied) return false;
    for (const watch of this.#applications.values()) if (!watch.isLearnt) return false;
    return true;
  }

  #collect(): ProviderInstance[] {
    const ofApplications: ProviderRecord[] = [];
    for (const watch of this.#applications.values()) {
      for (const record of watch.records(this.interfaceName)) {
        if (record.version === this.#query.version && record.group === this.#query.group) ofApplications.push(record);
      }
    }
    return mergeRecords(this.#records, ofApplications).map((record) => providerInstance(record));
  }

  #readServices(): void {
    const records: ProviderRecord[] = [];
    for (const { hosts } of this.#services) {
      for (const host of hosts) {
        const record = nacosProviderRecord(host, this.#query, (problem) => this.#warn(problem));
        if (record !== undefined) records.push(record);
      }
    }
    this.#records = records;
  }

  #readMapping(): void {
    // Providers write it once and not again after the registry has lost its data: a missing one takes nobody away.
    const { text } = this.#mapping;
    if (text === undefined) return;
    const names = new Set(text.split(',').map((name) => name.trim()));
    names.delete('');
    if (names.size > MAX_APPLICATIONS) this.#warn(`more than ${MAX_APPLICATIONS} applications are said to serve it`);
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

  #warn(problem: string): void {
    this.#context.warn(`${this.interfaceName}: ${problem}`);
  }
}
