/**
 * The name of a method everywhere: `interface[:version[:group]]#method(types)`. An empty version keeps its colon when a
 * group follows: `demo.Foo::g1#bar(int,java.lang.String)`.
 */
export function methodKey(
  interfaceName: string,
  version: string | undefined,
  group: string | undefined,
  methodName: string,
  parameterTypes: readonly string[],
): string {
  const suffix = group ? `:${version ?? ''}:${group}` : version ? `:${version}` : '';
  return `${interfaceName}${suffix}#${methodName}(${parameterTypes.join(',')})`;
}
