import type { Socket } from 'node:net';

/**
 * The open connections of a server. A ring of links and no Set: V8 links the table that a Set leaves to the next one, so
 * that an old one keeps all sockets that come and go after it until all of memory is collected.
 */
export class OpenSockets {
  readonly #head = new Link(undefined);
  #size = 0;

  /** Number of them. */
  get size(): number {
    return this.#size;
  }

  /** Adds a socket; it leaves by itself when it closes. */
  add(socket: Socket): void {
    const link = new Link(socket);
    link.enterBefore(this.#head);
    this.#size++;
    socket.once('close', () => {
      link.leave();
      this.#size--;
    });
  }

  /** Copies them, in the order in which they came. */
  toArray(): Socket[] {
    const sockets: Socket[] = [];
    for (let { socket, next } = this.#head.next; socket !== undefined; { socket, next } = next) sockets.push(socket);
    return sockets;
  }
}

/** Alone it is a ring of one. */
class Link {
  readonly socket: Socket | undefined;
  previous: Link = this;
  next: Link = this;

  /** @param socket undefined for the head of a ring */
  constructor(socket: Socket | undefined) {
    this.socket = socket;
  }

  enterBefore(link: Link): void {
    this.previous = link.previous;
    this.next = link;
    link.previous.next = this;
    link.previous = this;
  }

  leave(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.previous = this;
    this.next = this;
  }
}
