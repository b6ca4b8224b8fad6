import { spawnSync } from 'child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parse } from 'yaml';
import { compileCli } from './compile-cli';
import { sarifErrors } from './report/sarif-schema';

/*
 * The scripts of ci/, the action and the pipelines, run as CI runs them: in a git
 * repository, by a shell, with the command line as a program of its own.
 */
const ROOT = join(__dirname, '..');
const CI = join(ROOT, 'ci');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ci-')));
const REPOSITORY = join(folder, 'repository');
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

const GIT = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com' };

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ran {
  const { PATH, HOME } = process.env;
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: REPOSITORY, encoding: 'utf8', env: { PATH, HOME, ...GIT, ...COMMAND, ...env } });
  return { status, out: stdout, err: stderr };
}

function git(...args: string[]): string {
  const { status, out, err } = run('git', args);
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${err}`);
  return out.trim();
}

const COMMAND: { MTLS_COMMAND?: string } = {};
const result = (name: string): string => readFileSync(join(REPOSITORY, 'mtls-results', name), 'utf8');

/** The repository: `main` has a healthy mesh, `good` adds a workload, `bad` takes mTLS from a STRICT server's clients. */
beforeAll(() => {
  COMMAND.MTLS_COMMAND = `${process.execPath} ${compileCli(join(folder, 'package'))}`;
  const write = (name: string, text: string): void => {
    mkdirSync(join(REPOSITORY, 'deploy'), { recursive: true });
    writeFileSync(join(REPOSITORY, 'deploy', name), text);
  };
  const deployment = (name: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: shop}\nspec: {template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: ${name}}]}}}\n`;
  write('mesh.yaml', [
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n',
    deployment('web'), deployment('cart'),
    'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}\n',
    'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: STRICT}}\n',
  ].join('---\n'));
  git('init', '--quiet', '--initial-branch=main');
  const commit = (message: string): void => {
    git('add', 'deploy');
    git('commit', '--quiet', '--message', message);
  };
  commit('a mesh');
  git('checkout', '--quiet', '-b', 'good');
  write('stock.yaml', deployment('stock'));
  commit('one more workload');
  git('checkout', '--quiet', '-b', 'bad', 'main');
  write('plain.yaml', 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: plain, namespace: shop}\n'
    + 'spec: {host: web.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}\n');
  commit('plaintext');
  for (const script of ['mtls.sh', 'code-quality.mjs', 'github-comment.sh']) {
    cpSync(join(CI, script), join(REPOSITORY, 'ci', script));
  }
});

beforeEach(() => rmSync(join(REPOSITORY, 'mtls-results'), { recursive: true, force: true }));

const check = (branch: string, env: NodeJS.ProcessEnv = {}): Ran => {
  git('checkout', '--quiet', branch);
  return run('sh', ['ci/mtls.sh'], { MTLS_PATH: 'deploy', MTLS_BASE: 'main', ...env });
};

describe('the shell script', () => {
  it('lets a good change pass, and says what it does', () => {
    const { status, out, err } = check('good');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('no errors, no warnings; 6 objects read from 2 files');
    expect(out).toContain('Deployment shop/stock (added)');
    expect(result('comment.md')).toMatch(/^<!-- cdk8s-istio-mtls diff of deploy -->\n## Istio mTLS: 1 new\n/);
    expect(sarifErrors(JSON.parse(result('mtls.sarif')))).toEqual([]);
  });

  it('refuses a bad one with the finding and the call that breaks', () => {
    const { status, out, err } = check('bad');
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toContain('error MTLS201 plaintext-client-to-strict-server\n    at    deploy/plain.yaml:4:64');
    expect(out).toContain('broken: calls that worked and fail now\n  DestinationRule shop/plain (added)');
    expect(out).toContain('shop/cart -> web.shop.svc.cluster.local:80 (shop/web): mtls -> fail');
    expect(result('comment.md')).toContain('### broken: calls that worked and fail now');
    expect(result('summary.md')).toContain('## Istio mTLS: 1 error');
    const sarif = JSON.parse(result('mtls.sarif'));
    expect(sarifErrors(sarif)).toEqual([]);
    expect(sarif.runs[0].results).toMatchObject([{ ruleId: 'MTLS201', locations: [{ physicalLocation: { artifactLocation: { uri: 'deploy/plain.yaml' } } }] }]);
  });

  it('fails on what it is told to fail on', () => {
    expect(check('bad', { MTLS_FAIL_ON: 'never', MTLS_DIFF_FAIL_ON: 'never' }).status).toBe(0);
    expect(check('bad', { MTLS_FAIL_ON: 'never' }).status).toBe(1);
  });

  it('prints annotations for GitHub', () => {
    expect(check('bad', { MTLS_FORMAT: 'github' }).out).toMatch(/^::error file=deploy\/plain\.yaml,line=4,col=64,title=MTLS201/);
  });

  it('compares nothing without a revision', () => {
    expect(check('bad', { MTLS_BASE: '' }).status).toBe(1);
    expect(readdirSync(join(REPOSITORY, 'mtls-results')).sort()).toEqual(['mtls.sarif', 'summary.md']);
  });

  it.each(['./deploy/', '.'])('takes %s as the path', path => {
    const { status, out } = check('good', { MTLS_PATH: path });
    expect(status).toBe(0);
    expect(out).toMatch(/; 5 objects before, 6 after/);
  });

  it('counts manifests of another place', () => {
    git('checkout', '--quiet', 'bad');
    const { status, out } = run('sh', ['ci/mtls.sh'], { MTLS_PATH: 'deploy/plain.yaml', MTLS_CONTEXT: 'deploy/mesh.yaml', MTLS_BASE: 'main' });
    expect(status).toBe(1);
    expect(out).toContain('error MTLS201');
    // The file is new: it is compared with nothing.
    expect(out).toContain('0 objects before, 1 after');
  });

  it('ends with 2 where something cannot be read', () => {
    const hint = 'error: this clone has no revision "HEAD~9"; fetch it (GitHub: fetch-depth: 2 of actions/checkout, GitLab: GIT_DEPTH: 0)\n';
    expect(check('good', { MTLS_BASE: 'HEAD~9' })).toMatchObject({ status: 2, err: hint });
    expect(check('good', { MTLS_BASE: '--all' })).toMatchObject({ status: 2 });
    expect(check('good', { MTLS_PATH: 'nowhere' })).toMatchObject({ status: 2, err: expect.stringContaining('nowhere') });
    expect(check('good', { MTLS_FAIL_ON: 'nonsense', MTLS_DIFF_FAIL_ON: 'nonsense' })).toMatchObject({ status: 2, err: expect.stringContaining('Allowed') });
    // Nothing is left that would be uploaded or commented.
    expect(readdirSync(join(REPOSITORY, 'mtls-results'))).toEqual([]);
    expect(check('good', { MTLS_PATH: REPOSITORY })).toMatchObject({ status: 2, err: expect.stringContaining('give a path from the working directory') });
    expect(check('good', { MTLS_COMMAND: 'no-such-command' })).toMatchObject({ status: 2, err: expect.stringContaining('is Node.js there, and the package?') });
    writeFileSync(join(REPOSITORY, 'deploy/torn.yaml'), 'a: [');
    const { status, err } = check('bad');
    rmSync(join(REPOSITORY, 'deploy/torn.yaml'));
    expect({ status, err }).toMatchObject({ status: 2, err: expect.stringContaining('torn.yaml:1') });
  });

  it('takes nothing in a name for a command', () => {
    const name = '$(touch pwned) `touch pwned` ; touch pwned';
    expect(check('good', { MTLS_PATH: name }).status).toBe(2);
    expect(check('good', { MTLS_BASE: name }).status).toBe(2);
    expect(check('good', { MTLS_CONTEXT: name }).status).toBe(2);
    expect(existsSync(join(REPOSITORY, 'pwned'))).toBe(false);
  });
});

describe('the comment on GitHub', () => {
  /** `gh` that writes down what it is asked, and lists these comments. */
  const comment = (listed: string, text = '## Istio mTLS: 1 new'): { asked: string[]; ran: Ran } => {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    const log = join(folder, 'asked.txt');
    writeFileSync(log, '');
    writeFileSync(join(bin, 'gh'), `#!/bin/sh\nprintf '%s\\n' "$*" >> "${log}"\ncase "$*" in *--jq*) printf '%s' "$LISTED" ;; esac\n`);
    chmodSync(join(bin, 'gh'), 0o755);
    writeFileSync(join(REPOSITORY, 'comment.md'), `<!-- cdk8s-istio-mtls diff of deploy -->\n${text}\n`);
    const ran = run('sh', ['ci/github-comment.sh', 'comment.md'], { PATH: `${bin}:${process.env.PATH}`, LISTED: listed, GITHUB_REPOSITORY: 'o/r', PULL_REQUEST: '12' });
    return { ran, asked: readFileSync(log, 'utf8').trim().split('\n').slice(1) };
  };

  it('is new where there is none', () => {
    const { asked, ran } = comment('');
    expect(ran).toMatchObject({ status: 0, out: 'commented\n', err: '' });
    expect(asked).toEqual(['api --method POST repos/o/r/issues/12/comments --field body=@comment.md --silent']);
  });

  it('is brought up to date where there is one, and no other is touched', () => {
    const { asked } = comment('7 <!-- cdk8s-istio-mtls diff of other -->\n8 hello\n9 <!-- cdk8s-istio-mtls diff of deploy -->\n10 <!-- cdk8s-istio-mtls diff of deploy -->\n');
    expect(asked).toEqual(['api --method PATCH repos/o/r/issues/comments/9 --field body=@comment.md --silent']);
  });

  it('is not made to say that nothing changed, but says so where it is there', () => {
    expect(comment('', '## Istio mTLS: nothing changed').asked).toEqual([]);
    expect(comment('9 <!-- cdk8s-istio-mtls diff of deploy -->', '## Istio mTLS: nothing changed').asked).toHaveLength(1);
  });
});

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Record<string, string>;
  readonly with?: Record<string, unknown>;
}
const yaml = (path: string): any => parse(readFileSync(join(ROOT, path), 'utf8'));

describe('the action', () => {
  const action = yaml('action.yml');
  const steps = action.runs.steps as Step[];

  it('puts no value into a script', () => {
    expect(steps.filter(step => step.run?.includes('${{'))).toEqual([]);
    expect(readFileSync(join(ROOT, 'action.yml'), 'utf8')).not.toMatch(/github\.(head_ref|event\.pull_request\.(title|body|head\.(ref|label)))|event\.commits/);
  });

  it('uses every input, and none that it has not', () => {
    const used = [...JSON.stringify(steps).matchAll(/inputs\.([a-z-]+)/g)].map(match => match[1]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(action.inputs).sort());
  });

  it('has its inputs in the guide', () => {
    const rows = [...readFileSync(join(ROOT, 'docs/guide/ci.md'), 'utf8').matchAll(/^\| `([a-z-]+)` \| .* \| (.*) \|$/gm)];
    expect(rows.map(([, name]) => name)).toEqual(Object.keys(action.inputs));
    for (const [, name, value] of rows.filter(row => row[2].startsWith('`'))) {
      expect([name, value]).toEqual([name, `\`${action.inputs[name].default}\``]);
    }
  });

  it('writes only where the token may write', () => {
    const writing = steps.filter(step => step.uses !== undefined || step.env?.GH_TOKEN !== undefined);
    expect(writing).toHaveLength(2);
    writing.forEach(step => expect(step.if).toContain("steps.mtls.outputs.writes == 'true'"));
    // After findings too, which fail the first step.
    writing.forEach(step => expect(step.if).toContain('!cancelled()'));
  });

  it.each([['good', 0], ['bad', 1]] as const)('ends on the %s branch with %d, and leaves what the next steps need', (branch, expected) => {
    git('checkout', '--quiet', branch);
    const temporary = mkdtempSync(join(folder, 'runner-'));
    const [output, summary] = ['output', 'summary'].map(name => join(temporary, name));
    // What GitHub would put in the place of the expressions.
    const values: Record<string, string> = {
      'inputs.path': 'deploy',
      'inputs.context': '',
      'inputs.base': 'HEAD^1',
      'inputs.fail-on': action.inputs['fail-on'].default,
      'inputs.diff-fail-on': action.inputs['diff-fail-on'].default,
      'inputs.version': 'latest',
      'github.action_path': ROOT,
    };
    const env = Object.fromEntries(Object.entries(steps[0].env!).map(([name, value]) =>
      [name, value.replace(/^\$\{\{ (.*) \}\}$/, (_, expression: string) => values[expression] ?? 'true')]));
    const { status, out } = run('sh', ['-e', '-c', steps[0].run!], { ...env, RUNNER_TEMP: temporary, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary });
    expect(status).toBe(expected);
    expect(out.includes('::error file=deploy/plain.yaml')).toBe(branch === 'bad');
    const outputs = parse(readFileSync(output, 'utf8').replaceAll('=', ': '));
    expect(outputs).toEqual({ writes: true, sarif: expect.stringMatching(/\/mtls\.sarif$/), comment: expect.stringMatching(/\/comment\.md$/) });
    expect(sarifErrors(JSON.parse(readFileSync(outputs.sarif, 'utf8')))).toEqual([]);
    expect(readFileSync(outputs.comment, 'utf8')).toMatch(/^<!-- cdk8s-istio-mtls diff of deploy -->\n## /);
    expect(readFileSync(summary, 'utf8')).toContain(branch === 'bad' ? '### broken' : '### new');
  });
});

describe('the workflow for GitHub', () => {
  const workflow = yaml('ci/github-workflow.yml');

  it('runs with the permissions that it needs, on code that it does not trust', () => {
    expect(Object.keys(workflow.on)).toEqual(['pull_request', 'push']);
    expect(workflow.permissions).toEqual({});
    expect(workflow.jobs.mtls.permissions).toEqual({ 'contents': 'read', 'pull-requests': 'write', 'security-events': 'write' });
  });

  it('gives the action inputs that it has, and the commit to compare with', () => {
    const [checkout, action] = workflow.jobs.mtls.steps as Step[];
    expect(checkout.with).toEqual({ 'fetch-depth': 2, 'persist-credentials': false });
    expect(Object.keys(yaml('action.yml').inputs)).toEqual(expect.arrayContaining(Object.keys(action.with!)));
  });
});

describe('the pipeline for GitLab', () => {
  const job = yaml('ci/gitlab-ci.yml')['istio-mtls'];
  const lines = (list: string[], env: NodeJS.ProcessEnv): Ran => run('sh', ['-e', '-c', list.join('\n')], { ...job.variables, ...env });

  it('compares a merge request with the commit that it started from, and reports the findings', () => {
    git('checkout', '--quiet', 'bad');
    expect(lines(job.script, { CI_MERGE_REQUEST_DIFF_BASE_SHA: git('rev-parse', 'main') }).status).toBe(1);
    expect(lines(job.after_script, {})).toMatchObject({ status: 0, err: '' });
    const [issue, ...others] = JSON.parse(readFileSync(join(REPOSITORY, job.artifacts.reports.codequality), 'utf8'));
    expect(others).toEqual([]);
    expect(issue).toEqual({
      description: expect.stringContaining('MTLS201: tls.mode DISABLE sends plaintext'),
      check_name: 'MTLS201',
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      severity: 'critical',
      location: { path: 'deploy/plain.yaml', lines: { begin: 4 } },
    });
  });

  it('checks a branch without comparing it', () => {
    git('checkout', '--quiet', 'good');
    expect(lines(job.script, {}).status).toBe(0);
    expect(existsSync(join(REPOSITORY, 'mtls-results/comment.md'))).toBe(false);
  });
});
