import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const depcruise = fileURLToPath(
  new URL('../../node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url),
);

/** Modules of the planted tree, each with what it imports. */
type Tree = Readonly<Record<string, readonly string[]>>;

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

const targets = [
  'src/main.ts',
  'src/service.ts',
  'src/config/settings.ts',
  'src/context/operation-context.ts',
  'src/domain/caller.ts',
  'src/domain/status-codes.ts',
  'src/execution/schema.ts',
  'src/generated/resolvers-types.ts',
  'src/identity/identity.ts',
  'src/loaders/job-instance-loader.ts',
  'src/resolvers/query.ts',
  'src/server/create-server.ts',
  'src/simulator/index.ts',
  'src/telemetry/logger.ts',
  'src/upstream/http-job-api.ts',
  'src/upstream/job-api.ts',
  'src/upstream/wire/json.ts',
  'test/support/start-test-service.ts',
  'examples/first.ts',
];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layers-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

function importLine(from: string, statement: string): string {
  const to = statement.replace(/^type /, '');
  const specifier = /^(src|test|examples)\//.test(to) ? '../'.repeat(from.split('/').length - 1) + to : to;
  return `import ${to === statement ? '' : 'type { thing } from '}'${specifier}';\n`;
}

/** Every violation in a tree as "from -> to". */
async function violationsOf(tree: Tree): Promise<readonly string[]> {
  await copyFile(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  for (const name of ['graphql', 'pino', 'undici', 'vitest']) {
    await write(
      `node_modules/${name}/package.json`,
      `{"name":"${name}","version":"1.0.0","main":"index.js"}`,
    );
    await write(`node_modules/${name}/index.js`, 'exports.thing = 1;');
  }
  await write(
    'package.json',
    '{"dependencies":{"graphql":"*","pino":"*","undici":"*"},"devDependencies":{"vitest":"*"}}',
  );
  for (const target of targets) await write(target, 'export const thing = 1;\n');
  for (const [path, imports] of Object.entries(tree)) {
    await write(path, imports.map((statement) => importLine(path, statement)).join(''));
  }
  const args = [depcruise, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, [...args, 'src', 'examples'], {
    cwd: folder,
    maxBuffer: 2 ** 26,
  });
  const { summary } = JSON.parse(stdout) as { summary: { violations: readonly Violation[] } };
  return summary.violations.map(({ from, to }) => `${from} -> ${to}`);
}

describe('the layer rules', () => {
  it('let every layer import what is below it', { timeout: 60_000 }, async () => {
    const allowed: Tree = {
      'src/domain/job-instance.ts': ['src/domain/caller.ts'],
      'src/upstream/wire/envelope.ts': ['src/domain/caller.ts', 'src/upstream/wire/json.ts'],
      'src/upstream/transport.ts': ['src/upstream/wire/json.ts', 'src/domain/caller.ts', 'undici', 'node:fs'],
      'src/loaders/other.ts': ['type src/upstream/job-api.ts', 'src/domain/caller.ts'],
      'src/context/other.ts': ['src/loaders/job-instance-loader.ts', 'src/domain/caller.ts'],
      'src/identity/other.ts': ['src/domain/caller.ts', 'node:crypto'],
      'src/resolvers/job.ts': [
        'type src/generated/resolvers-types.ts',
        'type src/context/operation-context.ts',
        'src/domain/caller.ts',
        'graphql',
      ],
      'src/execution/run.ts': ['src/resolvers/query.ts', 'type src/context/operation-context.ts'],
      'src/server/other.ts': [
        'src/execution/schema.ts',
        'src/identity/identity.ts',
        'src/context/operation-context.ts',
      ],
      'src/simulator/world.ts': ['src/domain/status-codes.ts', 'node:http'],
      'src/config/model.ts': ['type src/domain/caller.ts'],
      'src/telemetry/other.ts': ['pino'],
      'src/composition.ts': ['src/server/create-server.ts', 'src/config/settings.ts', 'src/service.ts'],
      'examples/second.ts': ['examples/first.ts', 'vitest', 'node:http'],
    };
    expect(await violationsOf(allowed)).toEqual([]);
  });

  it('refuse every import that goes up, across or out', { timeout: 60_000 }, async () => {
    const forbidden: readonly (readonly [string, string])[] = [
      ['src/domain/a.ts', 'src/upstream/job-api.ts'],
      ['src/domain/b.ts', 'node:fs'],
      ['src/domain/c.ts', 'graphql'],
      ['src/domain/d.ts', 'test/support/start-test-service.ts'],
      ['src/upstream/wire/a.ts', 'src/upstream/job-api.ts'],
      ['src/upstream/wire/b.ts', 'undici'],
      ['src/upstream/a.ts', 'src/loaders/job-instance-loader.ts'],
      ['src/upstream/b.ts', 'graphql'],
      ['src/loaders/a.ts', 'src/upstream/wire/json.ts'],
      ['src/loaders/b.ts', 'src/upstream/http-job-api.ts'],
      ['src/loaders/c.ts', 'src/upstream/job-api.ts'],
      ['src/context/a.ts', 'src/server/create-server.ts'],
      ['src/identity/a.ts', 'src/config/settings.ts'],
      ['src/resolvers/a.ts', 'src/loaders/job-instance-loader.ts'],
      ['src/resolvers/b.ts', 'type src/loaders/job-instance-loader.ts'],
      ['src/resolvers/c.ts', 'src/context/operation-context.ts'],
      ['src/resolvers/d.ts', 'src/upstream/job-api.ts'],
      ['src/execution/a.ts', 'src/loaders/job-instance-loader.ts'],
      ['src/execution/b.ts', 'src/server/create-server.ts'],
      ['src/server/a.ts', 'src/upstream/job-api.ts'],
      ['src/server/b.ts', 'src/resolvers/query.ts'],
      ['src/server/c.ts', 'src/service.ts'],
      ['src/server/d.ts', 'vitest'],
      ['src/simulator/a.ts', 'src/domain/caller.ts'],
      ['src/simulator/b.ts', 'src/upstream/wire/json.ts'],
      ['src/simulator/c.ts', 'graphql'],
      ['src/config/a.ts', 'src/domain/status-codes.ts'],
      ['src/config/b.ts', 'src/telemetry/logger.ts'],
      ['src/telemetry/a.ts', 'src/domain/caller.ts'],
      ['src/composition.ts', 'src/main.ts'],
      ['src/service.ts', 'examples/first.ts'],
      ['examples/a.ts', 'src/domain/caller.ts'],
      ['examples/b.ts', 'test/support/start-test-service.ts'],
    ];
    const tree = Object.fromEntries(forbidden.map(([from, to]) => [from, [to]]));
    const found = (await violationsOf(tree)).map((violation) => violation.split(' -> ')[0]);
    expect(forbidden.map(([from]) => from).filter((from) => !found.includes(from))).toEqual([]);
  });

  it('refuse values that import each other in a ring', { timeout: 60_000 }, async () => {
    const ring: Tree = {
      'src/domain/first.ts': ['src/domain/second.ts'],
      'src/domain/second.ts': ['src/domain/first.ts'],
      'src/domain/known.ts': ['type src/domain/knows.ts'],
      'src/domain/knows.ts': ['src/domain/known.ts'],
    };
    const found = await violationsOf(ring);
    expect(found).toContain('src/domain/first.ts -> src/domain/second.ts');
    expect(found.join()).not.toContain('know');
  });
});
