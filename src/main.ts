#!/usr/bin/env node
import { parseCommand } from './command-line.ts';
import { endSignals } from './end-signals.ts';

// Whoever reads our output may leave first (`| head -1`): that is no fault of ours.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

/** Exit codes: 0 as asked, 1 cannot start or a fault, 2 the command line is not understood. */
const command = parseCommand(process.argv.slice(2));
const { started } = command.kind === 'start' ? endWhileStarting() : { started: () => undefined };
const { runCommand } = await import('./program.ts');
await runCommand(command, process.env, started);

/**
 * Who is told to end before the service has started has nothing under way. It is listened to before the program is
 * loaded, which takes most of a start: the first process of a container is ended by no signal that it does not listen to.
 */
function endWhileStarting(): { readonly started: () => void } {
  const end = (): never => process.exit(0);
  for (const signal of endSignals) process.on(signal, end);
  return {
    started: () => {
      for (const signal of endSignals) process.off(signal, end);
    },
  };
}
