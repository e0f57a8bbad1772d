import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { loadGenerator } from '../load/load.ts';
import type { Plan } from '../measure/rounds.ts';
import type { Scaling } from '../scaling/scaling.ts';
import { allOfHost, allOfJob, allOfStep } from '../workloads.ts';
import { cpuTable, figureTables, type Measured } from './tables.ts';
import { targetTable } from './targets.ts';

/** All that a report says. */
export interface ReportParts extends Measured {
  /** Name of the contender that is this service. */
  readonly service: string;
  readonly plan: Plan;
  /** What answered as bk-job. */
  readonly upstream: string;
  readonly scaling: Scaling | null;
  /** Who could not be measured, and why. */
  readonly failures: readonly string[];
}

/** The report in Markdown. The part between the two marks is what the README shows. */
export function writeReport(parts: ReportParts): string {
  return `# Side by side

<!-- for the README, from here -->

CPU per request as a multiple of a bare Node proxy that passes bk-job's bytes on, in the same round: medians of ${String(parts.plan.rounds)} rounds.

${cpuTable(parts)}
${workloadList(parts)}

Measured with ${machine()}. Repeat it with \`npm run bench -- --full\`.

<!-- to here -->

## Against the targets

${targetTable(parts)}
## All figures

${figureTables(parts)}
## How it was measured

- ${versions()}
- bk-job: ${parts.upstream}. Load: ${loadGenerator === 'wrk' ? 'wrk, one thread' : 'a generator of our own'}, closed loop; both on core 0 where there are several, what is measured on any.
- Rounds of ${String(parts.plan.seconds)} s (${String(parts.plan.secondsIfFew)} s on W3 and W4) after at least ${String(parts.plan.leastWarmCpuSeconds)} s of processor time to warm up, and as many seconds more as still make it a twentieth faster, interleaved in an order that moves on; new processes after every ${String(parts.plan.roundsPerStart)} rounds. Before and after each round one answer is compared whole with what bk-job's own JSON makes it.
- CPU is user and system time of all threads and processes of the server. Where load ends, requests under way count as half done. Peak memory is the kernel's, since the start of the process.
- "All fields" are those that are values: of a job \`${allOfJob}\`, of a step \`${allOfStep}\`, of a host \`${allOfHost}\`.
- This service runs as built with the defaults of production. The others have no limits, prices, identities, masking, metrics or logs.
${failuresOf(parts)}${parts.scaling === null ? '' : `\n${growthPart(parts.scaling)}`}`;
}

const growthTitle = '## How cost grows';

/** A report with its last part, how cost grows, measured anew. */
export function withGrowth(report: string, scaling: Scaling): string {
  const [rest = ''] = report.split(`${growthTitle}\n`);
  return `${rest}${growthPart(scaling)}`;
}

function growthPart({ text }: Scaling): string {
  return `${growthTitle}\n\nMeasured ${today()}, commit ${commit()}.\n\n${text}`;
}

function failuresOf({ failures, measurements }: ReportParts): string {
  const refused = measurements
    .filter(({ failed }) => failed > 0)
    .map(
      (one) =>
        `${one.contender} under ${one.workload}: ${String(one.failed)} requests without an answer of 200`,
    );
  const lines = [...new Set([...failures, ...refused])].map((line) => `- ${line}`);
  return lines.length === 0 ? '' : `\n## What went wrong\n\n${lines.join('\n')}\n`;
}

function workloadList({ workloads }: Measured): string {
  return workloads.map(({ name, title }) => `${name}: ${title}.`).join(' ');
}

function machine(): string {
  const [{ model } = { model: 'unknown' }] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `Node ${process.versions.node} on ${String(cpus().length)} cores (${model.trim()}), ${String(memory)} GiB`;
}

function versions(): string {
  const lock = JSON.parse(readFileSync(new URL('../peers/package-lock.json', import.meta.url), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  const named = ['@apollo/server', '@apollo/datasource-rest', 'fastify', 'graphql', 'graphql-jit'];
  const versionsOfPeers = [...named, 'graphql-yoga', 'mercurius', 'undici'].map(
    (name) => `${name} ${lock.packages[`node_modules/${name}`]?.version ?? '?'}`,
  );
  return `${today()}, commit ${commit()}. ${versionsOfPeers.join(', ')}.`;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
