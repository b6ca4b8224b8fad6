import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { deployment, namespace, refusesAtOnce, refusesAtSynth, service, shop, synthKind, wrong } from './kit';
import { IstioMesh, MtlsMode, WebhookMtlsException, WebhookMtlsExceptionProps, WorkloadPort, WorkloadSelector } from '../../src/constructs';
import { expectGolden } from '../golden';

const workload = WorkloadSelector.labels({ app: 'hook' });
const reference = (more: object = {}) => ({ name: 'hook', namespace: 'shop', path: '/validate', ...more });

function webhook(chart: Chart, ...services: object[]): ApiObject {
  return new ApiObject(chart, 'webhook', {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'policy' },
    webhooks: services.map(of => ({ clientConfig: { service: of } })),
  });
}

const exception = (chart: Chart, props: Partial<WebhookMtlsExceptionProps> = {}) =>
  new WebhookMtlsException(chart, 'Hook', { webhook: props.webhook ?? webhook(chart, reference()), workload, ...props });
const hookService = (chart: Chart, port: object = {}) => service(chart, 'hook', [{ port: 443, targetPort: 8443, ...port }]);
const ports = (chart: Chart) => synthKind(chart, 'PeerAuthentication')[0].spec.portLevelMtls;

test('opens the workload port behind the Service that a webhook calls', () => {
  const chart = shop();
  exception(chart, { owner: 'team-policy', expires: '2027-12-31' });
  hookService(chart);
  const [policy] = synthKind(chart, 'PeerAuthentication');
  const only = shop();
  new ApiObject(only, 'policy', policy);
  expectGolden('webhook', only);
});

describe('reads', () => {
  const other = (chart: Chart, apiVersion: string, kind: string, rest: object) =>
    exception(chart, { webhook: new ApiObject(chart, 'other', { apiVersion, kind, metadata: { name: 'other' }, ...rest }) });

  test('the port of an APIService', () => {
    const chart = shop();
    other(chart, 'apiregistration.k8s.io/v1', 'APIService', { spec: { service: reference({ port: 8080 }) } });
    hookService(chart, { port: 8080, targetPort: 6443 });
    expect(ports(chart)).toEqual({ 6443: { mode: 'PERMISSIVE' } });
  });

  test('the conversion webhook of a CustomResourceDefinition', () => {
    const chart = shop();
    const conversion = { strategy: 'Webhook', webhook: { clientConfig: { service: reference() } } };
    other(chart, 'apiextensions.k8s.io/v1', 'CustomResourceDefinition', { spec: { conversion } });
    hookService(chart);
    expect(ports(chart)).toEqual({ 8443: { mode: 'PERMISSIVE' } });
  });

  test('several webhooks, each port once', () => {
    const chart = shop();
    exception(chart, { webhook: webhook(chart, reference(), reference({ path: '/mutate' }), reference({ port: 444 })) });
    service(chart, 'hook', [{ port: 443, targetPort: 8443, name: 'https' }, { port: 444, targetPort: 'more', name: 'https-more' }]);
    deployment(chart, 'hook', { ports: [{ containerPort: 9443, name: 'more' }] });
    expect(Object.keys(ports(chart))).toEqual(['8443', '9443']);
  });

  test('a construct that has a webhook, and a Service of the context', () => {
    const chart = shop();
    const context = [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'hook', namespace: 'shop' }, spec: { ports: [{ port: 443, targetPort: 8443 }] } }];
    new IstioMesh(chart, 'mesh', { context });
    const operator = new Construct(chart, 'operator');
    new ApiObject(operator, 'Hook', {
      apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', webhooks: [{ clientConfig: { service: reference() } }],
    });
    exception(chart, { webhook: operator });
    expect(ports(chart)).toEqual({ 8443: { mode: 'PERMISSIVE' } });
  });
});

test('the port can be given where the Service is elsewhere', () => {
  const chart = shop();
  exception(chart, { workloadPort: WorkloadPort.number(9443), mode: MtlsMode.DISABLE, reason: 'Ours.' });
  const [policy] = synthKind(chart, 'PeerAuthentication');
  expect(policy.spec.portLevelMtls).toEqual({ 9443: { mode: 'DISABLE' } });
  expect(policy.metadata.annotations).toEqual({ 'cdk8s-istio-mtls/reason': 'Ours.' });
});

describe('refuses at once', () => {
  const kinds = 'ValidatingWebhookConfiguration, MutatingWebhookConfiguration, APIService, CustomResourceDefinition';
  refusesAtOnce({
    'an object that the API server does not call': [
      chart => exception(chart, { webhook: deployment(chart) }),
      `shop/Hook (WebhookMtlsException): 'webhook' needs a construct with one ${kinds}; `
      + 'shop/deployment-web (ApiObject) is a Deployment; use WorkloadMtlsException for other callers',
    ],
    'a mode that is no exception': [
      chart => exception(chart, { mode: MtlsMode.STRICT }),
      "shop/Hook (WebhookMtlsException): 'mode' must be one of PERMISSIVE, DISABLE; got 'STRICT'",
    ],
    'a port that is a number': [
      chart => exception(chart, { workloadPort: wrong(8443) }),
      "shop/Hook (WebhookMtlsException): 'workloadPort' must be a WorkloadPort; got 8443, write WorkloadPort.number(8443)",
    ],
    'a blank reason': [
      chart => exception(chart, { reason: '' }),
      "shop/Hook (WebhookMtlsException): 'reason' must be a text that is not blank; got ''",
    ],
  });
});

describe('at synth', () => {
  const saying = (text: string) => `shop/Hook (WebhookMtlsException): ${text}`;
  refusesAtSynth({
    'a Service that is not in the app is refused': [
      chart => exception(chart),
      saying("'webhook' calls port 443 of Service shop/hook, which the app does not have; give 'workloadPort', the port behind it"),
    ],
    'a port that the Service does not have is refused': [
      chart => {
        exception(chart);
        hookService(chart, { port: 8443, name: 'https' });
      },
      saying("'webhook' calls port 443 of Service shop/hook, whose ports are 8443 (https)"),
    ],
    'a webhook by URL is refused': [
      chart => exception(chart, { webhook: webhook(chart, wrong(undefined)) }),
      saying("'webhook' is ValidatingWebhookConfiguration policy, which calls no Service"),
    ],
    'a Service in another namespace is refused': [
      chart => exception(chart, { webhook: webhook(chart, reference({ namespace: 'kube-system' })) }),
      saying("'webhook' calls Service kube-system/hook, and the policy is in namespace 'shop', where it can only select other pods; "
        + "give the 'namespace' of the Service"),
    ],
    'a Service of other pods is refused': [
      chart => {
        exception(chart, { workload: WorkloadSelector.of(deployment(chart)) });
        hookService(chart);
      },
      saying("'webhook' is behind Service shop/hook, which does not select the pods of Deployment shop/web"),
    ],
    'a port declared as HTTP by its name is refused, as no mode lets TLS through': [
      chart => {
        exception(chart);
        hookService(chart, { name: 'http-hook' });
      },
      saying("'webhook' calls port 443 of Service shop/hook, which is declared as HTTP (name 'http-hook'), "
        + "so that the proxy refuses the API server's TLS in every mode; name the port 'https'"),
    ],
    'a port declared as HTTP by appProtocol is refused, whatever its name': [
      chart => {
        exception(chart);
        hookService(chart, { name: 'https', appProtocol: 'grpc' });
      },
      saying("'webhook' calls port 443 of Service shop/hook, which is declared as HTTP (appProtocol 'grpc'), "
        + "so that the proxy refuses the API server's TLS in every mode; name the port 'https'"),
    ],
    'a port whose name merely begins with http is fine': [
      chart => {
        exception(chart);
        hookService(chart, { name: 'httpsx' });
      },
    ],
    'a given port that is not the one behind the Service is refused': [
      chart => {
        exception(chart, { workloadPort: WorkloadPort.number(9443) });
        hookService(chart);
      },
      saying("'workloadPort' is 9443, but 'webhook' calls Service shop/hook, whose workload port is 8443; leave 'workloadPort' out"),
    ],
    'DISABLE is refused in ambient': [
      chart => {
        namespace(chart, 'shop', { 'istio.io/dataplane-mode': 'ambient' });
        exception(chart, { mode: MtlsMode.DISABLE });
        hookService(chart);
      },
      saying("DISABLE does not exist in ambient, where ztunnel treats it as PERMISSIVE, and namespace 'shop' is ambient; use MtlsMode.PERMISSIVE"),
    ],
  });
});
