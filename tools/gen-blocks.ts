import { readFileSync } from 'fs';
import { join } from 'path';
import { ROOT } from './rule-files';

/* The blocks of pages between `<!-- gen:NAME ARGUMENT -->` and `<!-- /gen -->`, made of files and of what the command line prints. */

/** Such a block in the text of a page: its first line, name, argument, content and last line. */
export const GENERATED = /(<!-- gen:(\S+?)(?: (.+?))? -->\n)([\s\S]*?)(<!-- \/gen -->)/g;

/** The text of a page with the content of each block made anew. */
export function withBlocks(page: string, text: string): string {
  return text.replace(GENERATED, (_, open: string, name: string, argument: string, __: string, close: string) =>
    `${open}${block(page, name, argument)}\n${close}`);
}

/** The language of a block, by the ending of the file that it shows. */
const LANGUAGES: { readonly [ending: string]: string } = {
  ts: 'ts', py: 'python', java: 'java', go: 'go', mod: 'text', xml: 'xml', sh: 'sh', mjs: 'js', yaml: 'yaml', yml: 'yaml', txt: 'text',
};

/** What stands in a block, with its fences. */
export function block(page: string, name: string, argument: string): string {
  switch (name) {
    case 'file': {
      const language = LANGUAGES[argument.split('.').pop()!] ?? '';
      return `\`\`\`${language}\n${read(argument).trimEnd()}\n\`\`\``;
    }
    case 'kind': {
      const [path, kind] = argument.split(' ');
      const documents = read(path).split(/^---\n/m).filter(document => document.includes(`\nkind: ${kind}\n`));
      return `\`\`\`yaml\n${documents.map(document => document.trimEnd()).join('\n---\n')}\n\`\`\``;
    }
    case 'connections':
      return `\`\`\`text\n${output(['connections', ...argument.split(' ')]).trimEnd()}\n\`\`\``;
    case 'run':
      return `\`\`\`text\n$ cdk8s-istio-mtls ${argument}\n${output(argument.split(' ')).trimEnd()}\n\`\`\``;
    case 'mermaid':
      return `\`\`\`mermaid\n${output(argument.split(' ')).trimEnd()}\n\`\`\``;
    default:
      throw new Error(`${page}: unknown generated block "${name}"; known are file, kind, connections, run and mermaid`);
  }
}

/** What the command line prints. */
function output(args: readonly string[]): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { main: run } = require('../src/cli/main') as typeof import('../src/cli/main');
  let text = '';
  const code = run(args.map(arg => /^(docs|examples|test)\//.test(arg) ? join(ROOT, arg) : arg), {
    out: part => { text += part; }, err: part => { throw new Error(part); }, stdin: () => '',
  });
  if (code > 1) { // 1 are findings, which is what some pages show.
    throw new Error(`${args.join(' ')} ended with exit code ${code}`);
  }
  return text.replaceAll(`${ROOT}/`, '');
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
