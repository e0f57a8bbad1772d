import { spawnSync } from 'node:child_process';
import { findChromium } from '../test/support/chromium.ts';

const advice = `Tests of the explorer open it in Chromium, and there is none on this machine.
Install it (Debian, Ubuntu: apt-get install chromium) or say where it is with CHROMIUM_PATH.`;

/** Installs Chromium by apt-get, which needs root or a sudo that asks for no password. */
function install(): void {
  const commands = ['apt-get update', 'apt-get install --yes --no-install-recommends chromium'];
  for (const command of commands) {
    const [program = '', ...args] =
      `${process.getuid?.() === 0 ? '' : 'sudo --non-interactive '}${command}`.split(' ');
    const run = spawnSync(program, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (run.status !== 0) return;
  }
}

if (findChromium(process.env) === null) {
  console.log('Chromium is missing; trying to install it.');
  install();
}
if (findChromium(process.env) === null) {
  console.error(advice);
  process.exitCode = 1;
}
