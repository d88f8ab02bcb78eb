/** The part of a line in front of the value: `name{labels}`, or the name alone. */
export function seriesName(sample: string, labels: string): string {
  return labels === '' ? sample : `${sample}{${labels}}`;
}
