import { ConfigError } from '../config/config-error.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';

/** An error on its way to another process, which gets the same kind of error. */
export type SentError =
  | {
      readonly kind: 'gateway';
      readonly code: ErrorCode;
      readonly detail: string;
      readonly extensions: Readonly<Record<string, unknown>> | undefined;
      readonly headers: Readonly<Record<string, string>> | undefined;
    }
  | { readonly kind: 'config'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'other'; readonly message: string; readonly system: SystemErrorFields };

/** What an error of the system says. */
export interface SystemErrorFields {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
}

/** An error as plain values. */
export function sentError(error: unknown): SentError {
  if (error instanceof GatewayError) {
    const { code, detail, extensions, headers } = error;
    return { kind: 'gateway', code, detail, extensions, headers };
  }
  if (error instanceof ConfigError) return { kind: 'config', diagnostics: error.diagnostics };
  if (!(error instanceof Error)) return { kind: 'other', message: String(error), system: {} };
  const { code, address, port } = error as SystemErrorFields;
  const system = {
    ...(typeof code === 'string' && { code }),
    ...(typeof address === 'string' && { address }),
    ...(typeof port === 'number' && { port }),
  };
  return { kind: 'other', message: error.message, system };
}

/** The error that was sent. */
export function receivedError(sent: SentError): Error {
  if (sent.kind === 'config') return new ConfigError(sent.diagnostics);
  if (sent.kind === 'other') return Object.assign(new Error(sent.message), sent.system);
  const { code, detail, extensions, headers } = sent;
  return new GatewayError(code, detail, { ...(extensions && { extensions }), ...(headers && { headers }) });
}
