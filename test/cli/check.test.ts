import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { run } from './run';
import { expectGoldenText } from '../golden';
import { sarifErrors } from '../report/sarif-schema';

/** From the folder of the repository, so that the output is the same on every machine. */
const SHOP = 'test/cli/check/shop.yaml';
const NAMESPACE = 'test/cli/check/namespace.yaml';
/** Other rules have their own tests; these three make every part of the output appear. */
const RULES = ['--rule', 'MTLS102,MTLS109', '--rule', 'mtls502'];

const folder = mkdtempSync(join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const policy = (spec: string, annotations = '{}'): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop, annotations: ${annotations}}\nspec: ${spec}\n`;
const HEALTHY = policy('{mtls: {mode: STRICT}}');
const WEAK = policy('{}'); // A warning (MTLS109).
const WRONG = policy('{mtls: {mode: STRICTT}}'); // An error (MTLS113).

describe('every format', () => {
  it.each(['text', 'json', 'sarif', 'github', 'markdown'])('%s is as agreed', format => {
    const { code, out, err } = run(['check', '--format', format, ...RULES, '--show-acknowledged', SHOP]);
    expect([code, err]).toEqual([1, '']);
    // How many rules there are is nothing that a new rule should have to change here.
    const text = out.replace(/of \d+ rules/, 'of all rules').replace(/"allRules": \d+/, '"allRules": 0');
    expectGoldenText(join(__dirname, 'golden', `check.${format}`), text);
  });

  it('SARIF of all rules is valid', () => {
    const { out } = run(['check', '--format', 'sarif', SHOP, 'no/such/file']);
    expect(sarifErrors(JSON.parse(out))).toEqual([]);
  });

  it('has colours where the terminal wants them, and only in text', () => {
    expect(run(['check', SHOP], '', { isColoured: true }).out).toContain('\u001b[31m\u001b[1merror');
    expect(run(['check', '--format', 'markdown', SHOP], '', { isColoured: true }).out).not.toContain('\u001b');
  });
});

describe('the exit code', () => {
  it.each<[number, string, string[]]>([
    [0, HEALTHY, []], [0, WEAK, []], [1, WRONG, []],
    [1, WEAK, ['--fail-on', 'warning']], [1, WEAK, ['--fail-on', 'info']], [0, WRONG, ['--fail-on', 'never']],
    [0, WRONG, ['--ignore', 'MTLS113']], [0, WRONG, ['--rule', 'MTLS109']],
  ])('is %i for %j with %j', (expected, yaml, options) => {
    expect(run(['check', '-', '--closed-world', ...options], yaml).code).toBe(expected);
  });

  it('is 2 for input that cannot be read, whatever was found in the rest', () => {
    const { code, out, err } = run(['check', '-', 'no/such/folder', '--fail-on', 'never'], WRONG);
    expect(code).toBe(2);
    expect(err).toBe('error: no/such/folder: no such file or folder; check the path\n');
    expect(out).toContain('error MTLS113');
    expect(out).toContain('not judged: 1 part of the input, because it could not be read\n');
  });

  it('does not count what was acknowledged', () => {
    const acknowledged = policy('{}', '{cdk8s-istio-mtls/acknowledge: "MTLS109: on purpose"}');
    const { code, out } = run(['check', '-', '--fail-on', 'warning'], acknowledged);
    expect([code, out]).toEqual([0, expect.stringMatching(/^no errors, no warnings, 1 acknowledged; /)]);
    expect(run(['check', '-', '--show-acknowledged'], acknowledged).out).toContain('    ack   on purpose\n');
  });
});

describe('what is judged', () => {
  it('is not what stands in the context, even in the same folder', () => {
    expect(run(['check', '-', '--context', file('weak.yaml', WEAK), '--fail-on', 'warning'], '').out)
      .toMatch(/^no errors, no warnings; 0 objects read from 2 files \(and 1 object as context\)/);
    expect(run(['check', folder, '--context', file('weak.yaml', WEAK)]).out).toMatch(/0 objects read from 1 file \(and 1 object as context\)/);
  });

  it('outweighs its older state in the context', () => {
    const { out } = run(['check', '-', '--context', file('old.yaml', WEAK)], HEALTHY);
    expect(out).toMatch(/^no errors, no warnings; 1 object read/);
  });

  it('can hang on a Namespace that is not in the input, and says so', () => {
    expect(run(['check', SHOP]).out).toMatch(/^not judged: whether 1 workload of namespace shop has a proxy, because that Namespace is not in the input; /m);
    expect(run(['check', SHOP, '--context', NAMESPACE]).out).not.toContain('not judged');
    expect(run(['check', SHOP, '--closed-world']).out).not.toContain('not judged');
  });

  it('leaves acknowledgements alone whose rule is not asked for', () => {
    const acknowledged = policy('{}', '{cdk8s-istio-mtls/acknowledge: "MTLS109: on purpose"}');
    expect(run(['check', '-', '--ignore', 'MTLS109'], acknowledged).out).not.toContain('MTLS901');
  });

  it('includes exceptions past their end, today or on a given day', () => {
    const exception = policy('{mtls: {mode: PERMISSIVE}}', '{cdk8s-istio-mtls/expires: "2026-06-30"}');
    expect(run(['check', '-', '--today', '2026-06-30', '--rule', 'MTLS308'], exception).code).toBe(0);
    expect(run(['check', '-', '--today', '2026-07-01', '--rule', '308'], exception).code).toBe(1);
    expect(run(['check', '-', '--rule', 'exception-expired'], exception.replace('2026-06-30', '2020-01-01')).code).toBe(1);
  });
});

describe('the settings file', () => {
  const settings = (text: string) => run(['check', '-', '--format', 'json', '--settings', file('mesh.yaml', text)], '');

  it('states the facts of the mesh, and options outweigh it', () => {
    const text = 'autoMtls: false\nrootNamespace: mesh\nminProtocolVersion: TLSV1_3\nopenWorld: false\nsidecarHbone: true\n';
    expect(JSON.parse(settings(text).out)).toMatchObject({
      settings: { enableAutoMtls: false, rootNamespace: 'mesh', minProtocolVersion: 'TLSV1_3', openWorld: false, sidecarHbone: true },
    });
    const { out } = run(['check', '-', '--format', 'json', '--settings', file('mesh.yaml', text), '--auto-mtls', 'true'], '');
    expect(JSON.parse(out)).toMatchObject({ settings: { enableAutoMtls: true, rootNamespace: 'mesh', openWorld: false } });
    expect(settings('# nothing yet\n').code).toBe(0);
  });

  it.each<[string, RegExp]>([
    ['autoMTLS: false', /mesh\.yaml:1:1: unknown setting "autoMTLS"; did you mean autoMtls\?\n$/],
    ['ambient: true\nroot: x', /mesh\.yaml:2:1: unknown setting "root"; the settings are autoMtls, rootNamespace, /],
    ['context: []', /"context" is no setting here; name the files or folders with --context\n$/],
    ['ambient: "yes"', /mesh\.yaml:1:1: ambient must be true or false, got "yes"\n$/],
    ['rootNamespace: Mesh_1', /rootNamespace must be a name of small letters, digits and "-", got "Mesh_1"\n$/],
    ['outboundTrafficMode: ALLOW', /outboundTrafficMode must be ALLOW_ANY or REGISTRY_ONLY, got "ALLOW"\n$/],
    ['- autoMtls', /mesh\.yaml: the settings must be a mapping, as in "autoMtls: false"\n$/],
    ['a: 1\n---\nb: 2', /mesh\.yaml: 2 documents; the settings of a mesh are one\n$/],
    ['a: [', /mesh\.yaml:1:\d+: a "\{" or "\[" is never closed; close it\n$/],
  ])('refuses %j', (text, message) => {
    const { code, out, err } = settings(text);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it('must be there', () => {
    expect(run(['check', '-', '--settings', 'no/such.yaml']).err).toBe('error: no/such.yaml: no such file; check the path given to --settings\n');
  });
});

describe('wrong usage', () => {
  it.each<[string, string[], RegExp]>([
    ['no input', [], /missing required argument 'paths'/],
    ['an unknown format', ['--format', 'xml', SHOP], /Allowed choices are text, json, sarif, github, markdown\./],
    ['an unknown severity', ['--fail-on', 'warn', SHOP], /Allowed choices are error, warning, info, never\./],
    ['an unknown rule', ['--rule', 'MTLS1O2', SHOP], /^error: no rule "MTLS1O2"; did you mean MTLS102/],
    ['an unknown rule to ignore', ['--ignore', 'x', SHOP], /^error: no rule "x"; `explain --list` lists them\n$/],
    ['no rule left', ['--rule', 'MTLS102', '--ignore', 'MTLS102', SHOP], /^error: --rule and --ignore leave no rule; name other codes\n$/],
    ['a day that is none', ['--today', '2026-02-30', SHOP], /Allowed is a date as YYYY-MM-DD\./],
    ['an unknown mode', ['--floor', 'DISABLE', SHOP], /Allowed choices are STRICT, PERMISSIVE\./],
    ['the standard input twice', ['-', '--context', '-'], /^error: the standard input can be judged or be context, not both/],
    ['a mistyped option', ['--formt', 'json', SHOP], /Did you mean --format\?/],
  ])('%s is exit code 2, and says what is right', (_, args, message) => {
    const { code, out, err } = run(['check', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it('help has examples and is no error', () => {
    const { code, out } = run(['check', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('helm template . | cdk8s-istio-mtls check -');
  });
});

it('is not led astray by a field that is called as a method of JavaScript', () => {
  const odd = '{toString: 2, valueOf: 3}';
  const { code, out, err } = run(['check', '--format', 'json', '-'], [
    `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a, namespace: b}\nspec: {host: ${odd}, trafficPolicy: {tls: {mode: ${odd}}}}`,
    `apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b, ownerReferences: [{controller: true, kind: ${odd}, name: ${odd}}]}\nspec: {containers: [{name: a}]}`,
    `apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\nspec: {type: ${odd}, ports: [{port: 80, targetPort: ${odd}}]}`,
  ].join('\n---\n'));
  expect([code, err]).toEqual([1, '']);
  expect(out).toContain('MTLS113');
});
