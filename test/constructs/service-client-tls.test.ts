import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { deployment, refusesAtOnce, refusesAtSynth, service, shop, synth, synthKind, wrong } from './kit';
import { ClientTls, NetworkingApiVersion, ServiceClientTls, ServiceClientTlsProps, ServicePort, ServiceRef, WorkloadSelector } from '../../src/constructs';
import { expectGolden } from '../golden';

const web = ServiceRef.named('web', 'shop');
const mesh = ClientTls.istioMutual();
const plain = ClientTls.disable();

test('one mode for a Service', () => {
  const chart = shop();
  new ServiceClientTls(chart, 'WebTls', { service: web, tls: mesh });
  expectGolden('service-tls', chart);
});

test('ports and subsets, each with TLS of its own', () => {
  const chart = shop();
  const rule = new ServiceClientTls(chart, 'web', {
    service: web, tls: mesh, portTls: { 9090: plain }, subsets: [{ name: 'v1', labels: { version: 'v1' } }],
  });
  rule.addPortTls(ServicePort.number(8443), ClientTls.simple({ caCertificates: '/ca.pem' }));
  rule.addSubset({ name: 'legacy', labels: { version: 'v0' }, tls: plain, portTls: { 8080: mesh } });
  expectGolden('service-tls-ports-and-subsets', chart);
});

test('ports alone leave the others to auto mTLS', () => {
  const { rule } = new ServiceClientTls(shop(), 'web', { service: web, portTls: { 9090: plain } });
  expect(rule.toJson().spec).toEqual({
    host: 'web.shop.svc.cluster.local', trafficPolicy: { portLevelSettings: [{ port: { number: 9090 }, tls: { mode: 'DISABLE' } }] },
  });
});

test('a port can be given by its name in the Service', () => {
  const chart = shop();
  const svc = new kplus.Service(chart, 'svc', { ports: [{ port: 80, name: 'http' }, { port: 9090, name: 'metrics' }] });
  const { rule } = new ServiceClientTls(chart, 'web', { service: ServiceRef.of(svc), portTls: { metrics: plain } });
  rule.metadata.addLabel('team', 'web');
  svc.bind(9091, { name: 'admin' });
  const [written] = synthKind(chart, 'DestinationRule');
  expect(written.spec.trafficPolicy.portLevelSettings).toEqual([{ port: { number: 9090 }, tls: { mode: 'DISABLE' } }]);
  expect(written.metadata.labels).toEqual({ team: 'web' });
});

test('clients can be limited by exportTo, or by a selector', () => {
  const chart = shop();
  new ServiceClientTls(chart, 'a', { service: web, tls: mesh, exportTo: ['.', 'cart'], apiVersion: NetworkingApiVersion.V1ALPHA3 });
  const client = deployment(chart, 'client');
  new ServiceClientTls(chart, 'b', {
    service: ServiceRef.named('other', 'shop'), tls: mesh, exportTo: ['.'], workloadSelector: WorkloadSelector.of(client),
  });
  const [a, b] = synthKind(chart, 'DestinationRule');
  expect(a).toMatchObject({ apiVersion: 'networking.istio.io/v1alpha3', spec: { exportTo: ['.', 'cart'] } });
  expect(b.spec).toMatchObject({ exportTo: ['.'], workloadSelector: { matchLabels: { app: 'client' } } });
});

describe('certificates from a Secret', () => {
  const tls = ClientTls.mutualFromSecret({ credentialName: 'client' });

  test('need a selector for sidecars', () => {
    expect(() => new ServiceClientTls(shop(), 'web', { service: web, tls, workloadSelector: WorkloadSelector.labels({ app: 'client' }) })).not.toThrow();
  });

  test('or the statement that only gateways call the host, which is kept', () => {
    const { rule } = new ServiceClientTls(shop(), 'web', { service: web, tls, gatewaysOnly: true });
    expect(rule.metadata.toJson().annotations).toEqual({ 'cdk8s-istio-mtls/gateways-only': 'true' });
  });

  test('a ConfigMap of CA certificates needs neither', () => {
    const ca = ClientTls.simple({ credentialName: 'configmap://shop/ca' });
    expect(() => new ServiceClientTls(shop(), 'web', { service: web, tls: ca })).not.toThrow();
  });
});

describe('lives', () => {
  const namespaceOf = (chart: Chart, props: Partial<ServiceClientTlsProps>) =>
    new ServiceClientTls(chart, 'web', { service: ServiceRef.named('web', 'data'), tls: mesh, ...props }).rule.metadata.namespace;

  test('in the namespace that is given, else the chart\'s, else the Service\'s', () => {
    expect(namespaceOf(shop(), { namespace: 'cart' })).toBe('cart');
    expect(namespaceOf(shop(), {})).toBe('shop');
    expect(namespaceOf(shop({}), {})).toBe('data');
  });

  test('nowhere otherwise', () => {
    expect(() => namespaceOf(shop({}), { service: ServiceRef.host('api.example.com') })).toThrow(
      "shop/web (ServiceClientTls): no namespace is known; give 'namespace', or give the chart one");
  });
});

describe('refuses at once', () => {
  const refused = (props: object, text: string): [(chart: Chart) => unknown, string] =>
    [chart => new ServiceClientTls(chart, 'web', wrong({ service: web, ...props })), `shop/web (ServiceClientTls): ${text}`];
  const both = (chart: Chart) => new ServiceClientTls(chart, 'web', { service: web, portTls: { 80: plain }, subsets: [{ name: 'v1' }] });
  refusesAtOnce({
    'a Secret for all sidecars': refused(
      { portTls: { 443: ClientTls.simple({ credentialName: 'ca' }) } },
      "'portTls['443']' takes its certificates from Secret 'ca', which sidecars cannot read for all clients: they would send plaintext; "
      + "give 'workloadSelector', or 'gatewaysOnly: true' where only gateways call the host"),
    'a port out of range': refused({ portTls: { 0: plain } }, "'portTls['0']' must be a whole number from 1 to 65535; got 0"),
    'a port without TLS': refused({ portTls: { 80: undefined } }, "'portTls['80']' must be a ClientTls; got nothing, write ClientTls.istioMutual()"),
    'a second TLS for one port': [
      chart => both(chart).addPortTls(ServicePort.number(80), mesh),
      "shop/web (ServiceClientTls): 'servicePort' is service port 80, which has its TLS already; keep one of the two",
    ],
    'a port that is no ServicePort': [
      chart => both(chart).addPortTls(wrong(8443), mesh),
      "shop/web (ServiceClientTls): 'servicePort' must be a ServicePort; got 8443, write ServicePort.number(80)",
    ],
    'a second subset of one name': [
      chart => both(chart).addSubset({ name: 'v1' }),
      "shop/web (ServiceClientTls): 'subset.name' must differ from the names of the other subsets; got 'v1' again",
    ],
    'a subset without a name': refused(
      { subsets: [{}] }, "'subsets[0].name' must be lower-case letters, digits and '-', at most 63 characters; got nothing"),
    'subset labels that are no text': refused(
      { subsets: [{ name: 'v1', labels: { version: 1 } }] },
      "'subsets[0].labels' must have text values of at most 63 characters without '*'; got 1 for 'version'"),
    'subset ports as a list': refused(
      { subsets: [{ name: 'v1', portTls: [plain] }] }, "'subsets[0].portTls' must be an object; got [\"(ClientTls)\"]"),
    'exportTo that is no list': refused({ tls: mesh, exportTo: '*' }, "'exportTo' must be an array of namespaces; got '*'"),
    'exportTo with a name that is none': refused(
      { tls: mesh, exportTo: ['~'] }, "'exportTo' must have '.', '*' or names of namespaces; got '~'"),
    'exportTo with its own namespace twice': refused(
      { tls: mesh, exportTo: ['.', 'shop'] }, '\'exportTo\' names the namespace \'shop\' twice; got [".","shop"]'),
    'exportTo with all and some': refused(
      { tls: mesh, exportTo: ['*', 'cart'] }, '\'exportTo\' must be \'*\' alone, or namespaces; got ["*","cart"]'),
    'exportTo beyond the namespace, with a selector': refused(
      { tls: mesh, exportTo: ['*'], workloadSelector: WorkloadSelector.labels({ app: 'a' }) },
      "'exportTo' can only be ['.'] beside 'workloadSelector', whose rule counts in its own namespace only; got [\"*\"]"),
    'an empty selector': refused(
      { tls: mesh, workloadSelector: WorkloadSelector.labels({}) },
      "'workloadSelector' must have at least one label; got {}, which would select every pod of the namespace (use NamespaceMtls for that)"),
    'gatewaysOnly that is not true or false': refused({ tls: mesh, gatewaysOnly: 'yes' }, "'gatewaysOnly' must be true or false; got 'yes'"),
  });
});

describe('at synth', () => {
  const saying = (text: string) => `shop/web (ServiceClientTls): ${text}`;
  refusesAtSynth({
    'a rule without TLS is refused': [
      chart => new ServiceClientTls(chart, 'web', { service: web, subsets: [{ name: 'v1' }] }),
      saying("the rule sets no TLS; give at least one of 'tls', 'portTls' and 'subsets' with a 'tls'"),
    ],
    'a subset with TLS is enough': [
      chart => new ServiceClientTls(chart, 'web', { service: web, subsets: [{ name: 'v1', tls: plain }] }),
    ],
    'a workload port where a service port is meant is refused, with the right one': [
      chart => {
        service(chart);
        new ServiceClientTls(chart, 'web', { service: web, portTls: { 3000: plain } });
      },
      saying("'portTls['3000']' must be a service port, and 3000 is a workload port of Service shop/web; its service port is 8080"),
    ],
    'the same through a container port by name': [
      chart => {
        deployment(chart);
        service(chart, 'web', [{ port: 8080, targetPort: 'api' }]);
        new ServiceClientTls(chart, 'web', { service: web, portTls: { 3000: plain } });
      },
      saying("'portTls['3000']' must be a service port, and 3000 is a workload port of Service shop/web; its service port is 8080"),
    ],
    'a port that the Service does not have is refused': [
      chart => {
        service(chart);
        new ServiceClientTls(chart, 'web', { service: web, subsets: [{ name: 'v1', portTls: { 99: plain } }] });
      },
      saying("'subsets[0].portTls['99']' is service port 99, which Service shop/web does not have; its ports are 8080 (http)"),
    ],
    'a service port that is also a workload port is fine': [
      chart => {
        service(chart, 'web', [{ port: 80, targetPort: 8080 }, { port: 8080, targetPort: 80 }]);
        new ServiceClientTls(chart, 'web', { service: web, portTls: { 8080: plain } });
      },
    ],
    'a port of a Service that is not in the app is taken as it is': [
      chart => new ServiceClientTls(chart, 'web', { service: web, portTls: { 99: plain } }),
    ],
    'a name of a Service that is not in the app is refused': [
      chart => new ServiceClientTls(chart, 'web', { service: web, portTls: { http: plain } }),
      saying("'portTls['http']' names the service port 'http', but the app does not have the Service; give the number"),
    ],
    'a name that the Service does not have is refused': [
      chart => {
        service(chart);
        new ServiceClientTls(chart, 'web', { service: web, portTls: { grpc: plain } });
      },
      saying("'portTls['grpc']' names the service port 'grpc', which Service shop/web does not have; its ports are 8080 (http)"),
    ],
    'a port by number and by name is refused': [
      chart => {
        service(chart);
        new ServiceClientTls(chart, 'web', { service: web, portTls: { 8080: plain, http: mesh } });
      },
      saying("'portTls['http']' and 'portTls['8080']' are both service port 8080; keep one of the two"),
    ],
    'clients that are selected by matchExpressions are refused': [
      chart => {
        const spec = { selector: { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] } };
        const client = WorkloadSelector.of(deployment(chart, 'client', { spec }));
        new ServiceClientTls(chart, 'web', { service: web, tls: mesh, workloadSelector: client });
      },
      saying("'workloadSelector' is Deployment shop/client, which selects its pods by matchExpressions; "
        + 'Istio selects by labels only, so give WorkloadSelector.labels({ … }) with labels that only its pods have'),
    ],
  });

  test('writing a rule that cannot be written fails with the same line', () => {
    const { rule } = new ServiceClientTls(shop(), 'web', { service: web, portTls: { http: plain } });
    expect(() => rule.toJson()).toThrow(saying("'portTls['http']' names the service port 'http', but the app does not have the Service; give the number"));
  });
});

test('settings are copied, so that one ClientTls serves several rules', () => {
  const chart = shop();
  const subjectAltNames = ['a.b'];
  const tls = ClientTls.simple({ subjectAltNames });
  new ServiceClientTls(chart, 'a', { service: web, tls });
  subjectAltNames.push('c.d');
  expect(synth(chart)[0].spec.trafficPolicy.tls.subjectAltNames).toEqual(['a.b']);
});
