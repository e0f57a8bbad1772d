/** Time as this folder knows it, so that tests can move it. Milliseconds. */
export interface Clock {
  /** Since any one moment; never goes back. */
  now(): number;
  /** Calls once when the time has passed, unless what it returns is called before. */
  after(delay: number, call: () => void): () => void;
}

/** The clock of the process. */
export const processClock: Clock = {
  now: () => performance.now(),
  after: (delay, call) => {
    const timer = setTimeout(call, delay);
    return () => {
      clearTimeout(timer);
    };
  },
};
