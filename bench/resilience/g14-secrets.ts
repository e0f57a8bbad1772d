import { planted } from '../../test/support/secrets/planted.ts';
import { runSecretTrial } from '../../test/support/secrets/secret-trial.ts';
import { createSecretScan } from '../../test/support/secrets/secret-scan.ts';
import type { Figure, Trial } from './figure.ts';

/** G14: no secret in any output, and a scan that finds every one that is planted (`reliability.md` 3). */
export const trial: Trial = async ({ size }) => {
  const figures: Figure[] = [plantedFigure()];
  const rounds = size === 'ci' ? 1 : 20;
  let [requests, looked] = [0, 0];
  const found: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const one = await runSecretTrial();
    requests += one.requests;
    looked += one.looked;
    found.push(...one.findings.map(({ secret, form, where }) => `${secret} ${form} in ${where}`));
  }
  figures.push({
    goal: 'G14',
    what: 'secrets in logs of every level, metrics, traces, answers and addresses, of both front doors',
    load: `${String(requests)} requests, ${(looked / 1024 ** 2).toFixed(1)} MiB looked through`,
    measured:
      found.length === 0 ? '0' : `${String(found.length)}: ${[...new Set(found)].slice(0, 3).join('; ')}`,
    wanted: '0',
    passed: found.length === 0,
    note: 'Sign-ins of every kind, 16 faults, a bk-job that repeats sign-ins. Not looked through: core and heap files.',
  });
  return figures;
};

function plantedFigure(): Figure {
  const leaks = Object.values(planted).flatMap((secret) => {
    const bytes = Buffer.from(secret);
    const inJson = JSON.stringify({ msg: secret });
    const written = [secret, inJson, JSON.stringify({ msg: inJson }), encodeURIComponent(secret)];
    return [...written, bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')];
  });
  const noticed = leaks.filter((leak) => {
    const scan = createSecretScan(planted);
    scan.look('planted', `{"level":30,"msg":"before ${leak} after"}`);
    return scan.findings.length > 0;
  });
  return {
    goal: 'G14',
    what: 'planted leaks that the scan found',
    load: null,
    measured: `${String(noticed.length)} of ${String(leaks.length)}`,
    wanted: 'all of 10 or more',
    passed: noticed.length === leaks.length,
    note: null,
  };
}
