import * as z from 'zod';
import { ERROR_CODES, type ErrorCode } from '../errors/error-codes.ts';
import { PROBLEM_CONTENT_TYPE } from '../errors/problem.ts';
import { problemAnswer } from './answers/problem-answer.ts';
import type { Endpoint } from './endpoint.ts';

type Json = Readonly<Record<string, unknown>>;

/** What any endpoint may answer. */
const SHARED_ERRORS: readonly ErrorCode[] = [
  'REQUEST_TARGET',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'WORKERS_AWAY',
  'INTERNAL',
];
const BODY_ERRORS: readonly ErrorCode[] = [
  'REQUEST_JSON',
  'REQUEST_TOO_DEEP',
  'REQUEST_INVALID',
  'REQUEST_TOO_LARGE',
  'REQUEST_MEDIA_TYPE',
  'REQUEST_TIMEOUT',
];

const JSON_TYPE = 'application/json';

/** An OpenAPI 3.1 document of the endpoints, made from the schemas that check their requests and type their answers. */
export function openApiDocument(endpoints: readonly Endpoint[], prefix: string, version: string): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    const path = openApiPath(prefix + endpoint.path);
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Sluice admin API', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    security: [{ token: [] }, {}],
    paths,
    components: {
      schemas: componentSchemas(endpoints),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Asked for where `server.admin.token` is set.' },
      },
    },
  };
}

/** The path of a route as OpenAPI and people write it. */
export function openApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function operation(endpoint: Endpoint): Json {
  const { operationId, summary, path, query, headers, body, textBody, answerName, errors = [] } = endpoint;
  const ownErrors = [
    ...errors,
    ...(body === undefined ? [] : BODY_ERRORS),
    ...(query === undefined ? [] : QUERY_ERRORS),
  ];
  const parameters = [...pathParameters(path), ...parametersOf(query, 'query'), ...parametersOf(headers, 'header')];
  return {
    operationId,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: { required: textBody !== undefined, content: content(textBody?.mediaTypes, schemaOf(body)) },
    }),
    responses: {
      200: {
        description: 'As it is now.',
        ...(endpoint.hasEntityTag === true && { headers: ENTITY_TAG }),
        content: content(undefined, reference(answerName)),
      },
      ...problemResponses([...SHARED_ERRORS, ...ownErrors]),
    },
  };
}

const ENTITY_TAG = { ETag: { description: 'What `If-Match` of a change has to name.', schema: { type: 'string' } } };

const QUERY_ERRORS: readonly ErrorCode[] = ['REQUEST_INVALID'];

function content(mediaTypes: readonly string[] = [JSON_TYPE], schema: Json): Json {
  return Object.fromEntries(mediaTypes.map((type) => [type, { schema }]));
}

/** One response a status, which lists the codes that may come with it. */
function problemResponses(codes: readonly ErrorCode[]): Json {
  const byStatus = new Map<number, Set<ErrorCode>>();
  for (const code of codes) {
    const { status } = ERROR_CODES[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  const responses = [...byStatus].map(([status, found]) => [
    status,
    { description: [...found].join(', '), content: content([PROBLEM_CONTENT_TYPE], reference('Problem')) },
  ]);
  return Object.fromEntries(responses) as Json;
}

function pathParameters(path: string): readonly Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: 'Percent-encoded.',
    schema: { type: 'string' },
  }));
}

function parametersOf(schema: z.ZodObject | undefined, place: 'query' | 'header'): readonly Json[] {
  const { properties = {} } = schema === undefined ? {} : schemaOf(schema);
  return Object.entries(properties as Record<string, Json>).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: false,
    description,
    schema,
  }));
}

function reference(name: string): Json {
  return { $ref: referenceTo(name) };
}

function referenceTo(name: string): string {
  return `#/components/schemas/${name}`;
}

function componentSchemas(endpoints: readonly Endpoint[]): Json {
  const registry = z.registry<{ id: string }>();
  registry.add(problemAnswer, { id: 'Problem' });
  for (const { answer, answerName } of endpoints) registry.add(answer, { id: answerName });
  const { schemas } = z.toJSONSchema(registry, {
    uri: referenceTo,
    override: ({ jsonSchema }) => simplify(jsonSchema),
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $id: _id, $schema: _schema, ...schema }]) => [name, schema]),
  );
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => simplify(jsonSchema),
  });
  return json;
}

/** Leaves out what only repeats the format of a date or the range of an integer. */
function simplify(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format === 'date-time') delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}
