/** What is followed of a node: the names of its children, or its data. */
export type NodeKind = 'children' | 'data';

/** What a read of a node came to. */
export type NodeReading =
  | { readonly outcome: 'children'; readonly children: readonly string[] }
  | { readonly outcome: 'data'; readonly data: Buffer }
  /** There is no such node. */
  | { readonly outcome: 'absent' }
  /** The server does not let us read it. */
  | { readonly outcome: 'denied' }
  /** Anything else; it is read again after a while. */
  | { readonly outcome: 'failed' };

/** Told after each read. */
export interface NodeListener {
  /** @param isChanged whether the node is not as it was; true for the first read that succeeded, false for one that failed */
  onNode(node: FollowedNode, isChanged: boolean): void;
}

/** A node and what was last read of it. That stays while the registry is away. */
export class FollowedNode {
  readonly kind: NodeKind;
  readonly path: string;
  /** Sorted; empty where there is no node. */
  children: readonly string[] = [];
  /** Undefined where there is no node. */
  data: Buffer | undefined = undefined;
  /** Whether it was ever read. */
  isKnown = false;
  /** Whether it was read in the present session. */
  isFresh = false;
  /** Whether a read of it was tried in the present session. */
  isSettled = false;
  isDenied = false;
  /** Whether a read of it is under way. */
  isReading = false;
  /** When it is to be read; undefined if it is not. */
  dueMs: number | undefined = undefined;
  readonly listeners = new Set<NodeListener>();
  /** Says that it is not there, where somebody follows the names beside it. */
  gate: NodeGate | undefined = undefined;
  #names: ReadonlySet<string> | undefined;
  #namesOf: readonly string[] | undefined;

  constructor(kind: NodeKind, path: string) {
    this.kind = kind;
    this.path = path;
  }

  hasChild(name: string): boolean {
    if (this.#names === undefined || this.#namesOf !== this.children) {
      this.#names = new Set(this.children);
      this.#namesOf = this.children;
    }
    return this.#names.has(name);
  }
}

/** The node above a node, by whose list of children it is known whether there is anything to read. */
interface NodeGate {
  readonly parent: FollowedNode;
  readonly name: string;
  readonly listener: NodeListener;
  /** Whether the node was taken for absent because the list does not name it. */
  saysAbsent: boolean;
}

export interface NodeMirrorOptions {
  /** How long after a change a node is read in ms, so that several changes are one read. */
  readonly debounceMs: number;
  /** Reads under way at a time. */
  readonly maxReadsInFlight: number;
  /** When a node that could not be read is tried again, in ms. */
  readonly retryMs: number;
}

/**
 * A copy of some nodes of a tree that tells of a change only once: which nodes are followed, which are to be read, and
 * what they held last. It reads nothing itself.
 *
 * A node is read when it is new, when a watch said that it changed, and when a session begins. A change that is told
 * while a read is under way leads to another read.
 */
export class NodeMirror {
  readonly #options: NodeMirrorOptions;
  readonly #nodes = new Map<string, FollowedNode>();
  /** Nodes to be read at once. */
  readonly #urgent = new Set<FollowedNode>();
  /** Nodes that changed, and nodes to be tried again, each in the order they are due. */
  readonly #changed = new Set<FollowedNode>();
  readonly #retried = new Set<FollowedNode>();
  #readsInFlight = 0;
  #hasSession = false;

  constructor(options: NodeMirrorOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** Whether every followed node was read in this session, or is only being tried again. */
  get isInStep(): boolean {
    return this.#hasSession && this.#urgent.size === 0 && this.#changed.size === 0 && this.#readsInFlight === 0;
  }

  /** How many nodes the server does not let us read. */
  get deniedCount(): number {
    let count = 0;
    for (const node of this.#nodes.values()) if (node.isDenied) count++;
    return count;
  }

  /** Follows a node; the same object for the same node. The listener is told of reads from now on. */
  follow(kind: NodeKind, path: string, listener: NodeListener): FollowedNode {
    const key = `${kind} ${path}`;
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = new FollowedNode(kind, path);
      this.#nodes.set(key, node);
      if (this.#hasSession) this.#urgent.add(node);
    }
    node.listeners.add(listener);
    return node;
  }

  /**
   * As `follow`, for a node that is more likely not there: the children of the node above it are followed as well, and
   * only what they name is read. For many such nodes beside each other that is one read instead of two for each.
   */
  followListed(kind: NodeKind, path: string, listener: NodeListener): FollowedNode {
    const key = `${kind} ${path}`;
    const known = this.#nodes.get(key);
    if (known !== undefined) {
      known.listeners.add(listener);
      return known;
    }
    const node = new FollowedNode(kind, path);
    this.#nodes.set(key, node);
    node.listeners.add(listener);
    const slash = path.lastIndexOf('/');
    const gateListener = { onNode: () => this.#passGate(node) };
    const parent = this.follow('children', path.slice(0, slash) || '/', gateListener);
    node.gate = { parent, name: path.slice(slash + 1), listener: gateListener, saysAbsent: false };
    if (!this.#hasSession || !parent.isFresh) return node;
    if (parent.hasChild(node.gate.name)) this.#urgent.add(node);
    else takeForAbsent(node);
    return node;
  }

  /** Ends what `follow` began; without listeners a node is forgotten. */
  unfollow(node: FollowedNode, listener: NodeListener): void {
    node.listeners.delete(listener);
    if (node.listeners.size > 0) return;
    if (node.gate !== undefined) this.unfollow(node.gate.parent, node.gate.listener);
    this.#nodes.delete(`${node.kind} ${node.path}`);
    this.#forgetDue(node);
  }

  /** A session began: everything is read again. */
  sessionOpened(): void {
    this.#hasSession = true;
    this.#forgetSession();
    for (const node of this.#nodes.values()) if (node.gate === undefined) this.#urgent.add(node);
  }

  /** The session is over. Answers to reads that were under way are not to be given any more. */
  sessionLost(): void {
    this.#hasSession = false;
    this.#forgetSession();
  }

  /** A watch says that something about a path changed. */
  changed(path: string, nowMs: number): void {
    for (const kind of KINDS) {
      const node = this.#nodes.get(`${kind} ${path}`);
      if (node === undefined || this.#urgent.has(node) || this.#changed.has(node)) continue;
      this.#forgetDue(node);
      node.dueMs = nowMs + this.#options.debounceMs;
      this.#changed.add(node);
    }
  }

  /** The next node to read now; it counts as being read. */
  takeDue(nowMs: number): FollowedNode | undefined {
    if (!this.#hasSession || this.#readsInFlight >= this.#options.maxReadsInFlight) return undefined;
    const node =
      firstReady(this.#urgent, nowMs) ?? firstReady(this.#changed, nowMs) ?? firstReady(this.#retried, nowMs);
    if (node === undefined) return undefined;
    this.#forgetDue(node);
    node.isReading = true;
    this.#readsInFlight++;
    return node;
  }

  /** A read that `takeDue` began is over. */
  answered(node: FollowedNode, reading: NodeReading, nowMs: number): void {
    if (!node.isReading) return;
    node.isReading = false;
    this.#readsInFlight--;
    if (node.listeners.size === 0) return;
    node.isSettled = true;
    node.isDenied = reading.outcome === 'denied';
    if (reading.outcome === 'denied' || reading.outcome === 'failed') {
      this.#forgetDue(node);
      node.dueMs = nowMs + this.#options.retryMs;
      this.#retried.add(node);
      tell(node, false);
      return;
    }
    const isChanged = keep(node, reading) || !node.isKnown;
    node.isKnown = true;
    node.isFresh = true;
    tell(node, isChanged);
  }

  /** When there is something to read; infinite where there is not, or where as much is under way as may be. */
  nextDueMs(nowMs: number): number {
    if (!this.#hasSession || this.#readsInFlight >= this.#options.maxReadsInFlight) return Number.POSITIVE_INFINITY;
    if (this.#urgent.size > 0) return nowMs;
    return Math.min(firstDueMs(this.#changed), firstDueMs(this.#retried));
  }

  #forgetSession(): void {
    this.#readsInFlight = 0;
    for (const node of this.#nodes.values()) {
      this.#forgetDue(node);
      node.isFresh = false;
      node.isSettled = false;
      node.isReading = false;
      if (node.gate !== undefined) node.gate.saysAbsent = false;
    }
  }

  /** The node above a node was read. */
  #passGate(node: FollowedNode): void {
    const gate = node.gate!;
    if (!gate.parent.isFresh) {
      // It may not be read; that is as much as can be known of this node.
      node.isSettled = true;
      tell(node, false);
    } else if (gate.parent.hasChild(gate.name)) {
      if (node.isFresh && !gate.saysAbsent) return;
      gate.saysAbsent = false;
      if (!node.isReading && !this.#changed.has(node)) {
        this.#forgetDue(node);
        this.#urgent.add(node);
      }
    } else if (!node.isReading && !gate.saysAbsent) {
      this.#forgetDue(node);
      tell(node, takeForAbsent(node));
    }
  }

  #forgetDue(node: FollowedNode): void {
    node.dueMs = undefined;
    this.#urgent.delete(node);
    this.#changed.delete(node);
    this.#retried.delete(node);
  }
}

const KINDS: readonly NodeKind[] = ['children', 'data'];

/** The first node that is due and is not being read. */
function firstReady(nodes: ReadonlySet<FollowedNode>, nowMs: number): FollowedNode | undefined {
  for (const node of nodes) {
    if (node.dueMs !== undefined && node.dueMs > nowMs) return undefined;
    if (!node.isReading) return node;
  }
  return undefined;
}

function firstDueMs(nodes: ReadonlySet<FollowedNode>): number {
  for (const node of nodes) if (!node.isReading) return node.dueMs ?? Number.NEGATIVE_INFINITY;
  return Number.POSITIVE_INFINITY;
}

/** Whether that is news. */
function takeForAbsent(node: FollowedNode): boolean {
  node.gate!.saysAbsent = true;
  const isChanged = keep(node, { outcome: 'absent' }) || !node.isKnown;
  node.isKnown = true;
  node.isFresh = true;
  node.isSettled = true;
  node.isDenied = false;
  return isChanged;
}

function tell(node: FollowedNode, isChanged: boolean): void {
  for (const listener of [...node.listeners]) listener.onNode(node, isChanged);
}

/** Takes over what was read; whether it differs from before. */
function keep(node: FollowedNode, reading: NodeReading): boolean {
  if (node.kind === 'children') {
    const children = reading.outcome === 'children' ? [...reading.children].sort() : [];
    if (children.length === node.children.length && children.every((name, i) => name === node.children[i]))
      return false;
    node.children = children;
    return true;
  }
  const data = reading.outcome === 'data' ? reading.data : undefined;
  if (data === undefined ? node.data === undefined : node.data?.equals(data) === true) return false;
  node.data = data;
  return true;
}
