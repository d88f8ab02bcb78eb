import { createHash } from 'node:crypto';
import type { ReplacementAnswer } from '../admin/answers/config-answers.ts';
import type { IfMatch } from '../admin/if-match.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import {
  ConfigFileError,
  type FileState,
  fileBytes,
  moveIntoPlace,
  removeBeside,
  replaceableFile,
  writeBeside,
} from './config-file.ts';
import { configFindings } from './config-finding.ts';
import type { ConfigFollower, ReloadOutcome } from './config-follower.ts';
import { pathsOfMasks } from './masked-values.ts';
import type { LoadedConfig } from './read-config-files.ts';
import type { ServedConfiguration } from './served-configuration.ts';

/** Hexadecimal digits of an entity tag. */
const TAG_LENGTH = 32;

/**
 * Puts another text in the place of the file that is served, and serves it. The text is written beside the file and read
 * from there, with the environment and the files of the gateway, before anything changes: what is wrong leaves all as it
 * was. One at a time: who comes second has seen what is not there any more.
 */
export class ConfigReplacement {
  readonly #live: ServedConfiguration;
  readonly #follower: ConfigFollower | undefined;
  #isBusy = false;
  /** Made once a configuration. */
  #hashed: { readonly config: GatewayConfig; readonly tag: string } | undefined;

  /** @param follower undefined where the configuration did not come from files */
  constructor(live: ServedConfiguration, follower: ConfigFollower | undefined) {
    this.#live = live;
    this.#follower = follower;
  }

  /** The entity tag of what is served: of the files, or of the object that the program around the gateway gave. */
  get tag(): string {
    const follower = this.#filesInForce;
    return follower === undefined ? this.#tagOfObject() : shortened(follower.files.fingerprint);
  }

  /**
   * Rejects with GatewayError: CONFIG_READ_ONLY where there is no single file that may be replaced, PRECONDITION_FAILED
   * where it is not what `ifMatch` names, CONFIG_INVALID for what is wrong with the text, GATEWAY_STOPPING.
   */
  async replace(text: string, ifMatch: IfMatch): Promise<ReplacementAnswer> {
    const follower = this.#filesInForce;
    if (follower === undefined) throw readOnly('it was given as an object by the program around the gateway');
    if (follower.isClosed) throw new GatewayError('GATEWAY_STOPPING', 'The gateway is stopping.');
    if (text.trim() === '') throw empty();
    if (ifMatch !== '*' && !ifMatch.includes(this.tag)) throw this.#changed('It is not what If-Match names any more.');
    if (this.#isBusy) throw this.#changed('Another one is being put in its place.');
    this.#isBusy = true;
    try {
      return await this.#replace(follower, text, ifMatch === '*');
    } catch (error) {
      throw error instanceof ConfigFileError ? readOnly(error.message) : error;
    } finally {
      this.#isBusy = false;
    }
  }

  async #replace(follower: ConfigFollower, text: string, isAny: boolean): Promise<ReplacementAnswer> {
    const { path } = follower.files;
    const state = await replaceableFile(path);
    if (!isAny && (await follower.read(path)).fingerprint !== follower.files.fingerprint) {
      throw this.#changed('Its file has changed, and what that says now is not in force.');
    }
    const before = await fileBytes(path);
    const staged = await writeBeside(path, text, state);
    let loaded: LoadedConfig;
    try {
      loaded = await readStaged(follower, staged);
      if (follower.isClosed) throw new GatewayError('GATEWAY_STOPPING', 'The gateway is stopping.');
      if ((await replaceableFile(path)).stamp !== state.stamp) throw this.#changed('Its file has changed meanwhile.');
      await moveIntoPlace(staged, path);
    } catch (error) {
      await removeBeside(staged);
      throw error;
    }
    const outcome = await follower.apply({ ...loaded, files: [path] }, 'admin');
    if (outcome.changes === undefined) {
      await putBack(path, before, state);
      throw invalid(outcome.diagnostics);
    }
    return this.#answer(outcome, outcome.changes);
  }

  #answer({ diagnostics }: ReloadOutcome, changes: NonNullable<ReloadOutcome['changes']>): ReplacementAnswer {
    return {
      changes,
      generation: this.#live.generations.number,
      entityTag: this.tag,
      warnings: configFindings(diagnostics),
    };
  }

  /** Undefined where what is served did not come from files. */
  get #filesInForce(): ConfigFollower | undefined {
    return this.#live.generations.source === 'application' ? undefined : this.#follower;
  }

  #tagOfObject(): string {
    const { config } = this.#live;
    if (this.#hashed?.config !== config) {
      const hash = createHash('sha256').update(JSON.stringify(config)).digest('hex');
      this.#hashed = { config, tag: shortened(hash) };
    }
    return this.#hashed.tag;
  }

  #changed(reason: string): GatewayError {
    const detail = `The configuration was not replaced. ${reason}`;
    return new GatewayError('PRECONDITION_FAILED', detail, { extensions: { entityTag: this.tag } });
  }
}

/** What was written beside the file; its errors are thrown. */
async function readStaged(follower: ConfigFollower, staged: string): Promise<LoadedConfig> {
  let loaded: LoadedConfig;
  try {
    loaded = await follower.read(staged);
  } catch (cause) {
    const detail = 'The configuration takes too much time or memory to be read; the one before stays in force.';
    throw new GatewayError('CONFIG_INVALID', detail, { extensions: { diagnostics: [] }, cause });
  }
  if (loaded.config === undefined) throw invalid(loaded.diagnostics);
  const masks = pathsOfMasks(loaded.config);
  if (masks.length > 0) throw invalid(masks.map(maskFinding));
  return loaded;
}

function maskFinding(path: string): Diagnostic {
  const message = '*** stands for a secret or a variable when a configuration is shown; write what it stands for';
  return { severity: 'error', file: '', line: 0, column: 0, path, message };
}

/** Where the new one cannot be served after all. */
async function putBack(path: string, before: Buffer, state: FileState): Promise<void> {
  await moveIntoPlace(await writeBeside(path, before, state), path);
}

function invalid(found: readonly Diagnostic[]): GatewayError {
  const errors = found.filter(({ severity }) => severity === 'error').length;
  const detail = `The configuration has ${errors === 1 ? 'an error' : `${errors} errors`}; the one before stays in force.`;
  return new GatewayError('CONFIG_INVALID', detail, { extensions: { diagnostics: configFindings(found) } });
}

function empty(): GatewayError {
  const detail = 'body: The text of a configuration is needed.';
  return new GatewayError('REQUEST_INVALID', detail, { extensions: { path: 'body' } });
}

function readOnly(reason: string): GatewayError {
  return new GatewayError('CONFIG_READ_ONLY', `The configuration cannot be replaced here: ${reason}.`);
}

function shortened(hash: string): string {
  return hash.slice(0, TAG_LENGTH);
}
