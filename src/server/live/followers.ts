/** Those who follow jobs, as whoever ends the service deals with them. */
export interface Followers {
  /** Takes no more from now on. */
  refuse(): void;
  /** Tells all who are there to go on elsewhere: a few at a time, over the drain window. Resolves when that is done. */
  drain(): Promise<void>;
  /** Cuts the connections of those who are still there. */
  cut(): void;
}

/** Deals with all of them at the same time. */
export function together(all: readonly Followers[]): Followers {
  return {
    refuse: () => {
      for (const one of all) one.refuse();
    },
    drain: async () => {
      await Promise.all(all.map((one) => one.drain()));
    },
    cut: () => {
      for (const one of all) one.cut();
    },
  };
}
