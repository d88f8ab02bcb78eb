import { rmSync } from 'node:fs';
import { type PeerCommand, PeerProcess } from './peer-process.ts';

/** A registry's server on loopback, with its data in a folder of its own; it can be ended, frozen and started again. */
export abstract class RegistryServerProcess {
  readonly port: number;
  /** Deleted when the server is stopped. */
  protected readonly folder: string;
  #process: PeerProcess | undefined;

  protected constructor(port: number, folder: string) {
    this.port = port;
    this.folder = folder;
  }

  /** `127.0.0.1:port`. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The address with all that a provider needs to register. */
  abstract get url(): string;

  /** What the server printed last. */
  get log(): string {
    return this.#process?.log ?? '';
  }

  /** Starts the server where it was ended, on the same port. */
  abstract run(): Promise<void>;

  /** Ends the server at once (SIGKILL); its data stays. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async freeze(): Promise<void> {
    await this.#process?.freeze();
  }

  resume(): void {
    this.#process?.resume();
  }

  async stop(): Promise<void> {
    this.resume();
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  protected get isRunning(): boolean {
    return this.#process?.isRunning === true;
  }

  protected async launch(command: PeerCommand): Promise<void> {
    this.#process = await PeerProcess.start(command);
  }
}
