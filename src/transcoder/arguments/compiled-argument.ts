import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { RequestView } from '../request-view.ts';

/** One argument, or a part of one, made ready for requests. */
export interface CompiledArgument {
  /** False when the value is absent and may be; `write` would then write nothing. */
  present(request: RequestView): boolean;
  /** Writes the value; false, with nothing written, when it is absent and may be. Throws `GatewayError`. */
  write(request: RequestView, out: HessianWriter): boolean;
}

/** A compiled argument that gives the members of an object, so that `merge` can put several together. */
export interface CompiledMembers extends CompiledArgument {
  /**
   * Writes the members whose names are not in `written` and adds their names.
   *
   * @param last whether no part follows that would look at `written`
   */
  writeMembers(request: RequestView, out: HessianWriter, written: Set<string>, last: boolean): void;
}
