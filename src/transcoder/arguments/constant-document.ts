import { type JsonDocument, JsonSyntaxError, parseJson } from '../../json/json-document.ts';
import { ArgumentPlanError } from './argument-plan-error.ts';

const MAX_DEPTH = 512;

/** A value of the configuration as a document, so that it takes the same way as a body. */
export function constantDocument(value: unknown): JsonDocument {
  try {
    return parseJson(Buffer.from(JSON.stringify(value ?? null)), MAX_DEPTH);
  } catch (error) {
    if (error instanceof TypeError || error instanceof JsonSyntaxError) {
      throw new ArgumentPlanError('the constant is no JSON value');
    }
    throw error;
  }
}
