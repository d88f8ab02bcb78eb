import { z } from 'zod';
import { gatewaySchema } from './schema.ts';

/** The JSON Schema (draft 2020-12) of the configuration as a user writes it. */
export function configJsonSchema(): object {
  return z.toJSONSchema(gatewaySchema, { io: 'input', target: 'draft-2020-12' });
}
