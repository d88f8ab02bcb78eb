import type { ResponseConfig } from '../config/schema.ts';
import { compileDateFormatter, type DateFormatter } from './date-formatter.ts';

/** How a route writes dates; undefined: ISO 8601. */
export type DateForm = DateFormatter | 'epoch-ms' | undefined;

/** A route's response options, ready for the transcoder. */
export interface ResponseOptions extends Omit<ResponseConfig, 'dates'> {
  /** How dates are written; undefined: ISO 8601. */
  readonly formatDate: DateForm;
}

export function compileResponseOptions(config: ResponseConfig): ResponseOptions {
  const { dates, ...rest } = config;
  if (dates === 'iso') return { ...rest, formatDate: undefined };
  return { ...rest, formatDate: dates === 'epoch-ms' ? dates : compileDateFormatter(dates.pattern, dates.zone) };
}
