/** What a socket failed with. Several addresses of one name fail with an `AggregateError`, whose message is empty. */
export function socketErrorText(error: Error): string {
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
