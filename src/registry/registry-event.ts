/** Something worth a log line. The message holds no secret and no address of the registry itself. */
export interface RegistryEvent {
  readonly type:
    | 'connected'
    /** The registry is away or cannot be reached; told once for each time it goes. */
    | 'lost'
    /** The registry refuses user and password, or what they may read. */
    | 'refused'
    /** The registry does not know the namespace that is configured, or has no node where the chroot says. */
    | 'namespace-unknown'
    /** The registry answers but does not tell changes; they are found by asking, which takes longer. */
    | 'push-missing'
    /** What stands in a node cannot be used; the node is named. */
    | 'node-skipped'
    /** What an application serves could not be learnt. */
    | 'metadata-failed'
    /** Providers are kept though the registry does not name them any more. */
    | 'list-held'
    /** A callback of a subscriber threw. */
    | 'callback-threw';
  readonly message: string;
  /** The interface it is about, if it is about one. */
  readonly interfaceName?: string;
  /** What a callback threw. */
  readonly error?: unknown;
}
