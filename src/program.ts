import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { setCollectorPace } from './collector-pace.ts';
import type { Command } from './command-line.ts';
import { loadSchemaSettings, loadSettings, type Environment } from './config/load-settings.ts';
import { SettingsError } from './config/settings.ts';
import { schemaText } from './execution/schema-text.ts';
import { endSignals } from './end-signals.ts';
import { keepTicksFast } from './fast-ticks.ts';
import { helpText } from './help-text.ts';
import { openFileLimit } from './open-files.ts';
import { startService, type RunningService } from './service.ts';
import { startUpLines } from './start-up-lines.ts';
import { createLogDestination, unblocked, type LogDestination } from './telemetry/log-destination.ts';
import type { Logger } from './telemetry/logger.ts';
import { createTelemetry } from './telemetry/telemetry.ts';

const readFile = (path: string): string => readFileSync(path, 'utf8');

/** Does what the command line asks for. `started` is called when the service ends in order by itself from then on. */
export async function runCommand(
  command: Command,
  environment: Environment,
  started: () => void,
): Promise<void> {
  switch (command.kind) {
    case 'help':
      process.stdout.write(helpText());
      return;
    case 'version':
      process.stdout.write(`${version()}\n`);
      return;
    case 'print-schema':
      printSchema(withConfigFile(environment, command.configFile));
      return;
    case 'refuse':
      process.stderr.write(`${command.reason}.\nSee bkjob-graphql --help.\n`);
      process.exitCode = 2;
      return;
    case 'start':
      await start(withConfigFile(environment, command.configFile), started);
  }
}

function withConfigFile(environment: Environment, path: string | null): Environment {
  return path === null ? environment : { ...environment, BKJOB_GQL_CONFIG: path };
}

function printSchema(environment: Environment): void {
  const parts = orSayFaults(() => loadSchemaSettings(environment, readFile));
  if (parts !== null) process.stdout.write(schemaText(parts));
}

async function start(environment: Environment, started: () => void): Promise<void> {
  const settings = orSayFaults(() => loadSettings(environment, readFile));
  if (settings === null) return;
  setCollectorPace();
  keepTicksFast();
  const destination = createLogDestination({
    fd: unblocked(process.stderr.fd),
    maxWaitingBytes: settings.log.buffer,
  });
  const telemetry = createTelemetry({
    level: settings.log.level,
    destination,
    secrets: 'appSecret' in settings.upstream ? [settings.upstream.appSecret] : [],
    ofProcess: true,
  });
  process.on('exit', () => {
    telemetry.flushNow();
    destination.flushNow();
  });
  const { log } = telemetry;
  try {
    const service = await startService(settings, { report: log.fault, telemetry });
    endWithProcess({ service, log, destination, ...settings.shutdown });
    started();
    for (const line of startUpLines(service, settings, openFileLimit())) process.stdout.write(`${line}\n`);
  } catch (error) {
    process.stderr.write(
      `bkjob-graphql cannot start: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}

/** What was loaded; null where settings are wrong, which is said then. */
function orSayFaults<Loaded>(load: () => Loaded): Loaded | null {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`bkjob-graphql cannot start, its settings are wrong:\n${error.message}\n`);
    process.exitCode = 1;
    return null;
  }
}

/** How long the end waits for whoever reads the log. */
const logFlushTime = 1000;

interface Running {
  readonly service: RunningService;
  readonly log: Logger;
  readonly destination: LogDestination;
  readonly drainDelay: number;
  readonly gracePeriod: number;
}

/**
 * The first signal ends the service in order: it stops being ready, accepts nothing more after the drain delay, and
 * finishes what is under way. A second one ends it at once, and so does the end of the time for all that. A fault that
 * nobody caught ends it, too, and none that comes after it cuts off what is under way.
 */
function endWithProcess({ service, log, destination, drainDelay, gracePeriod }: Running): void {
  let isEnding = false;
  let exitCode = 0;

  const giveUp = (): void => {
    log.fault(new Error('What was under way took longer than shutdown.grace_period.'));
    process.exit(1);
  };
  const close = (): Promise<void> => {
    setTimeout(() => {
      // Clients that are late are no fault of the service.
      if (service.endLateClients()) setTimeout(giveUp, 2 * logFlushTime);
      else giveUp();
    }, gracePeriod);
    return service.close();
  };
  const end = (): void => {
    isEnding = true;
    service.stopBeingReady();
    const closed = pause(drainDelay)
      .then(close)
      .then(() => destination.flush(logFlushTime));
    closed.then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.fault(error);
        process.exit(1);
      },
    );
  };

  for (const signal of endSignals) {
    process.on(signal, () => {
      if (isEnding) process.exit(1);
      end();
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fault(error);
      exitCode = 1;
      if (!isEnding) end();
    });
  }
}

function version(): string {
  const content: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const known =
    typeof content === 'object' && content !== null && 'version' in content ? content.version : null;
  return typeof known === 'string' ? known : 'unknown';
}
