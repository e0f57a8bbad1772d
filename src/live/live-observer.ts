/** Is told of followed jobs. What it does must neither fail nor take time. */
export interface LiveObserver {
  /** Somebody follows a job from now on. */
  subscriptionOpened(transport: 'websocket' | 'sse' | 'multipart'): void;
  /** Reasons are few: what ended it, never whose it was. */
  subscriptionEnded(transport: 'websocket' | 'sse' | 'multipart', reason: string): void;
  /** A subscription was refused before it began. */
  subscriptionRejected(reason: string): void;
  /** A reader polls one job of one caller for all who follow it. */
  readerStarted(): void;
  readerStopped(): void;
  /** Takes what tells how many bytes streams keep. */
  memoryOpened(taken: () => number): void;
  /** An event was handed to so many followers. */
  published(followers: number): void;
}
