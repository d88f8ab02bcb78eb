/**
 * Whether a `Content-Type` is JSON in UTF-8: `application/json` or any type with the suffix `+json` (RFC 6839), without
 * a charset or with `utf-8`. Other parameters, such as `profile`, are ignored.
 */
export function isJsonContentType(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  if (contentType === 'application/json' || contentType === 'application/json; charset=utf-8') return true;
  const [type, ...parameters] = contentType.toLowerCase().split(';');
  return isJsonType(type!.trim()) && parameters.every(isAcceptableParameter);
}

function isJsonType(type: string): boolean {
  if (type === 'application/json') return true;
  const slash = type.indexOf('/');
  return slash > 0 && type.endsWith('+json') && type.length > slash + '/+json'.length;
}

function isAcceptableParameter(parameter: string): boolean {
  const equals = parameter.indexOf('=');
  if (equals === -1) return true;
  if (parameter.slice(0, equals).trim() !== 'charset') return true;
  const charset = parameter.slice(equals + 1).trim();
  return charset === 'utf-8' || charset === '"utf-8"' || charset === 'utf8';
}
