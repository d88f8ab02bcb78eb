import { HessianWalk, type InvokedMethod, WalkError } from './hessian-walk.ts';

/** Where the parts of a request body are, and its texts. Nothing of the argument values is built. */
export interface RequestOutline {
  /** Dubbo version the caller speaks, usually `2.0.2`. */
  readonly protocolVersion: string | null;
  readonly path: string;
  readonly version: string | null;
  /** `$invoke` for generic calls. */
  readonly method: string;
  readonly descriptor: string;
  /** Offset of the first argument, and of the attachments, which follow the last. */
  readonly argumentsStart: number;
  readonly argumentsEnd: number;
  /** For `$invoke`: the method that is meant and its type list, null when the caller left the types out. */
  readonly invoked: InvokedMethod | null;
  /** Attachments with text values; others are skipped. */
  readonly attachments: ReadonlyMap<string, string>;
}

/** A body that a provider could not decode. */
export class MalformedRequest extends Error {
  /** True when not even path and method could be read. */
  readonly beforeArguments: boolean;

  constructor(message: string, beforeArguments: boolean) {
    super(message);
    this.name = 'MalformedRequest';
    this.beforeArguments = beforeArguments;
  }
}

const GENERIC_DESCRIPTOR = 'Ljava/lang/String;[Ljava/lang/String;[Ljava/lang/Object;';

/**
 * Walks once over the body of a request and finds its parts. It is also the guard in front of hessian.js, which takes
 * truncated values, endless lengths and 4-byte UTF-8 without a word.
 *
 * @throws MalformedRequest with the offset of the first byte that is wrong
 */
export function outlineRequest(body: Buffer): RequestOutline {
  const walk = new HessianWalk(body);
  try {
    const protocolVersion = walk.textOrNull();
    const path = walk.text();
    const version = walk.textOrNull();
    const method = walk.text();
    const descriptor = walk.text();
    walk.beforeArguments = false;
    const argumentsStart = walk.position;
    let invoked: InvokedMethod | null = null;
    if ((method === '$invoke' || method === '$invokeAsync') && descriptor === GENERIC_DESCRIPTOR) {
      invoked = walk.invokedMethod();
    } else {
      for (let count = countParameters(descriptor); count > 0; count--) walk.skip(0);
    }
    const argumentsEnd = walk.position;
    const attachments = walk.attachments();
    return {
      protocolVersion,
      path,
      version,
      method,
      descriptor,
      argumentsStart,
      argumentsEnd,
      invoked,
      attachments,
    };
  } catch (error) {
    if (error instanceof WalkError) throw new MalformedRequest(error.message, walk.beforeArguments);
    throw error;
  }
}

/** Number of parameters of a JVM descriptor without parentheses (`I[Ljava/lang/String;` has two). */
function countParameters(descriptor: string): number {
  let count = 0;
  for (let at = 0; at < descriptor.length; at++) {
    const letter = descriptor[at]!;
    if (letter === '[') continue;
    if (letter === 'L') {
      at = descriptor.indexOf(';', at);
      if (at < 0) throw new WalkError(`parameter descriptor ${JSON.stringify(descriptor.slice(0, 100))} has no end`);
    } else if (!'ZBCSIJFD'.includes(letter)) {
      throw new WalkError(`parameter descriptor ${JSON.stringify(descriptor.slice(0, 100))} is none`);
    }
    count++;
  }
  return count;
}
