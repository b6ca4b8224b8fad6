import { execFileSync, spawnSync } from 'child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { ROOT } from '../../tools/rule-files';
import { compileCli, transpile } from '../compile-cli';
import { Block, read } from './blocks';
import { Cluster, idOf, things } from './cluster';

/*
 * Runs a whole block of a shell as it stands on the page, in a folder that has what the pages name. `cdk8s-istio-mtls` is the real
 * command, git and a few tools are those of the machine, and the programs that need a cluster, a network or a toolchain are the
 * stand-ins of programs.ts. The PATH has nothing else: a program that nobody thought of is not found, and the block fails.
 */

const STAND_INS = ['gh', 'helm', 'istioctl', 'kubectl', 'kustomize', 'npm'];
const TOOLS = ['bash', 'cat', 'git', 'grep', 'head', 'mkdir', 'mktemp', 'rm', 'rmdir', 'sed', 'sh'];

/** Runs our command, as the real one does once the package is there. */
const NPX = `case $1 in --yes | -y | --no) shift ;; esac
if [ "$1" != cdk8s-istio-mtls ]; then
  echo "npm error could not determine executable to run: $1" >&2
  exit 3
fi
exec "$@"`;

/** What both states of the manifests have: the second has a caller without a proxy, whose calls fail. */
const BROKEN = read('docs/guide/check/caller.yaml');
const HEALTHY = BROKEN.replace('metadata: {name: jobs}', 'metadata: {name: jobs, labels: {istio-injection: enabled}}');

const ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  ...Object.fromEntries(['GIT_AUTHOR', 'GIT_COMMITTER'].flatMap(who => [[`${who}_NAME`, 'a'], [`${who}_EMAIL`, 'a@example.com']])),
  // What CI tells the scripts.
  MTLS_PATH: 'deploy',
  MTLS_BASE: 'main',
  GITHUB_STEP_SUMMARY: 'summary.md',
  GITHUB_REPOSITORY: 'owner/name',
  PULL_REQUEST: '12',
  GH_TOKEN: 'none',
};

/** How a shell ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Everything that blocks are run with, in a folder of its own. */
export class Shell {
  private readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'guides-')));
  private readonly bin = join(this.folder, 'bin');

  /** The folders of both states, of which each block gets a copy. */
  private readonly templates: { readonly [state: string]: string };

  public constructor() {
    mkdirSync(this.bin);
    const write = (name: string, lines: string): void => {
      writeFileSync(join(this.bin, name), `#!/bin/sh\n${lines}\n`);
      chmodSync(join(this.bin, name), 0o755);
    };
    symlinkSync(process.execPath, join(this.bin, 'node'));
    for (const name of TOOLS) {
      symlinkSync(execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(this.bin, name));
    }
    const command = compileCli(join(this.folder, 'package'));
    write('cdk8s-istio-mtls', `exec node "${command}" "$@"`);
    write('npx', NPX);
    for (const name of ['cluster', 'programs']) {
      writeFileSync(join(this.folder, `package/${name}.js`), transpile(readFileSync(join(__dirname, `${name}.ts`), 'utf8')));
    }
    STAND_INS.forEach(name => write(name, `exec node "${join(this.folder, 'package/programs.js')}" ${name} "$@"`));
    this.templates = { healthy: this.template(HEALTHY), broken: this.template(BROKEN) };
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** A folder with manifests, two states of them in git, a chart and a kustomization. */
  private template(now: string): string {
    const place = mkdtempSync(join(this.folder, 'template-'));
    const write = (file: string, text: string): void => {
      mkdirSync(dirname(join(place, file)), { recursive: true });
      writeFileSync(join(place, file), text);
    };
    const git = (...args: string[]): void => { execFileSync('git', args, { cwd: place, env: { ...process.env, ...ENV } }); };
    write('deploy/all.yaml', HEALTHY);
    git('init', '--quiet', '--initial-branch=main');
    git('add', '.');
    git('commit', '--quiet', '--message', 'healthy');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    git('checkout', '--quiet', '-b', 'change');
    ['before/all.yaml', 'cluster.yaml'].forEach(file => write(file, HEALTHY));
    ['deploy/all.yaml', 'after/all.yaml', 'manifests/all.yaml', 'templates/all.yaml', 'overlays/prod/all.yaml'].forEach(file => write(file, now));
    write('Chart.yaml', 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
    write('overlays/prod/kustomization.yaml', 'resources: [all.yaml]\n');
    write('mtls-results/comment.md', '<!-- cdk8s-istio-mtls diff of deploy -->\n## Istio mTLS: 1 new\n');
    git('add', '.');
    git('commit', '--quiet', '--message', 'change');
    return place;
  }

  /** A copy of it, with what is in the cluster (the manifests, where nothing else is named) and what an app has written. */
  public workplace(broken: boolean, cluster = broken ? BROKEN : HEALTHY, dist = HEALTHY): string {
    const place = mkdtempSync(join(this.folder, 'place-'));
    cpSync(this.templates[broken ? 'broken' : 'healthy'], place, { recursive: true });
    mkdirSync(join(place, 'dist'));
    writeFileSync(join(place, 'dist/mesh.k8s.yaml'), dist);
    writeFileSync(join(place, '.git/cluster.yaml'), cluster);
    return place;
  }

  public run(text: string, place: string, { cwd = place, env = {} }: { cwd?: string; env?: Record<string, string> } = {}): Ended {
    const file = join(place, '.git/block.sh');
    writeFileSync(file, text);
    const shell = text.startsWith('#!/bin/sh') ? ['sh'] : ['bash', '-euo', 'pipefail'];
    // The one block that takes an argument has it in the comment at its top.
    const args = text.includes('\nfile=$1\n') ? ['mtls-results/comment.md'] : [];
    const { status, stdout, stderr } = spawnSync(join(this.bin, shell[0]), [...shell.slice(1), file, ...args], {
      cwd, encoding: 'utf8', env: { ...ENV, ...env, HOME: place, PATH: this.bin, GUIDES_ROOT: ROOT, GUIDES_CLUSTER: join(place, '.git/cluster.yaml') },
    });
    return { code: status, out: stdout, err: stderr };
  }
}

/** Commands that end with 1 where they find something; all others draw, list or change. */
const IS_GATE = /\bcdk8s-istio-mtls (check|diff) (?!.*--fail-on never)|^\$command check/m;

/** What is in the cluster and what the app has written, by the heading or sentence above a block of the migration. */
const STAGES: readonly (readonly [above: RegExp, cluster: string, dist: string])[] = [
  [/From NAMESPACES on to MESH/, 'test/golden/rollout-namespaces-auto-mtls-off.yaml', 'test/golden/rollout-mesh-auto-mtls-off.yaml'],
  [/From MESH back to NAMESPACES/, 'test/golden/rollout-mesh-auto-mtls-off.yaml', 'test/golden/rollout-namespaces-auto-mtls-off.yaml'],
  [/^## 4\. Mesh$/m, 'examples/migration/namespaces/expected.k8s.yaml', 'examples/migration/mesh/expected.k8s.yaml'],
  [/^## 3\. Namespaces$/m, 'examples/migration/namespaces/expected.k8s.yaml', 'examples/migration/namespaces/expected.k8s.yaml'],
  [/^## 2\. Cure what blocks$/m, 'examples/migration/joined/expected.k8s.yaml', 'examples/migration/joined/expected.k8s.yaml'],
  [/^## 1\. Onboard$/m, 'examples/migration/onboard/expected.k8s.yaml', 'examples/migration/onboard/expected.k8s.yaml'],
];

const ids = (text: string): string[] => things(text).map(idOf).sort();

/** Runs a block: it succeeds with healthy manifests, and ends with 1 with broken ones where it is a gate. */
export function runShell(shell: Shell, { page, text, before }: Block): void {
  const stage = page.endsWith('migrating-to-strict.md') ? STAGES.find(([above]) => above.test(before)) : undefined;
  const [, cluster, dist] = stage === undefined ? [] : stage.map(file => typeof file === 'string' ? read(file) : '');
  // What is told to those who have a clone is run in it. No stand-in writes anything.
  const isInClone = /^npm (ci|run|test)\b/m.test(text);
  const healthy = shell.workplace(false, cluster, dist);
  expect(shell.run(text, healthy, { cwd: isInClone ? ROOT : healthy })).toMatchObject({ code: 0, err: '' });
  if (/^kubectl delete/m.test(text)) {
    // What the page has removed is what the app does not write any more, and nothing else.
    expect(new Cluster(join(healthy, '.git/cluster.yaml')).all().filter(({ kind }) => kind !== 'Pod').map(idOf).sort()).toEqual(ids(dist!));
  }
  if (/cdk8s-istio-mtls /.test(text) && !isInClone && !/^npm /m.test(text)) {
    const isGate = IS_GATE.test(text);
    const { code, out, err } = shell.run(text, shell.workplace(true));
    expect({ code, err }).toEqual({ code: isGate ? 1 : 0, err: '' });
    if (isGate) expect(out).toMatch(/MTLS206|broken: calls that worked and fail now/);
  }
}
