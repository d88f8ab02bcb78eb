import type * as z from 'zod';
import type { ErrorCode } from '../errors/error-codes.ts';
import type { Answer } from './answers/answer.ts';
import type { BodyRules } from './request-body.ts';

/** A request to an endpoint whose parts have been checked. */
export interface EndpointCall<Query, Headers, Body> {
  /** Parts of the path by name, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  /** Address of the client. */
  readonly client: string;
  /** Sends an entity tag with the answer. */
  setEntityTag(tag: string): void;
}

/** One method on one path of the admin API: what the router serves and what `openapi.json` says come from here. */
export interface EndpointDefinition<
  Query extends z.ZodObject,
  Headers extends z.ZodObject,
  Body extends z.ZodType,
  Schema extends z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below `/admin/v1`; `:name` stands for one segment. */
  readonly path: string;
  /** A name for generated clients. */
  readonly operationId: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Parameters by name; default none. Unknown ones are refused. */
  readonly query?: Query;
  /** Headers that it looks at, by their names in lower case; default none. */
  readonly headers?: Headers;
  /** Schema of a JSON body; default: the endpoint takes no body. A missing body is read as `{}`. */
  readonly body?: Body;
  /** Rules of a body that is handed over as text, whatever the media type; default: the body is JSON. */
  readonly textBody?: BodyRules;
  /** What the answer is called in `openapi.json`. */
  readonly answerName: string;
  /** Schema of the JSON answer. */
  readonly answer: Schema;
  /** Whether the answer has an entity tag; default false. */
  readonly hasEntityTag?: boolean;
  /** Errors of its own, beside those that all endpoints share. */
  readonly errors?: readonly ErrorCode[];
  /** Throws `GatewayError`, or rejects with one. */
  handle(
    call: EndpointCall<z.output<Query>, z.output<Headers>, z.output<Body>>,
  ): Answer<Schema> | Promise<Answer<Schema>>;
}

export type Endpoint = EndpointDefinition<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType>;

/** Checks that an endpoint's parts fit each other. */
export function endpoint<
  Query extends z.ZodObject,
  Headers extends z.ZodObject,
  Body extends z.ZodType,
  Schema extends z.ZodType,
>(definition: EndpointDefinition<Query, Headers, Body, Schema>): Endpoint {
  return definition;
}
