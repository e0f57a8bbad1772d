import { settingsReference } from './config/model.ts';

/** What --help prints: the options, and every setting with its default. */
export function helpText(): string {
  const settings = settingsReference().map(
    ({ variable, fallback, meaning }) => `  ${variable}\n      ${meaning} Default: ${fallback}.`,
  );
  return `GraphQL over BlueKing JOB (bk-job).

Usage: bkjob-graphql [options]

Without settings it starts on http://127.0.0.1:4000/graphql, on an embedded bk-job.

Options:
  --config FILE    read settings from a YAML file (the variable BKJOB_GQL_CONFIG does the same)
  --print-schema   print the SDL and end
  --version        print the version and end
  --help           print this and end

Settings (the environment wins over the file; \`server.port\` in the file is BKJOB_GQL__SERVER__PORT):
${settings.join('\n')}
`;
}
