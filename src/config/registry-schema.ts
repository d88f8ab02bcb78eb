import * as z from 'zod';
import { durationMs } from './scalar-schemas.ts';
import { serverAddressProblem } from './server-address.ts';

const server = z.string().superRefine((text, context) => {
  const problem = serverAddressProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const fixed = z.strictObject({
  type: z.literal('static').describe('Providers are named under each service.'),
});

const zookeeper = z.strictObject({
  type: z.literal('zookeeper').describe('Providers register in ZooKeeper, by interface or by application.'),
  servers: z.array(server).min(1).describe('`host:port` each, tried in turn; without a port it is 2181.'),
  chroot: z
    .string()
    .regex(/^$|^(\/[^/]+)+$/, 'expected a path that starts with "/" and does not end with it')
    .default('')
    .describe('Path below which everything stands.'),
  root: z
    .string()
    .regex(/^(\/[^/]+)+$/, 'expected a path that starts with "/" and does not end with it')
    .default('/dubbo')
    .describe("Path of the providers: Dubbo's registry group."),
  user: z.string().optional().describe('For nodes that not everybody may read (scheme `digest`).'),
  password: z.string().optional().describe('Password of `user`.'),
  sessionTimeoutMs: durationMs
    .default(10_000)
    .describe('Time in ms asked for as session time-out; a server that is frozen is noticed within two thirds of it.'),
  connectTimeoutMs: durationMs.default(3_000).describe('Time in ms a session may take to begin.'),
  emptyGraceMs: z
    .int()
    .min(0)
    .max(86_400_000)
    .default(600_000)
    .describe('Time in ms a list is kept that the registry says is empty, as after it lost its data; 0 believes it.'),
});

const nacos = z.strictObject({
  type: z.literal('nacos').describe('Providers register in Nacos, by interface or by application.'),
  servers: z
    .array(server)
    .min(1)
    .describe('`host:port` of the HTTP interface each, tried in turn; without a port it is 8848. gRPC is 1,000 above.'),
  namespace: z.string().min(1).default('public').describe('Identifier of the namespace, which is not its name.'),
  group: z.string().min(1).default('DEFAULT_GROUP').describe('Group of the services.'),
  user: z.string().optional().describe('Who logs in, where the server asks for it.'),
  password: z.string().optional().describe('Password of `user`.'),
  contextPath: z
    .string()
    .regex(/^$|^(\/[^/]+)+$/, 'expected a path that starts with "/" and does not end with it')
    .default('/nacos')
    .describe("Path of the server's HTTP interface."),
  protocol: z
    .enum(['auto', 'http'])
    .default('auto')
    .describe('`http` for servers before 2.0, which tell no changes; else gRPC, with HTTP beside it.'),
  connectTimeoutMs: durationMs.default(3_000).describe('Time in ms a session may take to begin, or a request.'),
  pollMs: durationMs
    .default(20_000)
    .describe('Time in ms in which each service is asked for once, although the server tells changes.'),
  emptyGraceMs: z
    .int()
    .min(0)
    .max(86_400_000)
    .default(600_000)
    .describe('Time in ms a list is kept that the registry says is empty, as after it lost its data; 0 believes it.'),
});

/** Where the providers of services are learnt: one entry of `registries`. */
export const registry = z.discriminatedUnion('type', [fixed, zookeeper, nacos]);

/** The type alone, of a registry whose other keys may be wrong. */
export const registryType = z.object({ type: z.enum(['static', 'zookeeper', 'nacos']) });

export type RegistryConfig = z.output<typeof registry>;
export type ZookeeperConfig = z.output<typeof zookeeper>;
export type NacosConfig = z.output<typeof nacos>;
