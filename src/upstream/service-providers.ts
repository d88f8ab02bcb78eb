import type { ProviderList } from '../registry/provider-list.ts';
import type { ProviderChannel } from '../rpc/provider-channel.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';

/** The channels to the providers of one service, picked in turn; those that fail at present come last. */
export class ServiceProviders {
  readonly #list: ProviderList;
  readonly #channels: readonly ProviderChannel[];
  readonly #isUsable = (index: number): boolean => this.#channels[index]!.isUsable;

  constructor(list: ProviderList, client: RpcClient, connectionsPerProvider: number) {
    this.#list = list;
    this.#channels = list.addresses.map((address) => client.channel(address, connectionsPerProvider));
  }

  /** How many providers there are: how often a call that was never sent can go elsewhere. */
  get size(): number {
    return this.#channels.length;
  }

  /** The next usable channel; where none is usable the next one all the same, because it may have recovered. */
  pick(): ProviderChannel | undefined {
    const usable = this.#list.next(this.#isUsable);
    return this.#channels[usable === -1 ? this.#list.next() : usable];
  }

  /** Gives the channels back; connections stay open while another generation uses them. */
  release(): void {
    for (const channel of this.#channels) channel.release();
  }
}
