/**
 * How long a test waits for what is sure to come, and how often it looks, milliseconds. Longer than any machine that is
 * busy with other tests needs: it is a way to fail with what was seen instead of hanging, and no measure of speed.
 */
export const patience = { timeout: 20_000, interval: 10 };
