import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const folder = new URL('../src/server/watch/page/', import.meta.url);

/** Imports and exports of a file that the compiler has written. In one script everything knows everything. */
const imports = /^import [^;]*? from '\.\/([\w-]+\.ts)';\n/gm;
const exports = /^export (?=(?:async )?function|const|class)|^export \{\};\n/gm;

/** The whole page: its styles and its script stand in it, and it needs nothing from elsewhere. */
export async function assembleWatchPage(): Promise<string> {
  const [page, styles, script] = await Promise.all([read('index.html'), read('watch.css'), assembleScript()]);
  return replaceOnce(replaceOnce(page, '/* styles */', styles), '/* script */', script);
}

/** The modules below main.ts in one, each behind those that it imports. */
async function assembleScript(): Promise<string> {
  const written = new Map<string, string>();
  const add = async (file: string): Promise<void> => {
    if (written.has(file)) return;
    written.set(file, '');
    const compiled = compile(file, await read(file));
    for (const [, imported = ''] of compiled.matchAll(imports)) await add(imported);
    written.delete(file);
    written.set(file, compiled.replace(imports, '').replace(exports, ''));
  };
  await add('main.ts');
  const script = [...written.values()].join('\n');
  assertOneOfEachName(script);
  return script;
}

function compile(fileName: string, text: string): string {
  const { outputText } = ts.transpileModule(text, {
    fileName,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  });
  return outputText;
}

/** What two modules call by the same name would be one thing in one script, or none that a browser runs. */
function assertOneOfEachName(script: string): void {
  const names = [...script.matchAll(/^(?:async )?(?:function\*?|const|let|class) (\w+)/gm)].map(
    ([, name]) => name,
  );
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`Modules of the page have names in common: ${twice.join(', ')}.`);
}

function read(file: string): Promise<string> {
  return readFile(new URL(file, folder), 'utf8');
}

function replaceOnce(text: string, from: string, to: string): string {
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`The page does not have this exactly once: ${from}`);
  }
  return before + to + after;
}

/** Writes the page to where the service looks for it. */
export async function buildWatchPage(): Promise<void> {
  const target = fileURLToPath(new URL('../dist/watch.html', import.meta.url));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, await assembleWatchPage());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWatchPage();
