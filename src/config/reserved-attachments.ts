/**
 * Attachment keys that are the gateway's own or steer the provider. Dubbo merges attachments over the fields of a
 * request, so a caller who could set `path`, `version` or `group` would choose the service that is called, `generic` the
 * way it is decoded, and `token` the right to call it. They are refused in the configuration, from which all further
 * keys of a call come. The comparison ignores case, because Dubbo 3 lower-cases keys on some transports.
 */
const RESERVED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    path: 'it chooses the service that is called',
    interface: 'it chooses the service that is called',
    version: 'set `version` of the service instead',
    group: 'set `group` of the service instead',
    dubbo: 'it is the protocol version, which the gateway sends',
    token: 'set `token` of the service instead',
    generic: 'set `generic` of the service instead',
    timeout: 'set `timeoutMs` instead',
    _to: 'set `timeoutMs` instead',
    async: 'it changes how the provider runs the call',
    return: 'it changes how the provider runs the call',
    id: 'it belongs to the protocol',
    input: 'it belongs to the protocol',
    output: 'it belongs to the protocol',
    application: 'set `application` under `defaults` instead',
    'remote.application': 'set `application` under `defaults` instead',
  }),
);

const CALLBACK_PREFIX = 'sys_callback_arg-';
const DUBBO_PREFIX = 'dubbo.';

/** The one key under `dubbo.` that a route may set: it picks the tagged group of providers. */
const TAG_KEY = 'dubbo.tag';

/** Why an attachment key cannot be set, as the end of a sentence; undefined where it can. */
export function reservedAttachmentReason(key: string): string | undefined {
  const lower = key.toLowerCase();
  const reason = RESERVED.get(lower);
  if (reason !== undefined) return reason;
  if (lower.startsWith(CALLBACK_PREFIX)) return 'it would make the provider call back';
  if (lower.startsWith(DUBBO_PREFIX) && key !== TAG_KEY) return 'keys under "dubbo." steer the provider';
  return undefined;
}
