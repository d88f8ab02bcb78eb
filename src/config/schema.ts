import * as z from 'zod';
import { admission, bulkhead, quarantineOverride } from './bulkhead-schema.ts';
import { ejection } from './ejection-schema.ts';
import { providerConnections } from './provider-connections-schema.ts';
import { registry } from './registry-schema.ts';
import { byteSize, durationMs, name, textMap } from './scalar-schemas.ts';
import { server } from './server-schema.ts';

/**
 * The one schema of the configuration: types, defaults, checks, the JSON Schema file and the reference in
 * `config/README.md` all come from here. Descriptions are written for the reader of the reference: a full sentence with
 * unit and reason; the default stands in the schema only.
 */

const log = z.strictObject({
  level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least level that is written.'),
  requests: z.boolean().default(true).describe('One line for each request, at level info.'),
});

const balancer = z
  .enum(['p2c', 'round-robin', 'weighted-random', 'least-active', 'consistent-hash'])
  .describe(
    'Which of several providers gets a call: `p2c` takes the quicker and less busy of two drawn by weight; `consistent-hash` keeps equal `call.hashOn` on one provider.',
  );

const retries = z
  .int()
  .min(0)
  .max(10)
  .describe(
    'Further tries at other providers, for methods that are `idempotent`; calls that a provider had no thread for are tried again for every method. All retries together stay within a fifth of the calls. What was never sent goes to another provider in any case.',
  );

const connectEagerly = z
  .boolean()
  .describe(
    'Whether connections to providers are opened at the start and as providers appear, a few at a time, and stay open without calls, instead of with the first call. A gateway that starts is then not ready before each service has one, or ten seconds have passed.',
  );

const defaults = z.strictObject({
  timeoutMs: durationMs
    .default(1_000)
    .describe('Time in ms from sending a call to its answer; a service, method or route can set its own.'),
  maxResponseBytes: byteSize.prefault('16MiB').describe('Bytes of an answer as JSON; more is RESPONSE_TOO_LARGE.'),
  maxFrameBytes: byteSize.prefault('8MiB').describe("Bytes of a Dubbo frame in either direction; Dubbo's own default."),
  connectTimeoutMs: durationMs.default(1_000).describe('Time in ms a connection to a provider may take to open.'),
  heartbeatMs: durationMs
    .default(60_000)
    .describe('Silence in ms after which a heartbeat is sent; three unanswered ones close the connection.'),
  connectEagerly: connectEagerly.default(false),
  connections: providerConnections.prefault({}).describe('How long connections to providers live.'),
  application: z.string().min(1).default('sluice').describe('Name told to providers as `remote.application`.'),
  balancer: balancer.default('p2c'),
  retries: retries.default(0),
  ejection: ejection
    .prefault({})
    .describe('When a provider is left out for a while for the outcome of its calls; `off` for never.'),
  zone: z
    .string()
    .default('')
    .describe('Zone of this gateway: providers of it are preferred while half of them take calls; empty for none.'),
});

const hedge = z.strictObject({
  afterMs: z
    .union([durationMs, z.enum(['p95', 'p99'])])
    .describe(
      'Time in ms without an answer after which the call is made once more at another provider; or the percentile of how long calls of the route took within the last minute.',
    ),
});

const method = z.strictObject({
  name: z
    .string()
    .min(1)
    .optional()
    .describe('Java name of the method where it differs from the key, as for overloads.'),
  parameters: z
    .array(z.string())
    .default([])
    .describe('Java types of the parameters in order; they pick the overload.'),
  timeoutMs: durationMs.optional().describe('Time in ms for calls of this method.'),
  oneway: z.boolean().default(false).describe('Send and do not wait: the caller gets 202 at once.'),
  idempotent: z
    .boolean()
    .default(false)
    .describe('Whether a call may be run twice, so that it can be tried again when its connection is lost.'),
  retries: retries.optional(),
  hedge: hedge
    .optional()
    .describe(
      'A second call for one that takes long, of which the first answer counts: for methods that are `idempotent`, within the budget of retries, and only while another provider and a free slot are there.',
    ),
  quarantine: quarantineOverride.describe(
    'Rules of `bulkhead.quarantine` that differ for this method, or `off`; they win over those of the service.',
  ),
});

const service = z.strictObject({
  interface: z.string().min(1).describe('Full name of the Java interface.'),
  version: z.string().optional().describe('Version of the service as the provider exports it.'),
  group: z.string().optional().describe('Group of the service as the provider exports it.'),
  providers: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Addresses, `dubbo://host:port`, where they are not learnt from a registry.'),
  registry: name.optional().describe('Key under `registries`, where the providers are learnt.'),
  balancer: balancer.optional(),
  retries: retries.optional(),
  ejection: ejection.optional().describe('As `defaults.ejection`, for this service.'),
  connectEagerly: connectEagerly.optional(),
  connectionsPerProvider: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('TCP connections to each provider; calls are multiplexed, so 1 is normal.'),
  generic: z
    .enum(['true', 'raw.return'])
    .default('true')
    .describe(
      'Form of generic results: `raw.return` (Dubbo 2.7.5 and later) is several times cheaper for the provider and shows private fields instead of getters.',
    ),
  token: z
    .string()
    .optional()
    .describe(
      'What providers ask for (`token` in their URL), sent with every call; default: what each told its registry.',
    ),
  timeoutMs: durationMs.optional().describe('Time in ms for calls of this service.'),
  quarantine: quarantineOverride.describe(
    'Rules of `bulkhead.quarantine` that differ for the methods of this service, or `off`.',
  ),
  methods: z.record(z.string(), method).default({}).describe('Methods that routes can call.'),
});

/**
 * A source expression or one of the object forms; `config/argument-source.ts` reads it. Passed through as it is: a
 * record type would lose a field named `__proto__`.
 */
const argument = z
  .custom<ArgumentInput>(
    (value) => typeof value === 'string' || isPlainMap(value),
    'expected a source or a map of sources',
  )
  .meta({ anyOf: [{ type: 'string' }, { type: 'object' }] });
export type ArgumentInput = string | Record<string, unknown>;

function isPlainMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const match = z.strictObject({
  method: z
    .union([z.string(), z.array(z.string()).min(1)])
    .default('GET')
    .describe('HTTP method or list of methods. GET answers HEAD too.'),
  path: z
    .string()
    .startsWith('/', 'expected a path that starts with "/"')
    .describe('Path with `:name` for one segment and `*` at the end for the rest.'),
  host: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe('Host name, or list; `*.example.com` for any one below it.'),
  headers: z
    .record(z.string(), z.union([z.string(), z.boolean()]))
    .default({})
    .describe('Headers that must have this value; `true`: any value, `false`: absent.'),
  query: z
    .record(z.string(), z.union([z.string(), z.boolean()]))
    .default({})
    .describe('Query parameters that must have this value; `true`: any value, `false`: absent.'),
  cookie: z
    .record(z.string(), z.union([z.string(), z.boolean()]))
    .default({})
    .describe('Cookies that must have this value; `true`: any value, `false`: absent.'),
});

const call = z.strictObject({
  service: z.string().describe('Key under `services`.'),
  method: z.string().describe("Key under the service's `methods`."),
  args: z.array(argument).default([]).describe('One entry for each parameter.'),
  attachments: z
    .record(z.string(), argument)
    .default({})
    .describe('Dubbo attachments by name; nothing of a request becomes an attachment unless named here.'),
  tag: argument
    .optional()
    .describe("Source of Dubbo's tag: providers of that tag get the call, untagged ones where there are none."),
  forceTag: z.boolean().default(false).describe('Whether untagged providers do not do for a request with a tag.'),
  hashOn: argument
    .optional()
    .describe(
      'Source of what `consistent-hash` keeps on one provider; default: the first argument, if it is one source.',
    ),
  allowedClasses: z
    .array(z.string())
    .default([])
    .describe('Java classes that a `class` key in the body may name; anything else is REQUEST_CLASS_KEY.'),
});

const datePattern = z.strictObject({
  pattern: z.string().min(1).describe('Pattern of yyyy, MM, dd, HH, mm, ss, SSS, XXX and quoted text.'),
  zone: z.string().default('UTC').describe('IANA time zone.'),
});

const response = z.strictObject({
  longs: z
    .enum(['number', 'string', 'string-if-unsafe'])
    .default('number')
    .describe('64-bit integers: exact digits, text, or text only beyond 2^53.'),
  decimals: z
    .enum(['number', 'string'])
    .default('number')
    .describe('BigDecimal and BigInteger: exact digits, or text.'),
  dates: z
    .union([z.enum(['iso', 'epoch-ms']), datePattern])
    .default('iso')
    .describe('java.util.Date and the sql types: ISO 8601 UTC with ms, ms since 1970, or a pattern with zone.'),
  jdkValues: z
    .enum(['text', 'as-is'])
    .default('text')
    .describe(
      'UUID, Instant, LocalDate, Locale, Atomic* and the like: their usual text or number, or the parts as the provider sent them.',
    ),
  classKey: z.enum(['drop', 'keep']).default('drop').describe('The `class` key that generic results carry.'),
  nulls: z.enum(['keep', 'omit']).default('keep').describe('Fields and map entries that are null.'),
  mapKeys: z
    .enum(['text', 'pairs'])
    .default('text')
    .describe('Maps with other than string keys: keys as text (object keys are an error), or a list of [key, value].'),
  cycles: z
    .enum(['null', 'error'])
    .default('null')
    .describe('A reference back to a container that is still being written.'),
  nonFinite: z.enum(['null', 'string']).default('null').describe('NaN and infinities.'),
  void: z
    .enum(['no-content', 'null'])
    .default('no-content')
    .describe('A null result: 204 without body, or 200 with `null`.'),
  attachments: textMap.default({}).describe('Response header by name: the answer attachment it takes its value from.'),
  compress: z
    .boolean()
    .default(true)
    .describe(
      'Whether the answer may be compressed. `false` where it holds a secret beside text that others choose: the length of a compressed answer tells whether the two are alike.',
    ),
});

const errorMapping = z.strictObject({
  status: z.int().min(400).max(599).describe('HTTP status of the answer.'),
  code: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'expected upper-case letters, digits and "_"')
    .optional()
    .describe('`code` of the answer; default PROVIDER_EXCEPTION.'),
});

const side = z.strictObject({
  name: name.optional().describe('Name of the side for logs and for `splitOverride`; default: its number, from 1.'),
  weight: z
    .number()
    .min(0)
    .max(1_000_000)
    .describe('Part of the requests beside the weights of the other sides; 0 for those only that ask for the side.'),
  call: call.describe('Which method these requests call, with what.'),
});

const splitOverride = z.strictObject({
  header: z.string().optional().describe('Name of a header.'),
  cookie: z.string().optional().describe('Name of a cookie; the header, where both are sent, wins.'),
});

const mirror = z.strictObject({
  share: z.number().gt(0).max(1).describe('Part of the requests that are called there as well.'),
  call: call.describe('Which method, with what. It is really run.'),
  maxInFlight: z
    .int()
    .positive()
    .max(100_000)
    .default(100)
    .describe('Such calls of this route at a time. They take no slot of any pool; what comes beyond is not made.'),
});

/** One entry of `routes`. */
export const routeSchema = z.strictObject({
  id: name.describe('Unique name, used in logs.'),
  match: match.describe('Which requests.'),
  call: call.optional().describe('Which method, with what; or else `split`.'),
  split: z
    .array(side)
    .min(1)
    .max(32)
    .optional()
    .describe('Several calls, of which each request makes one: another version, group or tag for a part of them.'),
  stickyOn: argument
    .optional()
    .describe(
      'Source of what keeps a request on its side of `split`, such as a header with the user: equal texts are always on one side, and when its weight grows they stay there. Without the source, chance decides.',
    ),
  splitOverride: splitOverride
    .optional()
    .describe('Where a request can name the side it wants, such as a tester; another name is ignored.'),
  mirror: mirror
    .optional()
    .describe('A further call of some requests, whose answer nobody gets: it neither delays nor fails a request.'),
  tags: z
    .array(name)
    .default([])
    .describe('Names of your own, by which `sluice start --only` and `--except` serve a part of the routes.'),
  timeoutMs: durationMs.optional().describe('Time in ms for this route; wins over method, service and defaults.'),
  maxBodyBytes: byteSize.optional().describe('Bytes of a request body of this route.'),
  maxResponseBytes: byteSize.optional().describe('Bytes of an answer of this route as JSON.'),
  response: response.prefault({}).describe('How Java values become JSON.'),
  errors: z
    .record(z.string(), errorMapping)
    .default({})
    .describe('By exception class: exact name, `com.acme.*` for a package, or `*`; the most exact wins.'),
});

export const gatewaySchema = z.strictObject({
  $schema: z.string().optional().describe('Ignored; lets editors find the JSON Schema.'),
  server: server.prefault({}).describe('Listeners and what clients may do.'),
  admission: admission
    .prefault({})
    .describe('How many requests the gateway serves at a time, and how the others wait; `off` for no bound.'),
  bulkhead: bulkhead
    .prefault({})
    .describe('The pools that keep a slow method from taking the others down; `off` for none.'),
  log: log.prefault({}).describe('JSON lines on standard output.'),
  defaults: defaults.prefault({}).describe('What holds unless a service, method or route says otherwise.'),
  types: z
    .record(z.string(), textMap)
    .default({})
    .describe(
      'Field types of Java classes, by class name (`com.acme.Page<T>` for a generic one), so that dates, decimals, bytes and 64-bit numbers inside a body are converted and checked. A field without a type follows the JSON.',
    ),
  registries: z.record(name, registry).default({}).describe('Where providers are learnt, by a name of your own.'),
  services: z.record(name, service).prefault({}).describe('Dubbo services by a name of your own.'),
  routes: z.array(routeSchema).prefault([]).describe('HTTP routes.'),
});

/** The configuration after defaults and unit conversion: what the gateway runs on. */
export type GatewayConfig = z.output<typeof gatewaySchema>;
/** The configuration as written. */
export type GatewayConfigInput = z.input<typeof gatewaySchema>;
export type ServiceConfig = GatewayConfig['services'][string];
export type MethodConfig = ServiceConfig['methods'][string];
export type RouteConfig = GatewayConfig['routes'][number];
export type CallConfig = NonNullable<RouteConfig['call']>;
export type ResponseConfig = RouteConfig['response'];
