import { execFileSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { run } from './run';
import { expectGoldenText } from '../golden';

const BEFORE = 'test/cli/diff/before';
const AFTER = 'test/cli/diff/after';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'diff-')));
afterAll(() => rmSync(folder, { recursive: true }));

describe('every format', () => {
  it.each(['text', 'json', 'markdown'])('%s is as agreed', format => {
    const { code, out, err } = run(['diff', '--format', format, BEFORE, AFTER]);
    expect([code, err]).toEqual([1, '']);
    expectGoldenText(join(__dirname, 'golden', `diff.${format}`), out);
  });

  it('has colours where the terminal wants them, and only in text', () => {
    expect(run(['diff', BEFORE, AFTER], '', { isColoured: true }).out).toContain('\u001b[31m\u001b[1mbroken');
    expect(run(['diff', '--format', 'markdown', BEFORE, AFTER], '', { isColoured: true }).out).not.toContain('\u001b');
  });

  it('lets no name become markup, a mention or a control character', () => {
    const file = join(folder, 'names.yaml');
    writeFileSync(file, 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: "<b>@team\\e[1m\\n- x", namespace: shop}\nspec: {template: {metadata: {}, spec: {containers: [{name: x}]}}}\n');
    const empty = join(folder, 'empty.yaml');
    writeFileSync(empty, '');
    const { out } = run(['diff', '--format', 'markdown', empty, file]);
    expect(out).toContain('**Deployment shop/&lt;b&gt;&#64;team\\\\u001b\\[1m - x**');
    expect(run(['diff', empty, file]).out).not.toContain('\u001b');
  });

  it('is as long as a comment may be', () => {
    const many = Array.from({ length: 700 }, (_, i) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: workload-with-a-long-name-${i}, namespace: shop}\nspec: {template: {metadata: {}, spec: {containers: [{name: x}]}}}\n`);
    const file = join(folder, 'many.yaml');
    writeFileSync(file, many.join('---\n'));
    const { out } = run(['diff', '--format', 'markdown', BEFORE, file]);
    expect(out.length).toBeLessThan(65_536);
    expect(out).toMatch(/\n\d+ more changes left out, because a comment cannot hold them\.\n/);
  });
});

describe('the exit code', () => {
  const policy = (mode: string, annotations = '{}'): string => {
    const file = join(folder, `${mode}${annotations.length}.yaml`);
    writeFileSync(file, `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system, annotations: ${annotations}}\n`
      + `spec: {mtls: {mode: ${mode}}}\n`);
    return file;
  };
  const reason = '{cdk8s-istio-mtls/reason: "a migration"}';

  it.each<[number, string, string, string[]]>([
    [0, policy('STRICT'), policy('STRICT'), []],
    [1, policy('STRICT'), policy('PERMISSIVE'), []],
    [0, policy('PERMISSIVE'), policy('STRICT'), []],
    [1, policy('PERMISSIVE'), policy('STRICT'), ['--fail-on', 'strengthened,new']],
    [0, policy('STRICT'), policy('PERMISSIVE'), ['--fail-on', 'broken']],
    [0, policy('STRICT'), policy('PERMISSIVE'), ['--fail-on', 'never']],
    [1, policy('STRICT'), policy('PERMISSIVE', reason), []],
    [0, policy('STRICT'), policy('PERMISSIVE', reason), ['--allow-reasons']],
    [1, policy('STRICT'), policy('PERMISSIVE'), ['--allow-reasons']],
    [2, policy('STRICT'), policy('PERMISSIVE'), ['--fail-on', 'worse']],
    [2, policy('STRICT'), policy('PERMISSIVE'), ['--fail-on', 'never,broken']],
    [2, policy('STRICT'), join(folder, 'nothing'), []],
    [2, '-', policy('STRICT'), []],
  ])('is %i for %s and %s with %j', (expected, before, after, options) => {
    expect(run(['diff', before, after, ...options]).code).toBe(expected);
  });

  it('says what could not be read', () => {
    const { err, out } = run(['diff', policy('STRICT'), 'no/such/folder']);
    expect(err).toBe('error: no/such/folder: no such file or folder; check the path\n');
    expect(out).toContain('not judged: 1 part of the input, because it could not be read\n');
  });

  it('takes what the context holds as being on both sides', () => {
    expect(run(['diff', policy('STRICT'), policy('PERMISSIVE'), '--context', join(BEFORE, 'mesh.yaml')]).out).toContain('accepts shop/orders: STRICT -> PERMISSIVE');
  });
});

describe('git revisions', () => {
  const repository = join(folder, 'repository');
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main', ...args], { cwd: repository, stdio: 'ignore' });
  };
  const here = process.cwd();

  beforeAll(() => {
    cpSync(BEFORE, join(repository, 'deploy'), { recursive: true });
    git('init');
    git('add', '.');
    git('commit', '-m', 'before');
    git('tag', 'v1');
    rmSync(join(repository, 'deploy'), { recursive: true });
    cpSync(AFTER, join(repository, 'deploy'), { recursive: true });
    mkdirSync(join(repository, 'deploy/.hidden'));
    writeFileSync(join(repository, 'deploy/.hidden/broken.yaml'), '{');
    writeFileSync(join(repository, 'deploy/notes.txt'), '{');
    // What an export would leave out counts all the same.
    writeFileSync(join(repository, '.gitattributes'), 'deploy/policies.yaml export-ignore\n');
    symlinkSync('../deploy/mesh.yaml', join(repository, 'deploy/link.yaml'));
    symlinkSync('/nowhere/else.yaml', join(repository, 'deploy/outside.yaml'));
    git('add', '.');
    git('commit', '-m', 'after');
  });
  beforeEach(() => process.chdir(repository));
  afterEach(() => process.chdir(here));

  it('say the same as the folders, with the names that git gives the files', () => {
    const { code, out } = run(['diff', 'v1:deploy', 'main:deploy/']);
    process.chdir(here);
    const folders = run(['diff', BEFORE, AFTER]);
    expect(code).toBe(folders.code);
    const named = out.replaceAll('v1:deploy', BEFORE).replaceAll('main:deploy/', `${AFTER}/`);
    // The link brings the six objects of its file a second time.
    expect(named.replace('15 after', '9 after')).toBe(folders.out);
  });

  it('can be compared with the working tree, and from a folder below', () => {
    expect(run(['diff', 'HEAD:deploy', 'deploy']).out).toMatch(/^nothing changed; /);
    process.chdir('deploy');
    expect(run(['diff', 'HEAD~1:./', 'main:./']).out).toContain('HEAD~1:./policies.yaml');
    expect(run(['diff', 'HEAD~1:./policies.yaml', 'policies.yaml', '--fail-on', 'never']).code).toBe(0);
    expect(run(['diff', 'HEAD:', 'HEAD:']).out).toMatch(/^nothing changed; /);
  });

  it('that are not there are wrong usage', () => {
    expect(run(['diff', 'v9:deploy', 'deploy'])).toEqual({
      code: 2, out: '', err: 'error: git knows no revision "v9"; check its name, and fetch it where it is on a remote\n',
    });
    expect(run(['diff', 'v1:deplox', 'deploy']).err).toMatch(/^error: there is no "deplox" in revision "v1"; paths count from the top/);
    expect(run(['diff', '--', '--output=x:deploy', 'deploy']).err).toMatch(/^error: git knows no revision "--output=x"/);
    process.chdir(folder);
    expect(run(['diff', 'v1:deploy', 'repository']).err).toBe('error: this is not a git repository; name folders instead of revisions\n');
  });
});
