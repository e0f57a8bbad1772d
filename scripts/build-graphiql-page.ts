import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';

/** The options that the library writes into its script. */
const options = { title: 'bkjob-graphql' };
const optionsInScript = `${JSON.stringify(options)},\n        );`;

/** Read from the page instead, so that the script is the same for every deployment and can be allowed by its hash. */
const optionsFromPage = `JSON.parse(document.getElementById('graphiql-options').textContent),
        );`;

const body = '<div id="root"></div>';
const bodyWithOptions = `<script type="application/json" id="graphiql-options">/* options */</script>\n      ${body}`;

/** The whole IDE as one page that needs nothing from elsewhere. Throws where the library writes it differently than expected. */
export function renderGraphiqlPage(): string {
  const page = renderGraphiQL(options);
  return replaceOnce(replaceOnce(page, optionsInScript, optionsFromPage), body, bodyWithOptions);
}

function replaceOnce(text: string, from: string, to: string): string {
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`@graphql-yoga/render-graphiql no longer writes this exactly once: ${from}`);
  }
  return before + to + after;
}

/** Writes the page to where the service looks for it. */
export async function buildGraphiqlPage(): Promise<void> {
  const target = fileURLToPath(new URL('../dist/graphiql.html', import.meta.url));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, renderGraphiqlPage());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildGraphiqlPage();
