/** A duration as people say it: 0.4 s, 12 s, 3 min 05 s, 2 h 10 min, 3 d 4 h. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  if (whole < 60) return `${String(whole)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${String(minutes)} min ${twoDigits(whole % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${String(hours)} h ${twoDigits(minutes % 60)} min`;
  return `${String(Math.floor(hours / 24))} d ${String(hours % 24)} h`;
}

/** How long ago something was, without tenths that would flicker. */
export function formatAge(ms: number): string {
  return ms < 2000
    ? 'just now'
    : `${ms < 10_000 ? `${String(Math.floor(ms / 1000))} s` : formatDuration(ms)} ago`;
}

/** A moment on the clock of whoever looks, with the day where it is not today. */
export function formatMoment(moment: string | null, now: Date): string {
  if (moment === null) return '–';
  const date = new Date(moment);
  const time = date.toLocaleTimeString(undefined, { hourCycle: 'h23' });
  return date.toDateString() === now.toDateString() ? time : `${date.toLocaleDateString()} ${time}`;
}

/** The clock of the service as told by the last message, going on from there: that of this machine may be wrong. */
export interface ServiceClock {
  now(): number;
}

/** A clock that showed `observedAt` when `elapsed` was made. */
export function serviceClock(observedAt: string, elapsed: () => number): ServiceClock {
  const start = Date.parse(observedAt);
  const from = elapsed();
  return { now: () => start + (elapsed() - from) };
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
