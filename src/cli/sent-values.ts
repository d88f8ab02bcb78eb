import { ByteWriter } from '../bytes/byte-writer.ts';
import { HessianReader } from '../hessian/hessian-reader.ts';
import {
  HessianDate,
  HessianList,
  HessianMap,
  HessianObject,
  type HessianValue,
  readTree,
} from '../hessian/hessian-tree.ts';
import { HessianWriter } from '../hessian/hessian-writer.ts';
import type { ArgumentPlan } from '../transcoder/arguments/argument-plan.ts';
import type { RequestView } from '../transcoder/request-view.ts';

const MAX_SHOWN = 200;

/** Each argument of a call as it goes over the wire, as text for people: `long 42`, `{"name": string "Ada"}`. */
export function sentValues(plan: ArgumentPlan, request: RequestView): string[] {
  const out = new ByteWriter();
  plan.write(request, new HessianWriter(out));
  const reader = new HessianReader();
  reader.reset(out.take());
  const values: string[] = [];
  while (reader.position < reader.end) values.push(shortened(show(readTree(reader))));
  return values;
}

function show(value: HessianValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? `int ${value}` : `double ${value}`;
  if (typeof value === 'bigint') return `long ${value}`;
  if (typeof value === 'string') return `string ${JSON.stringify(value)}`;
  if (Buffer.isBuffer(value)) return `binary of ${value.length} bytes`;
  if (value instanceof HessianDate) return `date ${dateText(value.ms)}`;
  if (value instanceof HessianList) return `[${value.items.map(show).join(', ')}]`;
  if (value instanceof HessianMap)
    return `{${value.entries.map(([key, item]) => `${keyText(key)}: ${show(item)}`).join(', ')}}`;
  if (value instanceof HessianObject) {
    const name = value.className.slice(value.className.lastIndexOf('.') + 1);
    return `${name}{${[...value.fields].map(([field, item]) => `${field}: ${show(item)}`).join(', ')}}`;
  }
  return '(reference)';
}

function keyText(key: HessianValue): string {
  return typeof key === 'string' ? JSON.stringify(key) : show(key);
}

function dateText(ms: bigint): string {
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}

function shortened(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
