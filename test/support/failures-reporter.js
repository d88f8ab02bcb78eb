/**
 * A reporter of Node's runner that says only which tests failed, and why, when all are over: behind thousands of lines
 * a failure is else not found, and where only the end of the output is kept it is lost. (JavaScript, since the runner
 * loads its reporters before anything that reads TypeScript.)
 */
// biome-ignore lint/style/noDefaultExport: the runner takes no other
export default async function* failures(source) {
  const failed = [];
  for await (const { type, data } of source) {
    const error = data.details?.error;
    // A suite fails with its tests.
    if (type !== 'test:fail' || error?.failureType === 'subtestsFailed') continue;
    const cause = error?.cause ?? error;
    failed.push(`${data.name} (${data.file ?? 'no file'})\n${cause?.stack ?? cause}\n`);
  }
  if (failed.length > 0) yield `failed tests: ${failed.length}\n\n${failed.join('\n')}`;
}
