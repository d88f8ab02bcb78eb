import type { ArgumentSource, ArgumentSpec } from '../../config/argument-spec.ts';
import { formatJsonPath } from '../../json/json-path.ts';

/** A source as the configuration writes it: `path.id`, `query.x[]`, `body.items[0]`. */
export function formatSource(source: ArgumentSource): string {
  switch (source.kind) {
    case 'body':
    case 'jwt':
      return formatJsonPath(source.kind, source.path);
    case 'query':
      return `query.${source.name}${source.all ? '[]' : ''}`;
    case 'client.ip':
    case 'request.id':
      return source.kind;
    default:
      return `${source.kind}.${source.name}`;
  }
}

/** An argument in one line, for people. Constants are not shown: they may come from a secret. */
export function formatArgument(spec: ArgumentSpec): string {
  switch (spec.kind) {
    case 'source':
      return formatSource(spec.source);
    case 'value':
      return 'value';
    case 'object':
      return `{ ${spec.fields.map(([name, field]) => `${name}: ${formatArgument(field)}`).join(', ')} }`;
    case 'merge':
      return `merge: [ ${spec.parts.map(formatArgument).join(', ')} ]`;
  }
}
