/** For a route of which nobody counts what its clients do not take. */
export const uncounted = { assertRoomFor: () => undefined, handedOver: () => undefined };
