import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../src/command-line.ts';
import { helpText } from '../../../src/help-text.ts';
import { settingsReference } from '../../../src/config/model.ts';

describe('the command line', () => {
  it.each([
    [[], { kind: 'start', configFile: null }],
    [['--config', 'a.yaml'], { kind: 'start', configFile: 'a.yaml' }],
    [['--config=a.yaml'], { kind: 'start', configFile: 'a.yaml' }],
    [['--help'], { kind: 'help' }],
    [['-h', '--version', '--config=x'], { kind: 'help' }],
    [['--version'], { kind: 'version' }],
    [['-v'], { kind: 'version' }],
    [['--print-schema'], { kind: 'print-schema', configFile: null }],
    [['--print-schema', '--config', 'a.yaml'], { kind: 'print-schema', configFile: 'a.yaml' }],
  ])('asks by %j for what it says', (argv, command) => {
    expect(parseCommand(argv)).toEqual(command);
  });

  it.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['-x'], "Unknown option '-x'"],
    [['start'], "Unexpected argument 'start'"],
    [['--config'], "Option '--config <value>' argument missing"],
    [['--config='], 'Option --config wants the name of a file'],
    [['--help=yes'], "Option '-h, --help' does not take an argument"],
  ])('is refused in one sentence: %j', (argv, reason) => {
    const command = parseCommand(argv);
    expect(command.kind).toBe('refuse');
    expect(command).toMatchObject({ reason: expect.stringContaining(reason) as unknown });
    expect(command).toMatchObject({ reason: expect.not.stringMatching(/\n|\. /) as unknown });
  });
});

describe('the help', () => {
  it('has every option, and every setting with what it means and its default', () => {
    for (const option of ['--config FILE', '--print-schema', '--version', '--help', 'BKJOB_GQL_CONFIG']) {
      expect(helpText()).toContain(option);
    }
    for (const { variable, meaning, fallback } of settingsReference()) {
      expect(helpText()).toContain(`  ${variable}\n      ${meaning} Default: ${fallback}.\n`);
    }
  });
});
