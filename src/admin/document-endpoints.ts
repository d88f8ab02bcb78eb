import { PRODUCT_VERSION } from '../telemetry/product-version.ts';
import { indexAnswer, openApiAnswer } from './answers/index-answer.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { openApiDocument, openApiPath } from './openapi.ts';

/** What there is: a list for people, and `openapi.json` for programs. `others` are all other endpoints. */
export function documentEndpoints(others: readonly Endpoint[], prefix: string): readonly Endpoint[] {
  const endpoints: Endpoint[] = [
    endpoint({
      method: 'GET',
      path: '',
      operationId: 'getIndex',
      summary: 'What there is',
      answerName: 'Index',
      answer: indexAnswer,
      handle: () => ({
        version: PRODUCT_VERSION,
        endpoints: endpoints.map(({ method, path, summary }) => ({
          method,
          path: openApiPath(prefix + path),
          summary,
        })),
      }),
    }),
    ...others,
    endpoint({
      method: 'GET',
      path: '/openapi.json',
      operationId: 'getOpenApi',
      summary: 'This API as an OpenAPI 3.1 document',
      answerName: 'OpenApi',
      answer: openApiAnswer,
      handle: () => document(),
    }),
  ];
  let made: ReturnType<typeof openApiDocument> | undefined;
  const document = () => {
    made ??= openApiDocument(endpoints, prefix, PRODUCT_VERSION);
    return made;
  };
  return endpoints;
}
