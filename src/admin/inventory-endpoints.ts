import type { AdminView } from './admin-view.ts';
import { connectionsAnswer, routesAnswer, servicesAnswer } from './answers/inventory-answers.ts';
import { plansAnswer } from './answers/plans-answer.ts';
import { registriesAnswer } from './answers/provider-lists-answer.ts';
import { workersAnswer } from './answers/workers-answer.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { providerEndpoint } from './provider-endpoint.ts';

/** What there is: services, providers, registries, connections, routes and workers. */
export function inventoryEndpoints(view: AdminView): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/services',
      operationId: 'getServices',
      summary: 'Services, their methods and how many of their providers can be used',
      answerName: 'Services',
      answer: servicesAnswer,
      handle: () => view.services(),
    }),
    providerEndpoint(view),
    endpoint({
      method: 'GET',
      path: '/registries',
      operationId: 'getRegistries',
      summary: 'Registries, whether they answer, and how old what they said is',
      answerName: 'Registries',
      answer: registriesAnswer,
      handle: () => view.registries(),
    }),
    endpoint({
      method: 'GET',
      path: '/connections',
      operationId: 'getConnections',
      summary: 'Each connection to a provider',
      answerName: 'Connections',
      answer: connectionsAnswer,
      handle: () => view.connections(),
    }),
    endpoint({
      method: 'GET',
      path: '/routes',
      operationId: 'getRoutes',
      summary: 'Routes, the method that each calls, and the pool in which it runs now',
      answerName: 'Routes',
      answer: routesAnswer,
      handle: () => view.routes(),
    }),
    endpoint({
      method: 'GET',
      path: '/plans',
      operationId: 'getPlans',
      summary: 'What the serializer has learnt of answers, and how often that was of use',
      answerName: 'Plans',
      answer: plansAnswer,
      handle: () => view.plans(),
    }),
    endpoint({
      method: 'GET',
      path: '/workers',
      operationId: 'getWorkers',
      summary: 'The processes that serve, and how often each was started again',
      answerName: 'Workers',
      answer: workersAnswer,
      handle: () => view.workers(),
    }),
  ];
}
