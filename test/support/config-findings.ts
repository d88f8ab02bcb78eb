import { parseConfig } from '../../src/config/parse-config.ts';

/** The start of a service, so that a test has to write only what it is about. */
export const USERS_SERVICE = `
services:
  users:
    interface: com.acme.user.UserService
    providers: ["dubbo://127.0.0.1:20880"]
`;

/** What is found in a configuration, as `error server.admin.host`, in the order of the text. */
export function findings(text: string, environment: Readonly<Record<string, string>> = {}): readonly string[] {
  return parseConfig(text, 'my.yaml', environment).diagnostics.map(({ severity, path }) => `${severity} ${path}`);
}
