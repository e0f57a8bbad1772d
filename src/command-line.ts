import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'start'; readonly configFile: string | null }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'print-schema'; readonly configFile: string | null }
  /** Nothing that is known; the text says what. */
  | { readonly kind: 'refuse'; readonly reason: string };

/** What the arguments after the program's name ask for. Never throws. */
export function parseCommand(argv: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...argv],
      strict: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
        'print-schema': { type: 'boolean' },
        config: { type: 'string' },
      },
    });
    if (values.help === true) return { kind: 'help' };
    if (values.version === true) return { kind: 'version' };
    if (values.config === '') return { kind: 'refuse', reason: 'Option --config wants the name of a file' };
    return {
      kind: values['print-schema'] === true ? 'print-schema' : 'start',
      configFile: values.config ?? null,
    };
  } catch (error) {
    // Node's first sentence says what is wrong; the next ones are advice on arguments that begin with a dash.
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split(/[.\n]/);
    return { kind: 'refuse', reason };
  }
}
