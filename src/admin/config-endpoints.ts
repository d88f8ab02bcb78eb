import * as z from 'zod';
import type { Logger } from '../telemetry/logger.ts';
import type { AdminView } from './admin-view.ts';
import { configAnswer, generationsAnswer, replacementAnswer, validationAnswer } from './answers/config-answers.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { parseIfMatch } from './if-match.ts';

/** Media types that no form of a web page can have. */
const MEDIA_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml', 'application/json'];
const CHECKED_BODY = { maxBytes: 1024 ** 2, mediaTypes: MEDIA_TYPES };
/** As large as a file may be. */
const SERVED_BODY = { maxBytes: 16 * 1024 ** 2, mediaTypes: MEDIA_TYPES };

const configText = z.string().describe('YAML or JSON.');

const ifMatch = z.strictObject({
  'if-match': z
    .string()
    .optional()
    .describe('The ETag of the configuration to replace, in double quotes, or `*` for whatever is there. Needed.'),
});

/** The configuration that is served, its replacement, the check of another one, and those that were served before. */
export function configEndpoints(view: AdminView, logger: Logger): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/config',
      operationId: 'getConfig',
      summary: 'The configuration that is served, secrets masked',
      answerName: 'Configuration',
      answer: configAnswer,
      hasEntityTag: true,
      handle: ({ setEntityTag }) => {
        setEntityTag(view.configTag());
        return { ...view.config() };
      },
    }),
    endpoint({
      method: 'PUT',
      path: '/config',
      operationId: 'replaceConfig',
      summary: 'Write the file of the configuration anew and serve it; what is wrong with it changes nothing',
      headers: ifMatch,
      body: configText,
      textBody: SERVED_BODY,
      answerName: 'Replacement',
      answer: replacementAnswer,
      hasEntityTag: true,
      errors: [
        'PRECONDITION_REQUIRED',
        'PRECONDITION_FAILED',
        'CONFIG_INVALID',
        'CONFIG_READ_ONLY',
        'GATEWAY_STOPPING',
      ],
      handle: async ({ headers, body, client, setEntityTag }) => {
        const answer = await view.replaceConfig(body, parseIfMatch(headers['if-match']));
        setEntityTag(answer.entityTag);
        logger.info('operator', { action: 'replace-config', client, generation: answer.generation });
        return answer;
      },
    }),
    endpoint({
      method: 'POST',
      path: '/config/validate',
      operationId: 'validateConfig',
      summary: 'Check a configuration without serving it; environment and files of the gateway are not looked at',
      body: configText,
      textBody: CHECKED_BODY,
      answerName: 'Validation',
      answer: validationAnswer,
      errors: ['RATE_LIMITED'],
      handle: ({ body }) => view.validate(body),
    }),
    endpoint({
      method: 'GET',
      path: '/generations',
      operationId: 'getGenerations',
      summary: 'The configurations that were served, and what became of the last reading of the files',
      answerName: 'Generations',
      answer: generationsAnswer,
      handle: () => view.generations(),
    }),
  ];
}
