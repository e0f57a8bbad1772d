import { setTimeout as pause } from 'node:timers/promises';
import type { TestResponse } from '../../support/start-test-service.ts';
import type { UpstreamFault } from './fault.ts';
import { roots, type Root } from './roots.ts';
import { connections, timeLimit, type Scene } from './scene.ts';

/** What became of one root with one fault. */
export interface Cell {
  readonly fault: string;
  readonly root: string;
  /** What was not as it should be; empty where all was. */
  readonly problems: readonly string[];
  readonly durationMs: number;
}

/** A job of somebody else, who asks at the same time. */
const neighbour = { token: 'bob', jobInstanceId: '20000000013' };

const plainRoot = roots[0]!;

/** What no answer may hold: of the fault, of where bk-job is, of the platform's secrets, of the inside. */
const secrets =
  /planted|10\.0\.0\.5|127\.0\.0\.1|demo_secret|demo_app|api\/v3|X-Bkapi|undici|UND_ERR|ECONN|\.ts:|node:|<html/i;

/** Each root reads a job of its own, so that no two share a call. */
const jobOf = (fault: number, root: number): string => String(30_000_000_000 + fault * roots.length + root);

/**
 * Has every root meet every one of these faults, all at once, with somebody beside who asks for another job, and looks
 * whether all is well afterwards.
 */
export async function meetFaults(scene: Scene, faults: readonly UpstreamFault[]): Promise<readonly Cell[]> {
  for (const [index, fault] of faults.entries()) {
    scene.begin(
      fault,
      roots.map((_root, place) => jobOf(index, place)),
    );
  }
  const isForAll = faults.some(({ does }) => does.kind === 'accept');
  const beside = isForAll ? [] : Array.from({ length: 5 }, () => askNeighbour(scene));
  const cells = await Promise.all(
    faults.flatMap((fault, index) =>
      roots.map((root, place) => meet(scene, { fault, root, job: jobOf(index, place) })),
    ),
  );
  const neighbours = await Promise.all(beside);
  scene.end();
  const general = [...neighbours.flat(), ...(await lookAround(scene))];
  return cells.map((cell) => ({ ...cell, problems: [...cell.problems, ...general] }));
}

async function meet(
  scene: Scene,
  { fault, root, job }: { readonly fault: UpstreamFault; readonly root: Root; readonly job: string },
): Promise<Cell> {
  const start = performance.now();
  const response = await scene.query(root.document, { variables: root.variables(job) });
  const durationMs = performance.now() - start;
  return { fault: fault.name, root: root.name, durationMs, problems: problemsOf(response, root, fault) };
}

function problemsOf({ status, body }: TestResponse, root: Root, fault: UpstreamFault): string[] {
  const { code: wanted, otherCode: other = wanted } = fault;
  const code = root.codeOf(body);
  const isRight = wanted === 'anything' ? isKnown(code) : code === wanted || code === other;
  const leak = secrets.exec(JSON.stringify(body));
  return [
    ...(status === 200 ? [] : [`status ${String(status)}`]),
    ...(isRight ? [] : [`${JSON.stringify(code)} in place of ${String(wanted)}`]),
    ...(leak === null ? [] : [`tells ${leak[0]}`]),
  ];
}

/** Whether a job was answered, or failed as bk-job can make it fail. */
function isKnown(code: unknown): boolean {
  return (
    code === null || (typeof code === 'string' && /^[A-Z_]+$/.test(code) && code !== 'INTERNAL_SERVER_ERROR')
  );
}

async function askNeighbour(scene: Scene): Promise<string[]> {
  const { token, jobInstanceId } = neighbour;
  const { body } = await scene.query(plainRoot.document, { token, variables: { job: jobInstanceId } });
  const code = plainRoot.codeOf(body);
  return code === null ? [] : [`a neighbour got ${JSON.stringify(code)}`];
}

/** Asks at once for as many jobs as there are connections: one that is lost keeps one of them waiting for ever. */
async function lookAround(scene: Scene): Promise<readonly string[]> {
  const answers = await Promise.all(
    Array.from({ length: connections }, (_, index) => {
      const variables = { job: String(20_000_001_001 + (index % 60)) };
      const headers = { 'blueking-language': index < 60 ? 'en' : 'zh-cn' };
      return scene.query(plainRoot.document, { variables, headers });
    }),
  );
  const codes = answers.map(({ body }) => plainRoot.codeOf(body)).filter((code) => code !== null);
  return [
    ...(codes.length === 0 ? [] : [`afterwards ${JSON.stringify(codes)}`]),
    ...((await haveSocketsGone(scene)) ? [] : [`${String(scene.sockets())} connections`]),
    ...(scene.reported.length === 0 ? [] : ['a fault of the service itself']),
  ];
}

/** The other side of a connection learns in its own time that it was given up. */
async function haveSocketsGone(scene: Scene): Promise<boolean> {
  const end = performance.now() + timeLimit;
  while (scene.sockets() > connections && performance.now() < end) await pause(10);
  return scene.sockets() <= connections;
}
