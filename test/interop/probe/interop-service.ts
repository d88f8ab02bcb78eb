/** The Java service, exported as version 1.0.0 of group g1, without both, and in group `guarded` with a token. */
export const INTEROP_SERVICE = 'com.acme.interop.InteropService';

/** The service of the Go provider. */
export const GO_SERVICE = 'com.acme.interop.GoService';

/** The token of the group `guarded`, unless the property `interop.token` says another. */
export const GUARD_TOKEN = 'secret-token';

/** The class name that `$invoke` takes: a type without its type arguments. */
export function erasedName(javaType: string): string {
  return javaType.replace(/<.*>/, '');
}
