import type { AdminView } from '../admin/admin-view.ts';
import type { GenerationsAnswer, ReplacementAnswer, ValidationAnswer } from '../admin/answers/config-answers.ts';
import type { IfMatch } from '../admin/if-match.ts';
import { maskSecrets } from '../config/mask-secrets.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { RouteSelection } from '../config/select-routes.ts';
import type { ConfigFollower } from './config-follower.ts';
import { ConfigReplacement } from './config-replacement.ts';
import { ConfigValidator } from './config-validator.ts';
import { generationsAnswer } from './generations-answer.ts';
import type { ServedConfiguration } from './served-configuration.ts';

/** What the admin API asks about the configuration. */
export type ConfigurationAnswers = Pick<
  AdminView,
  'config' | 'configTag' | 'replaceConfig' | 'generations' | 'validate'
>;

/** What the answers about the configuration are made from. */
export interface ConfigurationParts {
  readonly live: ServedConfiguration;
  /** Undefined where the configuration did not come from files. */
  readonly follower: ConfigFollower | undefined;
  /** Which routes of its configurations are served; undefined for all. */
  readonly selection: RouteSelection | undefined;
}

/** The configuration that is served, as the admin API sees it: by this process, or by a group of them. */
export class ConfigurationView implements ConfigurationAnswers {
  readonly #parts: ConfigurationParts;
  readonly #validator = new ConfigValidator();
  readonly #replacement: ConfigReplacement;
  /** Kept while it holds: a large configuration has a hundred thousand values. */
  #masked: MaskedConfig | undefined;

  constructor(parts: ConfigurationParts) {
    this.#parts = parts;
    this.#replacement = new ConfigReplacement(parts.live, parts.follower);
  }

  config(): GatewayConfig {
    const { config } = this.#parts.live;
    const secretPaths = this.#parts.follower?.files.secretPaths ?? NONE;
    if (this.#masked?.config !== config || this.#masked.secretPaths !== secretPaths) {
      const masked = maskSecrets(config, secretPaths) as GatewayConfig;
      this.#masked = { config, secretPaths, masked };
    }
    return this.#masked.masked;
  }

  configTag(): string {
    return this.#replacement.tag;
  }

  replaceConfig(text: string, ifMatch: IfMatch): Promise<ReplacementAnswer> {
    return this.#replacement.replace(text, ifMatch);
  }

  generations(): GenerationsAnswer {
    return generationsAnswer(this.#parts.live.generations.records, this.#parts.follower?.lastReload);
  }

  validate(text: string): Promise<ValidationAnswer> {
    return this.#validator.validate(text, this.config(), this.#parts.selection);
  }

  /** Ends what is under way. */
  close(): void {
    this.#validator.close();
  }
}

const NONE: readonly string[] = [];

/** A configuration as it may be shown. */
interface MaskedConfig {
  readonly config: GatewayConfig;
  readonly secretPaths: readonly string[];
  readonly masked: GatewayConfig;
}
