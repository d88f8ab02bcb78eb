/**
 * Where an argument's value comes from, as data. The configuration checks it; `transcoder/` compiles it to a plan.
 */
export type ArgumentSource =
  | { readonly kind: 'path'; readonly name: string }
  | { readonly kind: 'query'; readonly name: string; readonly all: boolean }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'cookie'; readonly name: string }
  | { readonly kind: 'body'; readonly path: readonly (string | number)[] }
  | { readonly kind: 'jwt'; readonly path: readonly (string | number)[] }
  | { readonly kind: 'client.ip' }
  | { readonly kind: 'request.id' };

/** One argument, attachment or field of an argument. */
export type ArgumentSpec =
  | {
      readonly kind: 'source';
      readonly source: ArgumentSource;
      /** Java type text; only where the method's own parameter or field type does not say it. */
      readonly type?: string;
      /** Used when the source is absent. A JSON value. */
      readonly default?: unknown;
      /** Absent and no default: `true` is a 400, `false` sends null. Default: true for path and body, else false. */
      readonly required: boolean;
    }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [name: string, spec: ArgumentSpec])[] }
  | { readonly kind: 'merge'; readonly parts: readonly ArgumentSpec[] };
