import type { Browser } from 'puppeteer-core';
import { Block, blocksOf, PAGES } from './blocks';
import { Compiler, Source } from './compile';
import { checkFailureText, checkIsRun, checkJudged, checkRollout, checkWritten } from './manifests';
import { drawMermaid } from './mermaid';
import { checkCdk8sYaml, checkGitlab, checkWorkflow } from './pipelines';
import { checkProgram, TRANSLATORS } from './programs-of-languages';
import { checkPromql } from './promql';
import { runShell, Shell } from './shell';
import { checkPom } from './xml';
import { block as generate } from '../../tools/gen-blocks';
import { startBrowser } from '../report/browser';

/* What runs or compiles each block of the pages: every block has exactly one of these, or the tests fail. */

export interface Runner {
  readonly name: string;
  /** Whether it is this one that runs a block. */
  claims(block: Block): boolean;
  run(block: Block, tools: Tools): void | Promise<void>;
}

/** What several runners share, and is made once, by the first that asks. */
export class Tools {
  private madeShell?: Shell;
  private madeCompiler?: Compiler;
  private madeBrowser?: Promise<Browser>;

  public get shell(): Shell {
    return this.madeShell ??= new Shell();
  }

  public get compiler(): Compiler {
    return this.madeCompiler ??= new Compiler(new Map(BLOCKS.filter(isCompiled).map(block => [pathOf(block), sourceOf(block)])));
  }

  public get browser(): Promise<Browser> {
    return this.madeBrowser ??= startBrowser();
  }

  public async remove(): Promise<void> {
    this.madeShell?.remove();
    await (await this.madeBrowser)?.close();
  }
}

export const BLOCKS = PAGES.flatMap(page => blocksOf(page));

const isCompiled = ({ language }: Block): boolean => ['ts', 'js'].includes(language) || Object.hasOwn(TRANSLATORS, language);

/** Where a block is compiled, so that what it imports is found: the file that it shows, or one for what is translated. */
function pathOf({ language, origin, page, line }: Block): string {
  if (Object.hasOwn(TRANSLATORS, language)) return `test/consumers/typescript/${language}-${line}.ts`;
  return origin?.argument ?? `examples/${page.replace(/\W/g, '-')}-${line}.${language}`;
}

function sourceOf({ language, text }: Block): Source {
  if (!Object.hasOwn(TRANSLATORS, language)) return { text };
  try {
    return { text: TRANSLATORS[language](text), isGo: language === 'go' };
  } catch {
    return { text: '' }; // Its own test translates it again, and fails with the reason.
  }
}

function compiles(block: Block, { compiler }: Tools): void {
  expect(compiler.problems(pathOf(block))).toEqual([]);
}

const shows = (block: Block, files: RegExp): boolean => block.origin !== undefined && ['file', 'kind'].includes(block.origin.kind) && files.test(block.origin.argument);
const fileOf = (block: Block): string => block.origin!.argument.split(' ')[0];

export const RUNNERS: readonly Runner[] = [
  { name: 'shell', claims: ({ language }) => language === 'sh', run: (block, { shell }) => runShell(shell, block) },
  {
    name: 'TypeScript',
    claims: block => block.language === 'ts' && shows(block, /^(examples|test\/consumers\/typescript)\//),
    run: (block, tools) => {
      compiles(block, tools);
      checkIsRun(fileOf(block));
    },
  },
  // test/ci.test.ts and the pipeline of GitLab run it.
  { name: 'JavaScript', claims: block => block.language === 'js' && shows(block, /^ci\//), run: compiles },
  {
    name: 'other languages',
    claims: ({ language }) => Object.hasOwn(TRANSLATORS, language),
    run: (block, tools) => {
      const translated = TRANSLATORS[block.language](block.text);
      compiles(block, tools);
      checkProgram(translated);
    },
  },
  { name: 'Maven', claims: ({ language }) => language === 'xml', run: ({ text }) => checkPom(text) },
  { name: 'PromQL', claims: ({ language }) => language === 'promql', run: ({ text }) => checkPromql(text) },
  // What the command line prints is printed anew, as for every generated block, and compared.
  {
    name: 'output of the command line',
    claims: ({ language, origin }) => language === 'text' && ['run', 'connections'].includes(origin?.kind ?? ''),
    run: checkOutput,
  },
  {
    name: 'Mermaid',
    claims: ({ language }) => language === 'mermaid',
    run: async ({ text }, { browser }) => {
      const words = [...text.matchAll(/"([^"]+)"/g)].flatMap(match => match[1].split('<br>'));
      expect(await drawMermaid(await browser, [text])).toEqual([expect.arrayContaining(words)]);
    },
  },
  { name: 'text of a failing test', claims: ({ language, origin }) => language === 'text' && origin === undefined, run: checkFailureText },
  {
    name: 'what a program of this repository writes',
    claims: block => ['text', 'yaml'].includes(block.language) && shows(block, /^(examples\/|test\/consumers\/expected\/)/),
    run: block => checkWritten(fileOf(block)),
  },
  { name: 'what a rollout writes', claims: block => shows(block, /^test\/golden\/rollout-mesh-auto-mtls-off\.yaml$/), run: block => checkRollout(fileOf(block)) },
  { name: 'manifests', claims: block => block.language === 'yaml' && shows(block, /^docs\/guide\//), run: checkJudged },
  {
    name: 'GitHub',
    claims: block => block.language === 'yaml' && (shows(block, /^ci\/github-/) || block.text.startsWith('- run: ')),
    run: (block, { shell }) => checkWorkflow(shell, block),
  },
  { name: 'GitLab', claims: block => block.language === 'yaml' && shows(block, /^ci\/gitlab-ci\.yml$/), run: (block, { shell }) => checkGitlab(shell, block) },
  { name: 'cdk8s-cli', claims: block => shows(block, /^test\/cdk8s-cli\//), run: checkCdk8sYaml },
];

export const runnersOf = (block: Block): Runner[] => RUNNERS.filter(runner => runner.claims(block));

/** Queries that the output of `plan` holds can be run as well. */
function checkOutput({ text }: Block): void {
  const queries = text.split('\n').map(line => line.trim()).filter(line => line.startsWith('sum by'));
  if (queries.length > 0) checkPromql(queries.join('\n'));
}

/** Runs a block by the one runner that it has, after a look whether a generated one is what its files and commands give. */
export async function runBlock(block: Block, tools: Tools): Promise<void> {
  const runners = runnersOf(block);
  if (runners.length !== 1) {
    const names = runners.map(({ name }) => name).join(', ') || 'none';
    throw new Error(`${block.page}, line ${block.line}: a block in "${block.language}" has to be run by one of RUNNERS in test/guides/runners.ts; it is by ${names}`);
  }
  if (block.origin !== undefined) {
    expect(`\`\`\`${block.language}\n${block.text}\`\`\``).toBe(generate(block.page, block.origin.kind, block.origin.argument));
  }
  await runners[0].run(block, tools);
}
