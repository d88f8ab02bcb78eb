import type { AdminView } from './admin-view.ts';
import { providersAnswer } from './answers/inventory-answers.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { providerQuery } from './provider-query.ts';

/** `GET providers`: what the registries say, which of it takes calls, and how the addresses fare. */
export function providerEndpoint(view: AdminView): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/providers',
    operationId: 'getProviders',
    summary: 'Providers of each service, what keeps calls from them, and what was counted on their connections',
    query: providerQuery,
    answerName: 'Providers',
    answer: providersAnswer,
    handle: ({ query }) => view.providers(query),
  });
}
