import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { apolloByHand, bareProxy, contenders, quickContenders, service } from './contenders.ts';
import { measureRounds, type Measurement, type Plan } from './measure/rounds.ts';
import { allocationsOfService } from './profile/allocations.ts';
import { profileService } from './profile/profile.ts';
import { short } from './report/figures.ts';
import { withGrowth, writeReport } from './report/report.ts';
import { measureScaling, type Scaling } from './scaling/scaling.ts';
import { startUpstream, type Upstream } from './upstream/upstream.ts';
import { workloads } from './workloads.ts';

// Measures the service side by side with others (README.md beside).

const peers = fileURLToPath(new URL('./peers', import.meta.url));
const results = fileURLToPath(new URL('./results', import.meta.url));

const { values: given } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    workloads: { type: 'string' },
    contenders: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    scaling: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    profile: { type: 'string' },
    allocations: { type: 'string' },
    survivors: { type: 'string' },
  },
});

const plan: Plan = {
  rounds: Number(given.rounds ?? (given.full ? 5 : 2)),
  roundsPerStart: 5,
  leastWarmCpuSeconds: 5,
  seconds: Number(given.seconds ?? 1),
  secondsIfFew: given.full ? 3 : 2,
};

function named<Named extends { readonly name: string }>(all: readonly Named[], names: string): Named[] {
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name);
    if (found === undefined)
      throw new Error(`There is no ${name}; there are ${all.map((one) => one.name).join(', ')}.`);
    return found;
  });
}

const measuredWorkloads = given.workloads === undefined ? workloads : named(workloads, given.workloads);
const measuredContenders =
  given.contenders === undefined
    ? given.full
      ? contenders
      : named(contenders, quickContenders.join(','))
    : named([...contenders, apolloByHand], given.contenders);

/** The peers are installed by whoever measures, not with the service. */
function installPeers(): void {
  if (existsSync(join(peers, 'node_modules'))) return;
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], {
    cwd: peers,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('The peers could not be installed.');
}

const reportName = given.full ? 'latest' : 'quick';
const failures: string[] = [];

async function measure(upstream: Upstream, scratch: string): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const workload of measuredWorkloads) {
    console.error(`${workload.name}: ${workload.title}, ${String(workload.connections)} connections`);
    await measureRounds(workload, measuredContenders, {
      plan,
      upstream,
      scratch,
      onMeasured: (one) => {
        measurements.push(one);
        console.error(
          `  round ${String(one.round + 1)} ${one.contender.padEnd(18)} ${short(one.answersPerSecond).padStart(7)} answers/s  p99 ${short(one.p99)} ms  CPU ${short(one.cpuMilliseconds)} ms  ${one.peakMebibytes.toFixed(0)} MiB  ${short(one.upstreamCalls)} calls${one.failed === 0 ? '' : `  ${String(one.failed)} FAILED`}`,
        );
      },
      onFailed: ({ name }, error) => {
        failures.push(`${name} under ${workload.name}: ${String(error)}`);
        console.error(`  ${name} FAILED: ${String(error)}`);
      },
    });
    await writeFile(join(results, `${reportName}.json`), `${JSON.stringify(measurements, null, 1)}\n`);
  }
  return measurements;
}

async function writePlots({ plots }: Scaling): Promise<void> {
  for (const [file, plot] of Object.entries(plots)) await writeFile(join(results, file), plot);
}

installPeers();
const scratch = await mkdtemp(join(tmpdir(), 'bkjob-graphql-bench-'));
// Workers of nginx run as somebody else.
await chmod(scratch, 0o755);
try {
  await using upstream = await startUpstream(scratch);
  const options = { upstream, scratch };
  if (given.profile !== undefined) {
    for (const workload of named(workloads, given.profile)) {
      console.log(await profileService(workload, options));
    }
  } else if (given.allocations !== undefined) {
    for (const workload of named(workloads, given.allocations)) {
      console.log(await allocationsOfService('memory', workload, options));
    }
  } else if (given.survivors !== undefined) {
    for (const workload of named(workloads, given.survivors)) {
      console.log(await allocationsOfService('survivors', workload, options));
    }
  } else if (given.growth) {
    const scaling = await measureScaling(options);
    const file = join(results, 'latest.md');
    await writeFile(file, withGrowth(await readFile(file, 'utf8'), scaling));
    await writePlots(scaling);
  } else {
    await mkdir(results, { recursive: true });
    const measurements = await measure(upstream, scratch);
    const scaling = given.full || given.scaling ? await measureScaling(options) : null;
    const report = writeReport({
      measurements,
      workloads: measuredWorkloads,
      contenders: measuredContenders,
      base: bareProxy.name,
      service: service.name,
      plan,
      upstream: upstream.title,
      scaling,
      failures,
    });
    await writeFile(join(results, `${reportName}.md`), report);
    if (scaling !== null) await writePlots(scaling);
    console.log(report);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
