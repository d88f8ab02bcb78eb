import type { ProviderList } from '../registry/provider-list.ts';
import type { ProviderChannel } from '../rpc/provider-channel.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';

const NONE: readonly ProviderChannel[] = [];

/** The channels to the providers of one service, picked in turn; those that fail at present come last. */
export class ServiceProviders {
  readonly #list: ProviderList;
  readonly #channels: readonly ProviderChannel[];
  #users = 1;
  readonly #isUsable = (index: number): boolean => this.#channels[index]!.isUsable;

  constructor(list: ProviderList, client: RpcClient, connectionsPerProvider: number) {
    this.#list = list;
    this.#channels = list.addresses.map((address) => client.channel(address, connectionsPerProvider));
  }

  /**
   * The next usable channel; where none is usable the next one all the same, because it may have recovered. Channels that
   * a call tried already are passed over; undefined when it tried all.
   */
  pick(tried: readonly ProviderChannel[] = NONE): ProviderChannel | undefined {
    let index: number;
    if (tried.length === 0) {
      index = this.#list.next(this.#isUsable);
      if (index === -1) index = this.#list.next();
    } else {
      const isNew = (place: number) => !tried.includes(this.#channels[place]!);
      index = this.#list.next((place) => isNew(place) && this.#isUsable(place));
      if (index === -1) index = this.#list.next(isNew);
    }
    return this.#channels[index];
  }

  /** One more generation uses them. */
  retain(): void {
    this.#users++;
  }

  /** A generation uses them no more; after the last one the channels are given back. */
  release(): void {
    if (--this.#users > 0) return;
    for (const channel of this.#channels) channel.release();
  }
}
