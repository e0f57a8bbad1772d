import type { ListenAddress } from './config/settings.ts';

/** Which settings say where something listens, and what else they may say. */
const settingsOf = {
  server: {
    host: 'BKJOB_GQL__SERVER__HOST sets another: such as 127.0.0.1.',
    port: 'BKJOB_GQL__SERVER__PORT sets another: 0 takes a free one.',
  },
  metrics: anywhere('BKJOB_GQL__TELEMETRY__METRICS__LISTEN sets another: such as 127.0.0.1:9091, or off.'),
  health: anywhere('BKJOB_GQL__HEALTH_CHECK__LISTEN sets another: such as 127.0.0.1:8089, or off.'),
  simulator: anywhere('BKJOB_GQL__SIMULATOR__PORT sets another: 0 takes a free one.'),
} as const;

/** What listens. */
export type Listener = keyof typeof settingsOf;

const faults = {
  EADDRINUSE: { of: 'port', is: 'is in use' },
  EACCES: { of: 'port', is: 'is not for this user to take' },
  EADDRNOTAVAIL: { of: 'host', is: 'is no address of this machine' },
  ENOTFOUND: { of: 'host', is: 'is no address, nor a name that has one' },
  EAI_AGAIN: { of: 'host', is: 'is no address, and nobody tells now whether it is a name that has one' },
  EAFNOSUPPORT: { of: 'host', is: 'is an address of a kind that this machine does not use' },
  EINVAL: { of: 'host', is: 'is no address that can be listened on' },
} as const;

/** The same as what is awaited; where it cannot listen, it is told with the setting that may be changed. */
export async function listening<Started>(
  listener: Listener,
  { host, port }: ListenAddress,
  started: Promise<Started>,
): Promise<Started> {
  try {
    return await started;
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    const place = fault.of === 'port' ? `port ${String(port)} of ${host}` : host;
    throw new Error(`${place} ${fault.is}. ${settingsOf[listener][fault.of]}`, { cause: error });
  }
}

function anywhere(setting: string): { readonly host: string; readonly port: string } {
  return { host: setting, port: setting };
}

function faultOf(error: unknown): (typeof faults)[keyof typeof faults] | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return Object.entries(faults).find(([name]) => name === code)?.[1] ?? null;
}
