import { hashText } from '../balancing/murmur3.ts';
import { SplitPicker } from '../balancing/split-picker.ts';
import { parseArgument } from '../config/argument-source.ts';
import type { ArgumentSpec } from '../config/argument-spec.ts';
import { sidesOf } from '../config/route-calls.ts';
import type { ArgumentInput, RouteConfig } from '../config/schema.ts';
import { readsBody } from '../transcoder/arguments/argument-plan.ts';
import { type AttachmentReader, compileAttachment } from '../transcoder/arguments/attachment-plan.ts';
import type { RequestView } from '../transcoder/request-view.ts';

/**
 * Another one than that of consistent hash, which may go by the same text: with one alike, all users of a small side
 * would meet in one stretch of its ring, at one provider.
 */
const SEED = 0x51de;
const NO_KEY = -1;

/** Which side of its split each request of a route goes to. */
export class SideChoice {
  /** Whether what keeps requests on their side is in the body. */
  readonly readsBody: boolean;
  readonly #picker: SplitPicker;
  readonly #readKey: AttachmentReader | undefined;
  readonly #header: string | undefined;
  readonly #cookie: string | undefined;

  /**
   * @param route with a `split`
   * @param random a number from 0 to below 1, like `Math.random`
   * @throws ArgumentPlanError for a `stickyOn` that is not one text
   */
  constructor(route: RouteConfig, random: () => number) {
    const spec = route.stickyOn === undefined ? undefined : parseKey(route.stickyOn);
    this.readsBody = spec !== undefined && readsBody(spec);
    this.#readKey = spec === undefined ? undefined : compileAttachment(spec);
    this.#header = route.splitOverride?.header?.toLowerCase();
    this.#cookie = route.splitOverride?.cookie;
    const sides = sidesOf(route);
    // Without an override no request can name a side.
    const isNamed = this.#header !== undefined || this.#cookie !== undefined;
    this.#picker = new SplitPicker(
      sides.map(({ weight, name }) => ({ weight, name: isNamed ? name : undefined })),
      random,
    );
  }

  /** The index of the side. Throws `GatewayError` for a request whose key cannot be read. */
  sideOf(request: RequestView): number {
    const key = this.#readKey?.(request);
    // An empty text is nobody's: all who send it are not one user.
    const hash = key === undefined || key === '' ? NO_KEY : hashText(key, SEED);
    return this.#picker.pick(hash, this.#askedSide(request));
  }

  #askedSide(request: RequestView): string | undefined {
    const byHeader = this.#header === undefined ? undefined : request.header(this.#header);
    if (byHeader !== undefined || this.#cookie === undefined) return byHeader;
    return request.cookie(this.#cookie);
  }
}

/** Who cannot be told from others goes anywhere, unless the source is asked for. */
function parseKey(input: ArgumentInput): ArgumentSpec {
  const spec = parseArgument(input);
  const isAskedFor = typeof input !== 'string' && input.required === true;
  return spec.kind === 'source' && !isAskedFor ? { ...spec, required: false } : spec;
}
