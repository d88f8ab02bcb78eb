import type { ServiceDefinition } from '../service.ts';
import { orderService } from './order-service.ts';
import { priceService } from './price-service.ts';
import { typesService } from './types-service.ts';
import { userService } from './user-service.ts';

/** The services of a small shop, each with its own fresh state. */
export function shopServices(): ServiceDefinition[] {
  return [userService(), orderService(), priceService(), typesService()];
}
