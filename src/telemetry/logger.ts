import { pino, stdSerializers, type DestinationStream } from 'pino';

/** Where lines of the log go. Each is one JSON object. */
export interface Logger {
  info(message: string): void;
  /** A fault of this service. What was thrown is written with its causes, names of secrets blanked out. */
  fault(thrown: unknown): void;
}

/** What a log is made with. */
export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly destination: DestinationStream;
}

/** Whatever stands behind one of these names, in any of the forms in which a text can hold it, is a secret. */
const secretPattern =
  /((?:bk_app_secret|bk_token|bk_ticket|access_token|x-bkapi-authorization|authorization|cookie)\\*["']?\s*[:=]\s*)(\{[^}]*\}?|\\*"[^"]*"?|'[^']*'?|[^\s,;&}]+)/gi;

/** Makes the log. Nothing that the service does hands it a secret; the blanking is for what libraries throw. */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const log = pino(
    { level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    destination,
  );
  return {
    info: (message) => {
      log.info(message);
    },
    fault: (thrown) => {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const { type, message, stack } = stdSerializers.errWithCause(error);
      log.error({ type, stack: withoutSecrets(stack) }, withoutSecrets(`${message}${describeCause(error)}`));
    },
  };
}

/** The text with what stands behind the name of a secret blanked out. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(secretPattern, '$1[secret]');
}

function describeCause({ cause }: Error): string {
  if (cause === undefined) return '';
  return cause instanceof Error ? ` (${cause.name}: ${cause.message})` : ` (${String(cause)})`;
}
