/** What tells the service to end. A terminal that is closed says SIGHUP. */
export const endSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
