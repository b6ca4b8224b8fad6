import { readdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App, Chart, Include, JsonPatch, Lazy, Testing, YamlOutputType } from 'cdk8s';
import { IstioMesh } from '../../src/constructs';
import { MtlsMode } from '../../src/mesh/mtls-mode';
import { AppState } from '../../src/validate/app-state';
import { installValidation } from '../../src/validate/install';
import { MtlsValidation } from '../../src/validate/mtls-validation';
import { temporaryFolder } from '../temporary-folder';

function newApp(): App {
  return new App({ outdir: temporaryFolder('synth') });
}

function policy(chart: Chart, id: string, spec: any, metadata: any = {}): ApiObject {
  return new ApiObject(chart, id, {
    apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: id, namespace: `ns-${id}`, ...metadata }, spec,
  });
}

const STRICT = { mtls: { mode: 'STRICT' } };
const REFUSED = { mtls: { mode: 'strict' } };
const EMPTY = { mtls: {} };

/** What reaches stderr while `body` runs. */
function stderrOf(body: () => void): string {
  const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    body();
    return write.mock.calls.map(call => String(call[0])).join('');
  } finally {
    write.mockRestore();
  }
}

describe('an app that is installed', () => {
  it('does not synthesize while an error stands, and writes nothing', () => {
    const app = newApp();
    MtlsValidation.install(app);
    policy(new Chart(app, 'shop'), 'web', REFUSED);
    expect(() => app.synth()).toThrow(new Error([
      'Validation failed with the following errors:',
      '  [mtls-validation] error MTLS113 value-rejected',
      '      at    shop/web  (PeerAuthentication ns-web/web, spec.mtls.mode)',
      '      what  the API server refuses spec.mtls.mode ("strict"): Unsupported value',
      '      why   The API server answers the apply with this error and stores nothing, so that an older state stays in force or the object is missing. '
        + 'Where the webhook is down or switched off, istiod drops or misreads the object instead.',
      '      fix   Allowed: UNSET, DISABLE, PERMISSIVE, STRICT.',
      '      docs  docs/rules/mtls113.md',
    ].join('\n')));
    expect(readdirSync(app.outdir)).toEqual([]);
  });

  it('reports every error at once, in one order', () => {
    const app = newApp();
    MtlsValidation.install(app);
    policy(new Chart(app, 'b'), 'late', REFUSED);
    policy(new Chart(app, 'a'), 'early', REFUSED);
    expect(MtlsValidation.check(app).map(finding => finding.at.place)).toEqual(['a/early', 'b/late']);
  });

  it('sees objects that Include reads', () => {
    const app = newApp();
    const file = join(app.outdir, 'in.yaml');
    writeFileSync(file, 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: x, namespace: shop}\nspec: {mode: STRICT}\n');
    MtlsValidation.install(app);
    new Include(new Chart(app, 'c'), 'include', { url: file });
    expect(MtlsValidation.check(app).map(finding => finding.code)).toEqual(['MTLS111']);
  });

  it('synthesizes what is right, and the output is that of an app without validation', () => {
    const yaml = (install: boolean) => {
      const app = newApp();
      if (install) {
        MtlsValidation.install(app);
      }
      policy(new Chart(app, 'shop'), 'web', STRICT);
      return app.synthYaml();
    };
    expect(yaml(true)).toBe(yaml(false));
  });

  it('fails in Testing.synth as well', () => {
    const chart = Testing.chart();
    installValidation(chart);
    policy(chart, 'web', REFUSED);
    expect(() => Testing.synth(chart)).toThrow('MTLS113 value-rejected');
  });
});

describe('the rules run', () => {
  const many = (charts: number) => {
    const app = newApp();
    const validator = installValidation(app);
    for (let i = 0; i < charts; i++) {
      policy(new Chart(app, `c${i}`), `p${i}`, STRICT);
    }
    return { app, validator };
  };

  it('once per synth, although cdk8s asks once per chart and once more', () => {
    const { app, validator } = many(7);
    let asked = 0;
    const validate = validator.validate.bind(validator);
    validator.validate = () => { asked++; return validate(); };
    app.synth();
    expect({ asked, runs: validator.runs }).toEqual({ asked: 8, runs: 1 });
  });

  it('not again while the tree is unchanged, whoever asks outside of a synth', () => {
    const { app, validator } = many(3);
    app.charts.forEach(chart => chart.toJson());
    Testing.synth(app.charts[0]);
    MtlsValidation.check(app);
    expect(validator.runs).toBe(1);
  });

  it('for each synth anew, which trusts no older answer', () => {
    const { app, validator } = many(3);
    app.synth();
    app.synthYaml();
    expect(validator.runs).toBe(2);
  });

  it.each<[string, (app: App) => void]>([
    ['an object is added', app => policy(app.charts[0], 'more', STRICT)],
    ['a patch is added', app => ApiObject.of(app.charts[0].node.children[0]).metadata.addAnnotation('a', 'b')],
    ['plain data is changed in place', app => { (app.charts[0].node.children[0] as any).props.spec.mtls = { mode: 'PERMISSIVE' }; }],
    ['an acknowledgement is added', app => MtlsValidation.of(app).acknowledge('MTLS109', { reason: 'why not' })],
    ['the day changes', app => MtlsValidation.install(app, { today: '2026-11-25' })],
  ])('again when %s', (_, change) => {
    const { app, validator } = many(2);
    MtlsValidation.check(app);
    change(app);
    MtlsValidation.check(app);
    MtlsValidation.check(app);
    expect(validator.runs).toBe(2);
  });

  it('once per app, however often the validation is installed', () => {
    const { app, validator } = many(2);
    MtlsValidation.install(app);
    MtlsValidation.of(app.charts[0]);
    expect(installValidation(app.charts[1])).toBe(validator);
    policy(app.charts[0], 'bad', REFUSED);
    const message = () => { try { app.synth(); return ''; } catch (error) { return (error as Error).message; } };
    expect(message().match(/MTLS113/g)).toHaveLength(1);
    expect(message().match(/MTLS113/g)).toHaveLength(1);
  });

  it('after a failed synth, when the fault is mended', () => {
    const { app } = many(1);
    const spec = { mtls: { mode: 'strict' } };
    policy(app.charts[0], 'bad', spec);
    expect(() => app.synth()).toThrow('MTLS113');
    spec.mtls.mode = 'STRICT';
    app.synth();
  });
});

describe('warnings', () => {
  it('are printed once to stderr, and do not stop the synth', () => {
    const app = newApp();
    MtlsValidation.install(app);
    policy(new Chart(app, 'a'), 'web', EMPTY);
    policy(new Chart(app, 'b'), 'api', STRICT);
    const text = stderrOf(() => {
      app.synth();
      app.synth();
      Testing.synth(app.charts[0]);
    });
    expect(text.match(/warning MTLS109 mode-missing/g)).toHaveLength(1);
    expect(text).toMatch(/^warning MTLS109 mode-missing\n {4}at {4}a\/web {2}\(PeerAuthentication ns-web\/web, spec\.mtls\)\n/);
  });

  it('fail the synth when the validation is strict', () => {
    const app = newApp();
    MtlsValidation.install(app, { strict: true });
    policy(new Chart(app, 'a'), 'web', EMPTY);
    expect(stderrOf(() => expect(() => app.synth()).toThrow('warning MTLS109 mode-missing'))).toBe('');
  });

  it('are not printed by check', () => {
    const app = newApp();
    policy(new Chart(app, 'a'), 'web', EMPTY);
    expect(stderrOf(() => expect(MtlsValidation.check(app)).toHaveLength(1))).toBe('');
  });
});

describe('acknowledgements', () => {
  it('silence a finding under their construct, and stay with it', () => {
    const app = newApp();
    MtlsValidation.install(app, { strict: true });
    const chart = new Chart(app, 'a');
    policy(chart, 'web', EMPTY);
    MtlsValidation.of(chart).acknowledge('MTLS109', { reason: 'follows the mesh' });
    app.synth();
    expect(MtlsValidation.check(app)).toMatchObject([{ code: 'MTLS109', acknowledged: 'follows the mesh' }]);
  });

  it('do not reach a construct whose path only starts alike', () => {
    const app = newApp();
    const chart = new Chart(app, 'a');
    policy(chart, 'web', EMPTY);
    policy(chart, 'web-2', EMPTY);
    MtlsValidation.of(chart.node.findChild('web')).acknowledge('MTLS109', { reason: 'follows the mesh' });
    expect(MtlsValidation.check(app).filter(finding => finding.acknowledged === undefined)).toMatchObject([{ at: { place: 'a/web-2' } }]);
  });

  it('are found in annotations too', () => {
    const app = newApp();
    policy(new Chart(app, 'a'), 'web', EMPTY, { annotations: { 'cdk8s-istio-mtls/acknowledge': 'MTLS109: follows the mesh' } });
    expect(MtlsValidation.check(app)).toMatchObject([{ code: 'MTLS109', acknowledged: 'follows the mesh' }]);
  });

  it('are findings themselves when they silence nothing', () => {
    const app = newApp();
    const chart = new Chart(app, 'a');
    policy(chart, 'web', STRICT);
    MtlsValidation.of(chart).acknowledge('MTLS109', { reason: 'follows the mesh' });
    expect(MtlsValidation.check(app)).toMatchObject([{
      code: 'MTLS901', at: { place: 'a' }, what: 'the acknowledgement of MTLS109 ("follows the mesh") silences nothing',
    }]);
  });

  it('need the code of a rule and a reason', () => {
    const chart = new Chart(newApp(), 'a');
    expect(() => MtlsValidation.of(chart).acknowledge('MTLS999', { reason: 'x' }))
      .toThrow(/^a \(MtlsValidation\.acknowledge\): "MTLS999" is not the code of a rule; the codes are MTLS101, .*MTLS902$/);
    expect(() => MtlsValidation.of(chart).acknowledge('MTLS109', { reason: ' ' }))
      .toThrow('a (MtlsValidation.acknowledge): supply a \'reason\' for accepting MTLS109, got " "');
    expect(() => MtlsValidation.of(chart).acknowledge('MTLS109', undefined as any))
      .toThrow('a (MtlsValidation.acknowledge): supply a \'reason\' for accepting MTLS109, got undefined');
  });
});

describe('options', () => {
  it('of wrong types are refused in one line', () => {
    expect(() => MtlsValidation.install(newApp(), { today: '24.11.2026' }))
      .toThrow('MtlsValidation.install: \'today\' must be a date as YYYY-MM-DD, got "24.11.2026"');
    expect(() => MtlsValidation.install(newApp(), { today: '2026-02-30' })).toThrow('got "2026-02-30"');
    expect(() => MtlsValidation.install(newApp(), { strict: 'yes' as any })).toThrow('\'strict\' must be true or false, got "yes"');
    for (const floor of [MtlsMode.UNSET, 'strict', true, null] as any[]) {
      expect(() => MtlsValidation.install(newApp(), { floor }))
        .toThrow(`MtlsValidation.install: 'floor' must be one of STRICT, PERMISSIVE, DISABLE, got ${JSON.stringify(floor)}`);
    }
    expect(() => MtlsValidation.install(newApp(), { requireMeshPolicy: 1 as any })).toThrow('\'requireMeshPolicy\' must be true or false, got 1');
  });

  it('are kept when the validation is installed again without them', () => {
    const app = newApp();
    MtlsValidation.install(app, { strict: true, today: '2026-11-24', floor: MtlsMode.STRICT });
    MtlsValidation.install(app, { requireMeshPolicy: true });
    expect(installValidation(app)).toMatchObject({ strict: true, today: '2026-11-24', house: { floor: 'STRICT', requireMeshPolicy: true } });
  });

  it('ask for a floor, and for a policy of the mesh', () => {
    const app = newApp();
    const chart = new Chart(app, 'shop');
    new ApiObject(chart, 'ns', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } });
    new ApiObject(chart, 'web', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: { template: {} } });
    MtlsValidation.install(app);
    expect(MtlsValidation.check(app)).toEqual([]);
    MtlsValidation.install(app, { floor: MtlsMode.STRICT, requireMeshPolicy: true });
    expect(MtlsValidation.check(app)).toMatchObject([{ code: 'MTLS701', at: { object: 'Namespace shop' } }, { code: 'MTLS702' }]);
    MtlsValidation.install(app, { floor: MtlsMode.DISABLE, requireMeshPolicy: false });
    expect(MtlsValidation.check(app)).toEqual([]);
  });

  it('give the date by which exceptions end', () => {
    const app = newApp();
    policy(new Chart(app, 'a'), 'web', { selector: { matchLabels: { app: 'web' } }, ...STRICT }, { annotations: { 'cdk8s-istio-mtls/expires': '2026-06-30' } });
    expect(MtlsValidation.check(app)).toEqual([]);
    MtlsValidation.install(app, { today: '2026-07-01' });
    expect(MtlsValidation.check(app)).toMatchObject([{ code: 'MTLS308' }]);
  });
});

describe('mesh configuration among the objects', () => {
  const config = (chart: Chart, mesh: string) =>
    new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh } });
  const withSelector = (chart: Chart) => policy(chart, 'web', { selector: { matchLabels: { app: 'web' } }, ...STRICT }, { namespace: 'mesh-config' });

  it('counts where nothing was stated', () => {
    const app = newApp();
    const chart = new Chart(app, 'a');
    config(chart, 'rootNamespace: mesh-config');
    withSelector(chart);
    MtlsValidation.install(app);
    expect(MtlsValidation.check(app)).toMatchObject([{ code: 'MTLS102' }]);
  });

  it('counts for what was left open, and not for what was stated, which is told', () => {
    const app = newApp();
    new IstioMesh(app, 'mesh', { rootNamespace: 'istio-system' });
    const chart = new Chart(app, 'a');
    config(chart, '{rootNamespace: mesh-config, trustDomain: td}');
    withSelector(chart);
    expect(MtlsValidation.check(app)).toMatchObject([{
      code: 'MTLS902',
      severity: 'warning',
      at: { place: 'a/config', field: 'data.mesh' },
      what: 'rootNamespace is mesh-config here, and rootNamespace was given as istio-system (judged with istio-system)',
    }]);
  });

  it('is no conflict where it was written from what was stated', () => {
    const app = newApp();
    const mesh = new IstioMesh(app, 'mesh', { rootNamespace: 'mesh-config', autoMtls: false, ambient: true });
    const chart = new Chart(app, 'a');
    mesh.writeConfigMap(chart, 'config');
    mesh.writeSailIstio(chart, 'istio', { version: 'v1.28.0' });
    expect(MtlsValidation.check(app).filter(finding => finding.code === 'MTLS902')).toEqual([]);
  });

  it('is read anew when an object changes', () => {
    const app = newApp();
    const chart = new Chart(app, 'a');
    const istio = new ApiObject(chart, 'istio', {
      apiVersion: 'sailoperator.io/v1', kind: 'Istio', metadata: { name: 'default' }, spec: { values: { meshConfig: { rootNamespace: 'elsewhere' } } },
    });
    withSelector(chart);
    MtlsValidation.install(app);
    expect(MtlsValidation.check(app)).toEqual([]);
    istio.addJsonPatch(JsonPatch.replace('/spec/values/meshConfig/rootNamespace', 'mesh-config'));
    expect(MtlsValidation.check(app)).toMatchObject([{ code: 'MTLS102' }]);
  });
});

describe('objects that only count as present', () => {
  const present = (name: string, spec: any) => ({
    apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name, namespace: 'shop' }, spec,
  });

  it('are seen beside those of the app, and not accused', () => {
    const app = newApp();
    policy(new Chart(app, 'a'), 'web', STRICT, { namespace: 'shop' });
    AppState.of(app).context = [present('default', { mtls: { mode: 'PERMISSIVE' } }), present('odd', REFUSED)];
    expect(MtlsValidation.check(app)).toMatchObject([{ code: 'MTLS103', at: { place: 'a/web' }, see: [{ place: 'context[0]' }] }]);
  });

  it('give way to the object of the app that replaces them', () => {
    const app = newApp();
    policy(new Chart(app, 'a'), 'web', STRICT, { namespace: 'shop' });
    AppState.of(app).context = [present('web', { mtls: { mode: 'PERMISSIVE' } })];
    expect(MtlsValidation.check(app)).toEqual([]);
  });
});

it('finds two objects in one output file', () => {
  const app = new App({ outdir: temporaryFolder('synth'), yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
  const chart = new Chart(app, 'a');
  policy(chart, 'x', STRICT, { name: 'default' });
  policy(chart, 'y', STRICT, { name: 'default' });
  expect(MtlsValidation.check(app).map(finding => finding.code)).toEqual(['MTLS501']);
});

it('survives objects that cannot be serialized: cdk8s names them itself', () => {
  const app = newApp();
  MtlsValidation.install(app);
  policy(new Chart(app, 'a'), 'web', { mtls: Lazy.any({ produce: () => { throw new Error('boom'); } }) });
  expect(() => app.synth()).toThrow('Failed serializing construct at path \'a/web\'');
  const getter = newApp();
  policy(new Chart(getter, 'a'), 'web', { get mtls() { throw new Error('boom'); } });
  expect(MtlsValidation.check(getter)).toEqual([]);
});
