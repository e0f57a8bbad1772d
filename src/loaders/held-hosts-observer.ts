/** Is told of hosts that running operations hold. What it does must neither fail nor take time. */
export interface HeldHostsObserver {
  /** An operation gets no hosts of a job, there being no room for them. */
  refused(): void;
  /** Memory that they take can be read at any time from now on. Bytes. */
  gaugeOpened(taken: () => number): void;
}
