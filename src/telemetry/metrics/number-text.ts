/** A number as a sample value of both formats: all digits up to 2^53, `NaN`, `+Inf` and `-Inf`. */
export function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return `${value}`;
}
