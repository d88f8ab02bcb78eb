import { z } from 'zod';
import type { AdminView } from './admin-view.ts';
import { configAnswer, validationAnswer } from './answers/config-answers.ts';
import { type Endpoint, endpoint } from './endpoint.ts';

/** Media types that no form of a web page can have. */
const CONFIG_BODY = {
  maxBytes: 1024 ** 2,
  mediaTypes: ['application/yaml', 'application/x-yaml', 'text/yaml', 'application/json'],
};

/** The configuration that is served, and the check of another one. */
export function configEndpoints(view: AdminView): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/config',
      operationId: 'getConfig',
      summary: 'The configuration that is served, secrets masked',
      answerName: 'Configuration',
      answer: configAnswer,
      handle: () => ({ ...view.config() }),
    }),
    endpoint({
      method: 'POST',
      path: '/config/validate',
      operationId: 'validateConfig',
      summary: 'Check a configuration without serving it; environment and files of the gateway are not looked at',
      body: z.string().describe('YAML or JSON.'),
      textBody: CONFIG_BODY,
      answerName: 'Validation',
      answer: validationAnswer,
      errors: ['RATE_LIMITED'],
      handle: ({ body }) => view.validate(body),
    }),
  ];
}
