import { execFileSync, spawnSync } from 'child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'fs';
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

const STAND_INS = ['gh', 'helm', 'istioctl', 'kubectl', 'kustomize', 'npm', 'npx'];
const TOOLS = ['bash', 'cat', 'git', 'grep', 'head', 'mkdir', 'mktemp', 'rm', 'rmdir', 'sed', 'sh'];

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

/** What an exit code is: of a shell that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Everything that blocks are run with, in a folder of its own. */
export class Shell {
  private readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'guides-')));
  private readonly bin = join(this.folder, 'bin');

  public constructor() {
    mkdirSync(this.bin);
    const write = (name: string, line: string): void => {
      writeFileSync(join(this.bin, name), `#!/bin/sh\nexec ${line} "$@"\n`);
      chmodSync(join(this.bin, name), 0o755);
    };
    write('node', `"${process.execPath}"`);
    TOOLS.forEach(name => write(name, `"${execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()}"`));
    const command = compileCli(join(this.folder, 'package'));
    write('cdk8s-istio-mtls', `node "${command}"`);
    for (const name of ['cluster', 'programs']) {
      writeFileSync(join(this.folder, `package/${name}.js`), transpile(readFileSync(join(__dirname, `${name}.ts`), 'utf8')));
    }
    STAND_INS.forEach(name => write(name, `node "${join(this.folder, 'package/programs.js')}" ${name}`));
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** A folder with manifests, two states of them in git, a chart, a kustomization and what an app has written. */
  public workplace(broken: boolean, cluster: string = HEALTHY, dist: string = HEALTHY): string {
    const place = mkdtempSync(join(this.folder, 'place-'));
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
    write('before/all.yaml', HEALTHY);
    const now = broken ? BROKEN : HEALTHY;
    ['deploy/all.yaml', 'after/all.yaml', 'manifests/all.yaml', 'templates/all.yaml', 'overlays/prod/all.yaml'].forEach(file => write(file, now));
    write('Chart.yaml', 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
    write('overlays/prod/kustomization.yaml', 'resources: [all.yaml]\n');
    write('cluster.yaml', HEALTHY);
    write('dist/mesh.k8s.yaml', dist);
    write('mtls-results/comment.md', '<!-- cdk8s-istio-mtls diff of deploy -->\n## Istio mTLS: 1 new\n');
    git('add', '.');
    git('commit', '--quiet', '--message', 'change');
    // What kubectl reads is what has been changed where no other cluster is named.
    write('.git/cluster.yaml', cluster === HEALTHY ? now : cluster);
    return place;
  }

  public run(text: string, place: string, cwd = place): Ended {
    const file = join(place, '.git/block.sh');
    writeFileSync(file, text);
    const shell = text.startsWith('#!/bin/sh') ? ['sh'] : ['bash', '-euo', 'pipefail'];
    // The one block that takes an argument has it in the comment at its top.
    const args = text.includes('\nfile=$1\n') ? ['mtls-results/comment.md'] : [];
    const { status, stdout, stderr } = spawnSync(join(this.bin, shell[0]), [...shell.slice(1), file, ...args], {
      cwd, encoding: 'utf8', env: { ...ENV, HOME: place, PATH: this.bin, GUIDES_ROOT: ROOT, GUIDES_CLUSTER: join(place, '.git/cluster.yaml') },
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
  expect(shell.run(text, healthy, isInClone ? ROOT : healthy)).toMatchObject({ code: 0, err: '' });
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
