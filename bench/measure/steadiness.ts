/** Of what it was at its least, so much less must a second cost to tell that a server still becomes faster. */
const noticeable = 0.95;

/** Seconds in a row that must bring nothing before a server is steady. */
const secondsWithoutGain = 2;

/**
 * Whether a server has become as fast as it will: neither of the last two seconds was cheaper than the cheapest before
 * them, by more than a twentieth. A second that something else made dear says nothing.
 *
 * @param costs processor time per request of each second so far, in any unit.
 */
export function isSteady(costs: readonly number[]): boolean {
  if (costs.length <= secondsWithoutGain) return false;
  const before = Math.min(...costs.slice(0, -secondsWithoutGain));
  return Math.min(...costs.slice(-secondsWithoutGain)) >= before * noticeable;
}
