import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { MtlsValidationPlugin, MtlsValidationPluginProps } from '../../src/validate';

interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly { readonly resourceName: string; readonly locations: readonly string[]; readonly manifestPath: string }[];
}

const folder = mkdtempSync(join(tmpdir(), 'plugin-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** Validates as cdk8s-cli does; `npm run test:cdk8s-cli` does it with cdk8s-cli itself. */
async function validate(yaml: string, props?: MtlsValidationPluginProps) {
  const manifest = file('app.k8s.yaml', yaml);
  const violations: Violation[] = [];
  const submitted: [status: string, metadata: object][] = [];
  await new MtlsValidationPlugin(props).validate({
    manifests: [manifest],
    report: {
      addViolation: (violation: Violation) => violations.push(violation),
      submit: (status: string, metadata: object) => submitted.push([status, metadata]),
    },
  });
  expect(submitted).toHaveLength(1);
  return { manifest, violations, status: submitted[0][0], metadata: submitted[0][1], codes: violations.map(one => one.ruleName.split(' ')[0]) };
}

const policy = (spec: string, metadata = 'name: web, namespace: shop'): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {${metadata}}\nspec: ${spec}\n`;
const WRONG = policy('{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}', 'name: web, namespace: istio-system');
const WEAK = policy('{}');
const EXPIRED = policy('{mtls: {mode: PERMISSIVE}}', 'name: web, namespace: shop, annotations: {cdk8s-istio-mtls/expires: "2026-06-30"}');

describe('the plugin for cdk8s-cli', () => {
  it('reports an error with object, field, line and fix', async () => {
    const { manifest, violations, status, metadata } = await validate(WRONG);
    expect(status).toBe('failure');
    expect(metadata).toMatchObject({ Objects: '1', Errors: '1', Warnings: '0', Acknowledged: '0' });
    expect(violations).toEqual([{
      ruleName: 'MTLS102 selector-in-root-namespace (error)',
      recommendation: expect.stringMatching(/^the policy selects app=web, .+ ignored\. Istio ignores it/),
      fix: expect.stringContaining('Move the policy'),
      violatingResources: [{ resourceName: 'web', locations: ['PeerAuthentication istio-system/web, spec.selector (line 4)'], manifestPath: manifest }],
    }]);
  });

  it('shows warnings, and fails on them when it is strict', async () => {
    expect(await validate(WEAK)).toMatchObject({ status: 'success', codes: ['MTLS109'], metadata: { Errors: '0', Warnings: '1' } });
    expect(await validate(WEAK, { strict: true })).toMatchObject({ status: 'failure', codes: ['MTLS109'] });
  });

  it('leaves out what was acknowledged in the manifest, and rules that are ignored', async () => {
    const acknowledged = policy('{}', 'name: web, namespace: shop, annotations: {cdk8s-istio-mtls/acknowledge: "MTLS109: on purpose"}');
    expect(await validate(acknowledged, { strict: true })).toMatchObject({ status: 'success', codes: [], metadata: { Acknowledged: '1' } });
    expect(await validate(WRONG, { ignore: ['MTLS102'] })).toMatchObject({ status: 'success', codes: [] });
  });

  it('takes facts of the mesh and context from its properties', async () => {
    expect(await validate(WRONG, { rootNamespace: 'mesh' })).toMatchObject({ codes: [] });
    const workload = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\nspec: {containers: [{name: web, image: web}]}\n';
    expect((await validate(workload)).metadata).toMatchObject({ 'Not judged': expect.stringContaining('namespace shop') });
    const context = [file('cluster.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n')];
    expect((await validate(workload, { context })).metadata).not.toHaveProperty('Not judged');
  });

  it('knows the day', async () => {
    expect(await validate(EXPIRED, { today: '2026-06-30' })).toMatchObject({ codes: [] });
    expect(await validate(EXPIRED, { today: '2026-07-01' })).toMatchObject({ codes: ['MTLS308'] });
    expect(await validate(EXPIRED.replace('2026', '2020'))).toMatchObject({ codes: ['MTLS308'] });
  });

  it('fails for a manifest that cannot be read', async () => {
    const { manifest, violations, status } = await validate('a: [');
    expect(status).toBe('failure');
    expect(violations).toMatchObject([{ ruleName: 'unreadable', violatingResources: [{ manifestPath: manifest, locations: ['line 1'] }] }]);
  });

  it.each<[object, string]>([
    [{ strikt: true }, 'unknown setting "strikt"; did you mean strict?'],
    [{ strict: 'yes' }, 'strict must be true or false, got "yes"'],
    [{ ignore: 'MTLS102' }, 'ignore must be a list of texts, got "MTLS102"'],
    [{ ignore: ['MTLS1023'] }, '"MTLS1023" is not the code of a rule; did you mean MTLS102'],
    [{ context: [1] }, 'context must be a list of texts, got [1]'],
    [{ today: 'now' }, 'today must be a date as YYYY-MM-DD, got "now"'],
    [{ autoMtls: 1 }, 'autoMtls must be true or false, got 1'],
  ])('refuses the properties %j', (props, message) => {
    expect(() => new MtlsValidationPlugin(props as MtlsValidationPluginProps)).toThrow(`MtlsValidationPlugin: ${message}`);
  });
});
