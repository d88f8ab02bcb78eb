import type { JsonDocument } from '../json/json-document.ts';

/**
 * What argument plans may read of a request. The HTTP side implements it; everything is decoded once at most and only
 * when asked for. An absent value is `undefined`, an empty one is the empty string.
 */
export interface RequestView {
  /** Path parameter by the name in the pattern, percent-decoded. */
  pathParameter(name: string): string | undefined;
  /** First value of a query parameter, form-decoded. */
  query(name: string): string | undefined;
  /** All values of a query parameter in order; empty when absent. */
  queryAll(name: string): readonly string[];
  /** Header by lower-case name; several fields of a name are joined with ", ". */
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
  /** The parsed body; undefined when the request has none. */
  readonly body: JsonDocument | undefined;
  /** Verified claims of the caller; undefined when nothing verified the caller. */
  readonly claims: JsonDocument | undefined;
  readonly clientIp: string;
  readonly requestId: string;
}
