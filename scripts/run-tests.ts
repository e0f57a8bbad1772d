import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const reportPath = 'reports/tests.json';

/** How a run of all tests ended. */
export interface Verdict {
  readonly passed: number;
  /** Failed tests, skipped ones, files that could not be run, and 1 for a run that went wrong otherwise. */
  readonly failed: number;
}

/** The part of Vitest's JSON report that is read here. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numTotalTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/**
 * Counts a run. A test that did not run has not passed, so whatever is neither passed nor failed counts as failed;
 * a run without tests, without a report or with a bad exit code has at least one failure.
 */
export function toVerdict(report: TestReport | null, exitCode: number | null): Verdict {
  if (report === null || report.numTotalTests === 0) return { passed: 0, failed: 1 };
  const unusable = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = report.numTotalTests - report.numPassedTests + unusable.length;
  const ranBadly = failed === 0 && exitCode !== 0;
  return { passed: report.numPassedTests, failed: failed + (ranBadly ? 1 : 0) };
}

async function readReport(): Promise<TestReport | null> {
  try {
    return JSON.parse(await readFile(reportPath, 'utf8')) as TestReport;
  } catch {
    return null;
  }
}

/** Runs every project of Vitest with these further arguments and gives its exit code, null when a signal ended it. */
function runVitest(args: readonly string[]): Promise<number | null> {
  const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

async function main(): Promise<void> {
  await rm(reportPath, { force: true });
  const exitCode = await runVitest(process.argv.slice(2));
  const { passed, failed } = toVerdict(await readReport(), exitCode);
  process.exitCode = failed === 0 ? 0 : 1;
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
