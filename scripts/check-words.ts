import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

// Put together here so that this file does not find itself.
const words = ['FIX' + 'ME', 'TO' + 'DO', 'X' + 'XX', 'HA' + 'CK'];
const forbidden = new RegExp(`\\b(${words.join('|')})\\b`);

// Wire samples are kept as they were recorded, the lockfile as npm writes it.
const others = /^(package-lock\.json|bench\/peers\/package-lock\.json|test\/fixtures\/wire-samples\/)/;

const options = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
const files = execFileSync('git', options, { encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '');

const found = files
  .filter((file) => existsSync(file) && !others.test(file))
  .flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        forbidden.test(line) ? [`${file}:${String(index + 1)}: ${line.trim()}`] : [],
      ),
  );

if (found.length > 0) {
  console.error(`Words that say the work is not done:\n${found.join('\n')}`);
  process.exitCode = 1;
}
