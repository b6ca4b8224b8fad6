import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { IstioMesh, MeshStrictMtls, WorkloadMtlsException, WorkloadPort, WorkloadSelector } from '../../src/constructs';
import { Picture } from '../../src/report/picture/data';
import { AcceptedMode, CallOutcome, ClientSends, MtlsReport, MtlsValidation } from '../../src/validate';
import { run } from '../cli/run';

const LAB = ['test/mesh/lab/app.yaml', 'test/mesh/lab/strict.yaml'];
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mtls-report-')));
afterAll(() => rmSync(folder, { recursive: true }));

function message(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

/** A STRICT shop of two workloads behind one Service, one of which takes plaintext, and a caller without a proxy. */
function addShop(app: App): Chart {
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const add = (id: string, apiVersion: string, kind: string, metadata: object, spec?: object): ApiObject =>
    new ApiObject(chart, id, { apiVersion, kind, metadata, ...spec === undefined ? {} : { spec } });
  const pods = (app_: string, version: string, env: object[] = []): object =>
    ({ template: { metadata: { labels: { app: app_, version } }, spec: { containers: [{ name: 'app', ports: [{ containerPort: 8080 }], env }] } } });
  add('namespace', 'v1', 'Namespace', { name: 'shop', labels: { 'istio-injection': 'enabled' } });
  add('outside', 'v1', 'Namespace', { name: 'old' });
  add('v1', 'apps/v1', 'Deployment', { name: 'customers-v1' }, pods('customers', 'v1'));
  add('v2', 'apps/v1', 'Deployment', { name: 'customers-v2' }, pods('customers', 'v2'));
  add('web', 'apps/v1', 'Deployment', { name: 'web' }, pods('web', 'v1', [{ name: 'URL', value: 'http://customers' }]));
  add('batch', 'apps/v1', 'Deployment', { name: 'batch', namespace: 'old' }, pods('batch', 'v1', [{ name: 'URL', value: 'http://customers.shop' }]));
  add('service', 'v1', 'Service', { name: 'customers' }, { selector: { app: 'customers' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
  return chart;
}

function strictShop(): { readonly app: App; readonly chart: Chart } {
  const app = Testing.app();
  const mesh = new Chart(app, 'mesh');
  new IstioMesh(mesh, 'facts', { openWorld: false, trustDomain: 'shop.example' });
  new MeshStrictMtls(mesh, 'strict');
  const chart = addShop(app);
  new WorkloadMtlsException(chart, 'exception', {
    workload: WorkloadSelector.labels({ app: 'customers', version: 'v1' }), ports: [WorkloadPort.number(8080)], reason: 'the batch job has no proxy',
  });
  return { app, chart };
}

describe('MtlsReport.of', () => {
  it('reads the app as it is, with the facts that are stated and the findings that are acknowledged in code', () => {
    const { app, chart } = strictShop();
    MtlsValidation.of(app).acknowledge('MTLS206', { reason: 'the job moves next month' });
    const report = MtlsReport.of(chart);
    const data = JSON.parse(report.json()) as Picture;
    expect(data.mesh).toMatchObject({ mode: 'STRICT', trustDomain: { value: 'shop.example', decidedBy: 'given' } });
    expect(data.workloads.map(({ place }) => place)).toEqual(['shop/batch', 'shop/v1', 'shop/v2', 'shop/web']);
    expect(report.findings()).toEqual(MtlsValidation.check(app));
    expect(data.findings.find(({ code }) => code === 'MTLS206')).toMatchObject({ acknowledged: 'the job moves next month', about: { calls: ['call-2'] } });
  });

  it('speaks of the app as it was when the report was made', () => {
    const { app, chart } = strictShop();
    const before = MtlsReport.of(app);
    new ApiObject(chart, 'more', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'more' }, spec: { template: {} } });
    expect(before.json()).not.toContain('shop/more');
    expect(MtlsReport.of(app).json()).toContain('shop/more');
  });

  it('leaves an app alone that nothing validates', () => {
    const app = Testing.app();
    addShop(app);
    const children = app.node.children.length;
    expect(MtlsReport.of(app).mermaid()).toContain('customers-v1');
    expect(app.node.children.length).toBe(children);
    expect(() => app.synth()).not.toThrow();
  });

  it('refuses an app in which a construct was given something that cannot be right', () => {
    const { app, chart } = strictShop();
    const web = chart.node.findChild('web') as ApiObject;
    new WorkloadMtlsException(chart, 'wrong', { workload: WorkloadSelector.of(web), ports: [WorkloadPort.named('nowhere')], reason: 'a test' });
    expect(message(() => MtlsReport.of(app).json())).toBe(message(() => MtlsValidation.check(app)));
    expect(message(() => MtlsReport.of(app).json())).toContain('nowhere');
  });
});

describe('MtlsReport of manifests', () => {
  it('says the same as the command line', () => {
    const report = MtlsReport.fromFiles(LAB, { today: '2026-01-01' });
    const printed = (format: string): string => run(['report', '--format', format, '--today', '2026-01-01', ...LAB]).out;
    expect([report.html(), report.json(), report.mermaid(), report.dot()]).toEqual(['html', 'json', 'mermaid', 'dot'].map(printed));
    expect(report.findings().map(({ code }) => code)).toEqual(['MTLS206']);
  });

  it('takes the facts that they do not state', () => {
    const yaml = readFileSync(LAB[0], 'utf8');
    expect(MtlsReport.fromYaml(yaml).connection('istio-system/istio-ingressgateway', 'customers.default', 80).outcome).toBe(CallOutcome.MTLS);
    expect(MtlsReport.fromYaml(yaml, { settings: { autoMtls: false } }).connection('istio-system/istio-ingressgateway', 'customers.default', 80).outcome).toBe(CallOutcome.PLAINTEXT);
  });

  it('refuses what it cannot read', () => {
    expect(() => MtlsReport.fromYaml('a: [')).toThrow(/^manifests:1:\d+: /);
    expect(() => MtlsReport.fromFiles(['nowhere.yaml'])).toThrow('nowhere.yaml: no such file or folder');
    expect(() => MtlsReport.fromYaml('', { settings: { trustDomain: 3 as unknown as string } })).toThrow('trustDomain');
  });
});

it('is written as the name of the file says', () => {
  const report = MtlsReport.fromFiles(LAB);
  const written = (name: string): string => {
    report.write(join(folder, name));
    return readFileSync(join(folder, name), 'utf8');
  };
  expect([written('r.html'), written('r.json'), written('r.mmd'), written('r.dot')]).toEqual([report.html(), report.json(), report.mermaid(), report.dot()]);
  expect(message(() => report.write('r.pdf'))).toBe(
    'MtlsReport.write: the ending of "r.pdf" names no format; allowed are .html, .htm, .json, .mmd, .mermaid, .dot, .gv');
});

describe('questions', () => {
  const report = MtlsReport.of(strictShop().app);

  it('are answered with what is sent, what is accepted, and why', () => {
    expect(report.connection('old/batch', 'customers.shop', 80)).toEqual({
      client: 'old/batch',
      host: 'customers.shop.svc.cluster.local',
      servicePort: 80,
      server: 'shop/customers-v2',
      workloadPort: 8080,
      clientSends: ClientSends.PLAINTEXT,
      serverMode: AcceptedMode.STRICT,
      outcome: CallOutcome.FAIL,
      known: true,
      because: [
        'PeerAuthentication istio-system/default (mesh/strict/Resource), spec.mtls.mode: the server takes only mTLS: the whole mesh is STRICT',
        'Namespace shop/old (shop/outside), metadata.labels.istio-injection: the client has no sidecar: neither the namespace nor the pod asks for a sidecar',
      ],
    });
    expect(report.connections('old/batch', 'customers.shop', 80).map(({ server, outcome }) => [server, outcome])).toEqual([
      ['shop/customers-v1', CallOutcome.PLAINTEXT], ['shop/customers-v2', CallOutcome.FAIL],
    ]);
    expect(report.mode('shop/customers-v1', 8080)).toEqual({
      mode: AcceptedMode.PERMISSIVE,
      because: [
        'PeerAuthentication shop/exception (shop/exception/Resource), spec.portLevelMtls.8080.mode: workload port 8080 is PERMISSIVE',
        'PeerAuthentication istio-system/default (mesh/strict/Resource), spec.mtls.mode: the whole mesh is STRICT',
        'PeerAuthentication shop/exception (shop/exception/Resource), spec.mtls.mode: the policy for the workload sets no mode, so the wider one holds',
      ],
    });
  });

  it('hold where they hold', () => {
    report.expectConnection('shop/web', 'customers', 80, CallOutcome.MTLS);
    report.expectMutualTls('shop/web', 'customers', 80);
    report.expectMode('shop/customers-v2', 8080, AcceptedMode.STRICT);
    report.expectMode('old/batch', 8080, AcceptedMode.NONE);
  });

  it('throw where they do not, and say why', () => {
    const failed = message(() => report.expectConnection('old/batch', 'customers.shop', 80, CallOutcome.PLAINTEXT));
    expect(failed.split('\n').slice(0, 2)).toEqual([
      'old/batch -> customers.shop.svc.cluster.local:80: expected plaintext, got fail',
      '    the client sends plaintext; shop/customers-v2, workload port 8080 accepts STRICT',
    ]);
    expect(message(() => report.expectMutualTls('old/batch', 'customers.shop', 80))).toContain('expected mtls or hbone, got plaintext');
    expect(message(() => report.expectMode('shop/web', 8080, AcceptedMode.PERMISSIVE)).split('\n')).toEqual([
      'shop/web, workload port 8080: expected PERMISSIVE, got STRICT',
      '    PeerAuthentication istio-system/default (mesh/strict/Resource), spec.mtls.mode: the whole mesh is STRICT',
    ]);
  });

  it('without an answer name what there is', () => {
    expect(message(() => report.connection('shop/wep', 'customers', 80))).toBe('there is no workload "shop/wep"; did you mean shop/web?');
    expect(message(() => report.expectConnection('shop/web', 'customers', 8080, CallOutcome.MTLS))).toContain('8080 is the workload port behind service port 80');
    expect(message(() => report.connection('shop/web', 'customers', 80, { subset: 'v9' }))).toContain('has a subset "v9" with pods; there is none');
    expect(message(() => report.mode('shop/nobody', 80))).toContain('there is no workload "shop/nobody"');
  });
});

it('has a member for every answer of the model', () => {
  // What the model says is handed out under these names; a word that has none would be a value outside of its enum.
  const words = (file: string, type: string): string[] => {
    const [, union] = new RegExp(`export type ${type} = ([^;]+);`).exec(readFileSync(file, 'utf8'))!;
    return union.split('|').map(part => part.trim().replace(/^'|'$/g, '')).sort();
  };
  expect(words('src/mesh/server/outcome.ts', 'Outcome')).toEqual(Object.values<string>(CallOutcome).sort());
  expect(words('src/mesh/client/wire.ts', 'ClientSends')).toEqual(Object.values<string>(ClientSends).sort());
  const modes = [...words('src/mesh/policies/peer-authentication.ts', 'MtlsMode'), ...words('src/mesh/server/server-mode.ts', 'ServerMode')].filter(word => word !== 'MtlsMode');
  expect(modes.sort()).toEqual(Object.values<string>(AcceptedMode).sort());
});
