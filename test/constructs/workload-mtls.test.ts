import { ApiObject, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { deployment, faults, namespace, refusesAtOnce, refusesAtSynth, service, shop, synth, synthKind, wrong } from './kit';
import { MtlsMode, ServiceRef, WorkloadMtls, WorkloadPort, WorkloadSelector } from '../../src/constructs';
import { expectGolden } from '../golden';

const web = WorkloadSelector.labels({ app: 'web' });

test('writes a mode and the modes of ports', () => {
  const chart = shop();
  const mtls = new WorkloadMtls(chart, 'FinanceApi', { workload: web, mode: MtlsMode.STRICT, portLevelMtls: { 9090: MtlsMode.PERMISSIVE } });
  mtls.addPort(WorkloadPort.number(8080), MtlsMode.DISABLE);
  expectGolden('workload-ports', chart);
});

test('without a mode, the ports alone differ from the namespace', () => {
  const chart = shop();
  const { policy } = new WorkloadMtls(chart, 'web', { workload: web, portLevelMtls: { 9090: MtlsMode.PERMISSIVE } });
  expect(policy.toJson().spec).toEqual({ selector: { matchLabels: { app: 'web' } }, portLevelMtls: { 9090: { mode: 'PERMISSIVE' } } });
});

test('takes namespace and labels from a Deployment of cdk8s-plus, as they are at synth', () => {
  const chart = shop();
  const deploy = new kplus.Deployment(chart, 'Web', { containers: [{ image: 'web', ports: [{ number: 3000, name: 'api' }] }] });
  new WorkloadMtls(chart, 'web', { workload: WorkloadSelector.of(deploy), portLevelMtls: { api: MtlsMode.PERMISSIVE } });
  deploy.select(kplus.LabelSelector.of({ labels: { app: 'web' } }));
  const [policy] = synthKind(chart, 'PeerAuthentication');
  const [{ spec }] = synthKind(chart, 'Deployment');
  expect(policy.metadata.namespace).toBe('shop');
  expect(policy.spec.selector.matchLabels).toEqual(spec.selector.matchLabels);
  expect(policy.spec.selector.matchLabels.app).toBe('web');
  expect(policy.spec.portLevelMtls).toEqual({ 3000: { mode: 'PERMISSIVE' } });
});

test('JSON patches survive beside parts that are read at synth', () => {
  const chart = shop();
  const { policy } = new WorkloadMtls(chart, 'web', { workload: WorkloadSelector.of(deployment(chart)), mode: MtlsMode.STRICT });
  policy.addJsonPatch(JsonPatch.replace('/spec/mtls/mode', 'PERMISSIVE'), JsonPatch.add('/spec/selector/matchLabels/version', 'v1'));
  expect(synthKind(chart, 'PeerAuthentication')[0].spec).toEqual({
    selector: { matchLabels: { app: 'web', version: 'v1' } }, mtls: { mode: 'PERMISSIVE' },
  });
});

test('a thousand policies with ports walk the tree once per synth', () => {
  const chart = shop();
  const walks = jest.spyOn(chart.node.root.node, 'findAll');
  for (let i = 0; i < 1000; i++) {
    service(chart, `s${i}`);
    const workload = WorkloadSelector.of(deployment(chart, `s${i}`, { labels: { app: `s${i}`, team: 'shop' } }));
    new WorkloadMtls(chart, `w${i}`, { workload, portLevelMtls: { 9090: MtlsMode.PERMISSIVE } });
  }
  expect(faults(chart)).toEqual([]);
  expect(walks).toHaveBeenCalledTimes(1);
  expect(faults(chart)).toEqual([]);
  expect(walks).toHaveBeenCalledTimes(2);
});

test('sees what changed between two synths', () => {
  const chart = shop();
  new WorkloadMtls(chart, 'web', { workload: web, portLevelMtls: { 8080: MtlsMode.PERMISSIVE } });
  expect(synth(chart)).toHaveLength(1);
  deployment(chart);
  expect(synth(chart)).toHaveLength(2);
  service(chart);
  expect(faults(chart)).toHaveLength(1);
});

describe('refuses at once', () => {
  refusesAtOnce({
    'the root namespace': [
      chart => new WorkloadMtls(chart, 'web', { namespace: 'istio-system', workload: web, mode: MtlsMode.STRICT }),
      "shop/web (WorkloadMtls): 'istio-system' is the root namespace, where Istio ignores policies with a selector; "
      + 'move the workload to another namespace, or use MeshMtls for a mode of the whole mesh',
    ],
    'another namespace than the workload\'s': [
      chart => new WorkloadMtls(chart, 'web', { namespace: 'cart', workload: WorkloadSelector.of(deployment(chart)), mode: MtlsMode.STRICT }),
      "shop/web (WorkloadMtls): 'namespace' is 'cart', but the workload is in namespace 'shop', and a policy selects pods of its own namespace only; "
      + "leave 'namespace' out",
    ],
    'a workload that is no selector': [
      chart => new WorkloadMtls(chart, 'web', { workload: wrong(deployment(chart)), mode: MtlsMode.STRICT }),
      "shop/web (WorkloadMtls): 'workload' must be a WorkloadSelector; got shop/deployment-web (ApiObject), "
      + 'write WorkloadSelector.of(deployment) or WorkloadSelector.labels({ … })',
    ],
    'a port mode that is none': [
      chart => new WorkloadMtls(chart, 'web', { workload: web, portLevelMtls: { 8080: wrong({ mode: 'STRICT' }) } }),
      "shop/web (WorkloadMtls): 'portLevelMtls['8080']' must be one of STRICT, PERMISSIVE, DISABLE, UNSET; got {\"mode\":\"STRICT\"}",
    ],
    'a port number out of range': [
      chart => new WorkloadMtls(chart, 'web', { workload: web, portLevelMtls: { 70000: MtlsMode.STRICT } }),
      "shop/web (WorkloadMtls): 'portLevelMtls['70000']' must be a whole number from 1 to 65535; got 70000",
    ],
    'ports as a list': [
      chart => new WorkloadMtls(chart, 'web', { workload: web, portLevelMtls: wrong([8080]) }),
      "shop/web (WorkloadMtls): 'portLevelMtls' must be an object; got [8080]",
    ],
    'a port that is none': [
      chart => new WorkloadMtls(chart, 'web', { workload: web }).addPort(wrong(8080), MtlsMode.STRICT),
      "shop/web (WorkloadMtls): 'port' must be a WorkloadPort; got 8080, write WorkloadPort.number(8080)",
    ],
    'two modes for one port': [
      chart => new WorkloadMtls(chart, 'web', { workload: web, portLevelMtls: { 80: MtlsMode.STRICT } })
        .addPort(WorkloadPort.number(80), MtlsMode.DISABLE),
      "shop/web (WorkloadMtls): 'port' gives workload port 80 the mode DISABLE, and 'portLevelMtls['80']' gives it STRICT; keep one of the two",
    ],
    'an id that gives no name': [
      chart => new WorkloadMtls(chart, '__', { workload: web, mode: MtlsMode.STRICT }),
      "shop/__ (WorkloadMtls): no name can be made from the id '__'; give one in 'metadata.name'",
    ],
  });
});

describe('at synth', () => {
  refusesAtSynth({
    'a policy that changes nothing is refused': [
      chart => new WorkloadMtls(chart, 'web', { workload: web }),
      "shop/web (WorkloadMtls): a policy without a mode changes nothing; give 'mode', or a port in 'portLevelMtls'",
    ],
    'inheriting on purpose is fine': [
      chart => new WorkloadMtls(chart, 'web', { workload: web, mode: MtlsMode.UNSET }),
    ],
    'a port that is added later is enough': [
      chart => new WorkloadMtls(chart, 'web', { workload: web }).addPort(WorkloadPort.number(80), MtlsMode.STRICT),
    ],
    'two ports that turn out to be one are refused if their modes differ': [
      chart => new WorkloadMtls(chart, 'web', {
        workload: WorkloadSelector.of(deployment(chart)), portLevelMtls: { 3000: MtlsMode.STRICT, api: MtlsMode.DISABLE },
      }),
      "shop/web (WorkloadMtls): 'portLevelMtls['api']' and 'portLevelMtls['3000']' are both workload port 3000, with the modes DISABLE and STRICT; "
      + 'keep one of the two',
    ],
    'DISABLE of one port is refused in ambient': [
      chart => {
        namespace(chart, 'shop', { 'istio.io/dataplane-mode': 'ambient' });
        new WorkloadMtls(chart, 'web', { workload: WorkloadSelector.of(deployment(chart)), portLevelMtls: { 3000: MtlsMode.DISABLE } });
      },
      "shop/web (WorkloadMtls): DISABLE does not exist in ambient, where ztunnel treats it as PERMISSIVE, and namespace 'shop' is ambient; "
      + 'use MtlsMode.PERMISSIVE',
    ],
    'DISABLE is refused for a pod that is ambient by its own label': [
      chart => new WorkloadMtls(chart, 'web', {
        workload: WorkloadSelector.of(deployment(chart, 'web', { labels: { 'app': 'web', 'istio.io/dataplane-mode': 'ambient' } })),
        mode: MtlsMode.DISABLE,
      }),
      'shop/web (WorkloadMtls): DISABLE does not exist in ambient, where ztunnel treats it as PERMISSIVE, and Deployment shop/web is ambient; '
      + 'use MtlsMode.PERMISSIVE',
    ],
    'DISABLE is fine for a pod that left ambient by its own label': [
      chart => {
        namespace(chart, 'shop', { 'istio.io/dataplane-mode': 'ambient' });
        deployment(chart, 'web', { labels: { 'app': 'web', 'istio.io/dataplane-mode': 'none' } });
        new WorkloadMtls(chart, 'web', { workload: web, mode: MtlsMode.DISABLE });
      },
    ],
    'objects with junk in them are passed over': [
      chart => {
        new ApiObject(chart, 'junk-service', { apiVersion: 'v1', kind: 'Service', spec: { selector: 7, ports: [null, 'x', { port: 'y' }] } });
        new ApiObject(chart, 'junk-deployment', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { spec: { containers: 'none' } } } });
        new ApiObject(chart, 'junk-pod', { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { app: 'web' } } });
        new WorkloadMtls(chart, 'web', { workload: web, portLevelMtls: { 80: MtlsMode.STRICT } });
      },
    ],
  });
});

test('a port behind a Service is its targetPort', () => {
  const chart = shop();
  const svc = service(chart);
  const mtls = new WorkloadMtls(chart, 'web', { workload: WorkloadSelector.of(deployment(chart)) });
  mtls.addPort(WorkloadPort.behind(ServiceRef.of(svc)), MtlsMode.PERMISSIVE);
  expect(synthKind(chart, 'PeerAuthentication')[0].spec.portLevelMtls).toEqual({ 3000: { mode: 'PERMISSIVE' } });
});
