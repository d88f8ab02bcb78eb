import { type JsonDocument, parseJson } from '../../json/json-document.ts';
import { JsonDepthError } from '../../json/json-errors.ts';
import { ArgumentPlanError } from './argument-plan-error.ts';

const MAX_DEPTH = 512;

/** A value of the configuration as a document, so that it takes the same way as a body. */
export function constantDocument(value: unknown): JsonDocument {
  try {
    return parseJson(Buffer.from(JSON.stringify(value ?? null)), MAX_DEPTH);
  } catch (error) {
    // JSON.stringify refuses a bigint and a cycle by TypeError.
    if (error instanceof TypeError) throw new ArgumentPlanError('the constant is no JSON value');
    if (error instanceof JsonDepthError) throw new ArgumentPlanError(`the constant nests deeper than ${MAX_DEPTH}`);
    throw error;
  }
}
