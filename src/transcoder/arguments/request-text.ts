import type { ArgumentSource } from '../../config/argument-spec.ts';
import type { RequestView } from '../request-view.ts';

/** Sources that give one text. */
export type TextSource = Exclude<ArgumentSource, { kind: 'body' | 'jwt' }>;
/** Sources that give a place in a document. */
export type DocumentSource = Extract<ArgumentSource, { kind: 'body' | 'jwt' }>;

export function isDocumentSource(source: ArgumentSource): source is DocumentSource {
  return source.kind === 'body' || source.kind === 'jwt';
}

/** The text of a source; undefined when the request has none. */
export function readText(source: TextSource, request: RequestView): string | undefined {
  switch (source.kind) {
    case 'path':
      return request.pathParameter(source.name);
    case 'query':
      return request.query(source.name);
    case 'header':
      return request.header(source.name);
    case 'cookie':
      return request.cookie(source.name);
    case 'client.ip':
      return request.clientIp;
    case 'request.id':
      return request.requestId;
  }
}
