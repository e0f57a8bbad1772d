import type { TrialOptions } from './figure.ts';
import { trials } from './trials.ts';

// A trial has a process of its own: what one leaves behind, or takes, is nothing to the next.
process.once('disconnect', () => process.exit(1));
const [name = '', size, seed] = process.argv.slice(2);
const listed = trials.find((one) => one.name === name);
if (listed === undefined || (size !== 'ci' && size !== 'long')) throw new TypeError(`No trial ${name}.`);
const options: TrialOptions = { size, seed: Number(seed) };
const { trial } = await listed.load();
const figures = await trial(options);
process.send?.(figures, undefined, undefined, () => process.exit(0));
