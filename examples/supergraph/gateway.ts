/** Headers of a client that a gateway has to hand on, so that jobs are read as that client, in its tenant and language. */
export const identityHeaders: readonly string[] = [
  'x-bkapi-authorization',
  'x-bk-tenant-id',
  'blueking-language',
];

/**
 * Settings of a service that a gateway asks. Hive Gateway reads a job several times for one request, and puts what it read
 * together by place: it has to be of one moment.
 */
export const settingsBehindGateway: Readonly<Record<string, string>> = {
  BKJOB_GQL__CACHE__MEMORY__TTL: '2s',
};

/** How a gateway is started. */
export interface GatewayOptions {
  readonly supergraphSdl: string;
  /** Headers of clients that reach the subgraphs, in small letters; those of the identity if left out. */
  readonly forward?: readonly string[];
  /** Port of 127.0.0.1 to listen on; any that is free if left out. */
  readonly port?: number;
}

/** A gateway that listens. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
}

/** Starts a gateway. The caller disposes of it. */
export type StartGateway = (options: GatewayOptions) => Promise<Gateway>;

/** The headers of these names that are there. */
export function pickHeaders(
  names: readonly string[],
  read: (name: string) => string | null,
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = read(name);
      return value === null ? [] : [[name, value] as const];
    }),
  );
}
