import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toVerdict, type TestReport } from '../../scripts/run-tests.ts';
import vitestConfig from '../../vitest.config.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const contributing = read('CONTRIBUTING.md');

/** Rows of the table in CONTRIBUTING.md whose first column has this head. */
function tableOf(head: string): readonly (readonly string[])[] {
  const rows = contributing.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const start = rows.findIndex((row) => row[1] === head);
  const length = rows.slice(start).findIndex((row) => row.length < 2);
  return rows.slice(start + 2, start + length).map((row) => row.slice(1, -1));
}

const codeIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

/** Everything that is written by hand and run by a tool. */
const files = ['src', 'schema', 'test', 'scripts', 'bench', 'examples'].flatMap((folder) =>
  readdirSync(new URL(`../../${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .filter((path) => /\.(ts|graphql)$/.test(path) && !path.includes('/node_modules/')),
);

describe('packages', () => {
  it('are pinned exactly', () => {
    const { dependencies, devDependencies, overrides } = manifest;
    const versions = Object.values({ ...dependencies, ...devDependencies, ...overrides });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('are overridden for reasons that CONTRIBUTING.md gives, and for no others', () => {
    const table = tableOf('override');
    expect(table.map(([name]) => codeIn(name!)[0]).sort()).toEqual(Object.keys(manifest.overrides).sort());
    for (const [, reason, freedBy] of table) {
      expect(reason!.length).toBeGreaterThan(5);
      expect(freedBy).toMatch(/^Node \d/);
    }
  });

  it('bring Vitest and its coverage in the same version', () => {
    expect(manifest.devDependencies['@vitest/coverage-v8']).toBe(manifest.devDependencies['vitest']);
  });

  it('come from whatever registry the user has, since the lockfile names none', () => {
    const lockfile = read('package-lock.json');
    expect(lockfile).not.toMatch(/"resolved": "http/);
    expect(lockfile).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });
});

describe('CONTRIBUTING.md', () => {
  it('has the table that the layer rules are made from', () => {
    const layers = JSON.parse(read('layers.json')) as Readonly<
      Record<string, { readonly imports: readonly string[]; readonly packages: readonly string[] }>
    >;
    const rows = tableOf('folder').map(([folder, imports, packages]) => [
      codeIn(folder!)[0]!,
      { imports: codeIn(imports!), packages: codeIn(packages!) },
    ]);
    expect(Object.fromEntries(rows)).toEqual(layers);
  });

  it('names commands that exist, and all checks', () => {
    const commands = tableOf('command').flatMap(([cell]) => codeIn(cell!));
    const prefix = (index: number) =>
      commands
        .slice(0, index)
        .findLast((command) => command.startsWith('npm run '))!
        .replace(/:.*/, '');
    const named = commands
      .map((command, index) => (command.startsWith(':') ? prefix(index) + command : command))
      .map((command) => command.replace(/^npm (run )?/, ''));
    const scripts = Object.keys(manifest.scripts);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
    const wanted = scripts.filter((name) => /^(check|test)/.test(name));
    expect(wanted.filter((name) => !named.includes(name))).toEqual([]);
  });

  it('gives recipes that still fit the code', () => {
    const stale: string[] = [];
    let path = '';
    const diffs = [...contributing.matchAll(/^```diff\n(.*?)^```$/gms)].map(([, diff]) => diff!);
    expect(diffs).toHaveLength(3);
    for (const line of diffs.join('').split('\n')) {
      if (line.startsWith('+++ b/')) path = line.slice(6);
      else if (line.startsWith(' ') && !read(path).includes(`${line.slice(1)}\n`))
        stale.push(`${path}: ${line}`);
    }
    expect(stale).toEqual([]);
  });
});

describe('`npm run check`', () => {
  it('runs every check', () => {
    const checks = Object.keys(manifest.scripts).filter((name) => name.startsWith('check:'));
    const run = [...manifest.scripts['check']!.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
    expect(run.sort()).toEqual(checks.sort());
  });
});

describe('`npm test`', () => {
  const file = { status: 'passed', assertionResults: [{}] };
  const report = (numPassedTests: number, numTotalTests: number, testResults = [file]): TestReport => ({
    numPassedTests,
    numTotalTests,
    testResults,
  });

  it.each([
    ['all tests pass', report(7, 7), 0, { passed: 7, failed: 0 }],
    ['a test fails', report(6, 7), 1, { passed: 6, failed: 1 }],
    ['a test is skipped, which Vitest lets pass', report(6, 7), 0, { passed: 6, failed: 1 }],
    [
      'a file cannot be loaded',
      report(7, 7, [file, { status: 'failed', assertionResults: [] }]),
      1,
      { passed: 7, failed: 1 },
    ],
    ['something fails outside a test', report(7, 7), 1, { passed: 7, failed: 1 }],
    ['a signal ends the run', report(7, 7), null, { passed: 7, failed: 1 }],
    ['there are no tests', report(0, 0, []), 0, { passed: 0, failed: 1 }],
    ['there is no report', null, 0, { passed: 0, failed: 1 }],
  ])('counts honestly where %s', (_case, given, exitCode, verdict) => {
    expect(toVerdict(given, exitCode)).toEqual(verdict);
  });

  it('has no way to pass over a test or to try it again', () => {
    const { test } = vitestConfig;
    expect(test).toMatchObject({ retry: 0, allowOnly: false, passWithNoTests: false });
    expect(test).not.toHaveProperty('bail');
    expect(test).not.toHaveProperty('exclude');
    const passedOver = /\.(?:skip|only|todo|skipIf|runIf|fails)[.(]|\bretry: [1-9]/;
    const tests = files.filter((path) => path.startsWith('test/') && path.endsWith('.ts'));
    expect(tests.length).toBeGreaterThan(20);
    expect(tests.filter((path) => passedOver.test(read(path)))).toEqual([]);
  });

  it('runs every test file there is', () => {
    const tests = files.filter((path) => path.endsWith('.test.ts'));
    expect(
      tests.filter((path) => !/^test\/(unit|integration|conformance|resilience|e2e)\//.test(path)),
    ).toEqual([]);
  });
});

describe('the image', () => {
  it('is built from all that the build and the Dockerfile name', () => {
    const letIn = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const [, ...configs] = /tsc -p (\S+)/.exec(manifest.scripts['build']!) ?? [];
    const scripts = manifest.scripts['build']!.match(/scripts\/\S+\.ts/g) ?? [];
    const copied = /^COPY (package.*) \.\/$/m.exec(read('Dockerfile'))?.[1]?.split(' ') ?? [];
    const needed = [...scripts, ...configs, ...copied, 'src', 'schema', 'LICENSE'];
    expect([scripts.length, configs.length, copied.length]).toEqual([2, 1, 3]);
    expect(needed.filter((path) => !letIn.includes(path))).toEqual([]);
  });
});

describe('a line that a tool is told to pass over', () => {
  it('says why', () => {
    const told = /eslint-disable|prettier-ignore|@ts-expect-error|v8 ignore|Stryker disable/;
    const here = 'test/conformance/tooling-is-as-described.test.ts';
    const mute = files
      .filter((path) => path !== here && !path.startsWith('examples/generated-types/gql/'))
      .flatMap((path) =>
        read(path)
          .split('\n')
          .filter((line) => told.test(line) && !/(?: --|:) \S+ \S+/.test(line))
          .map((line) => `${path}: ${line.trim()}`),
      );
    expect(mute).toEqual([]);
  });
});
