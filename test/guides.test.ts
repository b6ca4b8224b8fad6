import { execFileSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { parse } from 'yaml';
import { main } from '../src/cli/main';

const ROOT = join(__dirname, '..');
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs/guide')).filter(file => file.endsWith('.md')).map(file => `docs/guide/${file}`)];

/** Programs of others, whose lines are shown and cannot be run here. */
const OTHERS = /^(npm|npx jsii-pacmak|helm|kustomize|kubectl|istioctl|gh|git|pip|mvn|go|python|java|cdk8s|sum by|increase|rate)\b/;

interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

/** The blocks of a page that nothing writes: those between `gen` marks are made anew and compared by `npm run gen -- --check`. */
function handwritten(page: string): Block[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/<!-- gen:[\s\S]*?<!-- \/gen -->/g, '');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(match => ({ page, language: match[1], text: match[2] }));
}

/** The arguments of each call of the command line in a block. */
function commands({ text }: Block): string[][] {
  return [...text.replace(/^npm install .*$/gm, '').matchAll(/(?:^|[\s|(])(?:npx )?cdk8s-istio-mtls ([^|>\n]+)/g)].map(match =>
    [...match[1].replace(/\s#.*$/, '').trim().matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(word => word[1] ?? word[2] ?? word[3]));
}

const MANIFEST = readFileSync(join(ROOT, 'docs/guide/check/caller.yaml'), 'utf8');

/** A folder with everything that the pages name: manifests, two states of them, and a repository with a remote branch. */
function workplace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guides-'));
  const write = (file: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), MANIFEST);
  };
  ['manifests/all.yaml', 'deploy/all.yaml', 'before/all.yaml', 'after/all.yaml', 'cluster.yaml'].forEach(write);
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'all');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  return folder;
}

describe('the pages for users', () => {
  const blocks = PAGES.flatMap(handwritten);
  const here = process.cwd();
  let folder: string;
  beforeAll(() => {
    folder = workplace();
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(here);
    rmSync(folder, { recursive: true, force: true });
  });

  it('hold no code that is neither written by a generator nor run by a test', () => {
    // Text blocks show what a program prints, and have tests of their own.
    expect(blocks.filter(({ language }) => !['', 'sh', 'yaml', 'text'].includes(language)).map(({ page, text }) => [page, text])).toEqual([]);
  });

  it.each(blocks.filter(({ language }) => language === 'yaml').map(({ page, text }) => [page, text]))('%s: YAML can be read', (_, text) => {
    expect(parse(text)).toBeDefined();
  });

  it.each(blocks.flatMap(block => commands(block).map(args => [block.page, args.join(' '), args] as const)))('%s: cdk8s-istio-mtls %s', (_, __, args) => {
    let errors = '';
    const code = main(args, { out: () => undefined, err: text => { errors += text; }, stdin: () => MANIFEST });
    expect(errors).toBe('');
    // 1 are findings, which the manifests have.
    expect([0, 1]).toContain(code);
  });

  it('show nothing else than known programs in shell blocks', () => {
    const lines = blocks.filter(({ language }) => language === '' || language === 'sh').flatMap(({ text }) => text.split('\n')).map(line => line.trim());
    expect(lines.filter(line => line !== '' && !OTHERS.test(line) && !/^(npx )?cdk8s-istio-mtls /.test(line))).toEqual([]);
  });

  it.each(PAGES)('%s leads to files that are there', page => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(match => match[1]);
    expect(links.filter(link => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
  });
});
