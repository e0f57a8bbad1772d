#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { helpText, parseCommand } from './command-line.ts';
import { loadSettings, type Environment } from './config/load-settings.ts';
import { SettingsError, type Settings } from './config/settings.ts';
import { schemaText } from './execution/schema-text.ts';
import { startService, type RunningService } from './service.ts';
import { startUpLines } from './start-up-lines.ts';
import { createLogger, type Logger } from './telemetry/logger.ts';

/** Exit codes: 0 as asked, 1 cannot start or a fault, 2 the command line is not understood. */
async function main(argv: readonly string[], environment: Environment): Promise<void> {
  const command = parseCommand(argv);
  switch (command.kind) {
    case 'help':
      process.stdout.write(helpText());
      return;
    case 'version':
      process.stdout.write(`${version()}\n`);
      return;
    case 'print-schema':
      process.stdout.write(schemaText({ node: environment['BKJOB_GQL__SCHEMA__NODE'] !== 'false' }));
      return;
    case 'refuse':
      process.stderr.write(`${command.reason}\nSee bkjob-graphql --help.\n`);
      process.exitCode = 2;
      return;
    case 'start':
      await start(
        command.configFile === null ? environment : { ...environment, BKJOB_GQL_CONFIG: command.configFile },
      );
  }
}

async function start(environment: Environment): Promise<void> {
  const settings = readSettings(environment);
  if (settings === null) return;
  const log = createLogger({ level: settings.log.level, destination: process.stderr });
  try {
    const service = await startService(settings, { report: log.fault });
    endWithProcess(service, log);
    for (const line of startUpLines(service, settings)) process.stdout.write(`${line}\n`);
  } catch (error) {
    process.stderr.write(`bkjob-graphql cannot start: ${reasonOf(error, settings)}\n`);
    process.exitCode = 1;
  }
}

function readSettings(environment: Environment): Settings | null {
  try {
    return loadSettings(environment, (path) => readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`bkjob-graphql cannot start, its settings are wrong:\n${error.message}\n`);
    process.exitCode = 1;
    return null;
  }
}

function reasonOf(error: unknown, { server }: Settings): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') return `port ${String(server.port)} of ${server.host} is in use.`;
  return error instanceof Error ? error.message : String(error);
}

/** The first signal ends the service in order, a second one at once. A fault that nobody caught ends it, too. */
function endWithProcess(service: RunningService, log: Logger): void {
  let ending = false;
  const end = (exitCode: number): void => {
    if (ending) process.exit(1);
    ending = true;
    service.close().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.fault(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      end(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fault(error);
      end(1);
    });
  }
}

function version(): string {
  const content: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const known =
    typeof content === 'object' && content !== null && 'version' in content ? content.version : null;
  return typeof known === 'string' ? known : 'unknown';
}

// Whoever reads our output may leave first (`| head -1`): that is no fault of ours.
process.stdout.on('error', () => undefined);

await main(process.argv.slice(2), process.env);
