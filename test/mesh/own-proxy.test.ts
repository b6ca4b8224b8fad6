import { calls, connections, deployment, Fields, inShort, istio, mesh, namespace, PAIR, policy, rule, service, WEB } from './build';
import { RULES } from '../../src/rules';
import { runRules } from '../../src/rules/run';

const proxy = (role: string, more: Fields = {}): Fields => ({
  name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.30.3', args: ['proxy', role, '--domain', '$(POD_NAMESPACE).svc.cluster.local'], ...more,
});
const strict = policy('istio-system/default', 'STRICT');

/** What `istioctl install` makes: the webhook must leave it alone, because the pod is a proxy already. */
const INGRESS = deployment('istio-system/istio-ingressgateway', { 'istio': 'ingressgateway', 'sidecar.istio.io/inject': 'false' },
  { annotations: { 'sidecar.istio.io/inject': 'false' }, spec: { containers: [proxy('router')] } });

/** What istiod makes of a Gateway of the Gateway API. */
const EDGE_LABELS = { 'gateway.networking.k8s.io/gateway-name': 'edge', 'sidecar.istio.io/inject': 'false', 'istio.io/dataplane-mode': 'none' };
const EDGE = deployment('sv/edge-istio', EDGE_LABELS, { spec: { containers: [proxy('router')] } });
const EDGE_SERVICE = service('sv/edge-istio', {
  selector: { 'gateway.networking.k8s.io/gateway-name': 'edge' },
  ports: [{ name: 'http', port: 80, targetPort: 80 }, { name: 'http-tls', port: 443, targetPort: 443 }, { name: 'tcp', port: 9000, targetPort: 9000 }],
});
const apiObject = (kind: string, key: string, spec: unknown): Fields => {
  const [place, name] = key.split('/');
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: { namespace: place, name }, spec };
};
const apiGateway = (listeners: unknown, more: Fields = {}): Fields => apiObject('Gateway', 'sv/edge', { gatewayClassName: 'istio', listeners, ...more });

const plane = (objects: readonly Fields[], key: string): string => mesh(objects).model.inventory.workload(key)!.dataPlane.value;

describe('a pod that brings its proxy in its own manifest', () => {
  it('is a gateway if the proxy is a router, although the webhook is told to leave the pod alone', () => {
    const objects = [...PAIR, INGRESS, strict];
    expect(plane(objects, 'istio-system/istio-ingressgateway')).toBe('sidecar');
    expect(calls(objects, 'istio-system/istio-ingressgateway', WEB)).toEqual(['sv/web: istio-mtls to STRICT: mtls']);
  });

  it('says which field makes it one', () => {
    const { decidedBy } = mesh([INGRESS]).model.inventory.workloads[0].dataPlane;
    expect(decidedBy.field).toEqual(['spec', 'template', 'spec', 'containers', 0, 'args']);
  });

  it('accuses nobody where a gateway that was installed so calls STRICT servers', () => {
    const objects = [
      ...PAIR, INGRESS, strict, service('istio-system/istio-ingressgateway', { selector: { istio: 'ingressgateway' } }),
      istio('Gateway sv/gw', { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] }),
      istio('VirtualService sv/web', { hosts: ['*'], gateways: ['gw'], http: [{ route: [{ destination: { host: 'web' } }] }] }),
    ];
    expect(runRules(mesh(objects), RULES).filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('has a sidecar as kube-inject writes it, which others know only by the label', () => {
    const injected = (labels: Fields) => [
      namespace('cl'), namespace('old', {}), deployment('cl/client'), service('old/web'), policy('old/default', 'STRICT'),
      deployment('old/web', labels, { annotations: { 'sidecar.istio.io/status': '{}' }, spec: { initContainers: [{ name: 'istio-init' }, proxy('sidecar')] } }),
    ];
    const host = 'web.old.svc.cluster.local';
    expect(calls(injected({ 'security.istio.io/tlsMode': 'istio' }), 'cl/client', host)).toEqual(['old/web: istio-mtls to STRICT: mtls']);
    expect(calls(injected({}), 'cl/client', host)).toEqual(['old/web: plaintext to STRICT: fail']);
  });

  it('is known without the Namespace object', () => {
    const pod = deployment('elsewhere/app', {}, { annotations: { 'sidecar.istio.io/status': '{}' }, spec: { containers: [{ name: 'app' }, proxy('sidecar')] } });
    expect(mesh([pod], { openWorld: true }).model.inventory.workloads[0].dataPlane.value).toBe('sidecar');
  });

  it.each([
    ['a container that only customizes the injected proxy', { name: 'istio-proxy', image: 'auto' }],
    ['a ztunnel', proxy('ztunnel')],
    ['a container of another name', proxy('router', { name: 'proxy' })],
  ])('is not %s', (_, container) => {
    expect(plane([namespace('a', {}), deployment('a/app', {}, { spec: { containers: [container] } })], 'a/app')).toBe('none');
  });
});

describe('a waypoint', () => {
  const name = { 'gateway.networking.k8s.io/gateway-name': 'waypoint' };
  const objects = [
    namespace('a', { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'waypoint' }), deployment('a/client'), deployment('a/web'), service('a/web'),
    policy('a/default', 'STRICT'),
    deployment('a/waypoint', { ...name, 'sidecar.istio.io/inject': 'false', 'istio.io/dataplane-mode': 'none' }, { spec: { containers: [proxy('waypoint')] } }),
    service('a/waypoint', { selector: name, ports: [{ name: 'status-port', port: 15021 }, { name: 'mesh', port: 15008 }] }),
  ];

  it('tunnels to the servers for which it stands', () => {
    expect(calls(objects, 'a/waypoint', 'web', { ambient: true })).toEqual(['a/web: hbone to STRICT: hbone']);
  });

  it('is called by the mesh and by no application, so that nobody is told how to call it', () => {
    expect(calls(objects, 'a/client', 'waypoint', { ambient: true })).toEqual([]);
    expect(runRules(mesh(objects, { ambient: true }), RULES)).toEqual([]);
  });
});

describe('a gateway of the Gateway API', () => {
  const answers = (...objects: Fields[]) => {
    const found = connections([...PAIR, EDGE, EDGE_SERVICE, ...objects]).filter(one => one.client === 'cl/client' && one.host.startsWith('edge-istio'));
    return Object.fromEntries(found.map(one => [one.port, inShort(one)]));
  };

  it('calls as a gateway does', () => {
    expect(calls([...PAIR, EDGE, strict], 'sv/edge-istio', WEB)).toEqual(['sv/web: istio-mtls to STRICT: mtls']);
  });

  it('listens as its Gateway says, whatever the policies say', () => {
    expect(answers(strict, apiGateway([{ name: 'http', port: 80, protocol: 'HTTP' }]))[80]).toMatch(/^plaintext .*: plaintext$/);
  });

  it('listens on nothing without a listener', () => {
    expect(answers(apiGateway([{ name: 'http', port: 8080, protocol: 'HTTP' }]))[80]).toMatch(/: fail$/);
  });

  it('ends TLS, of the mesh where an option says so', () => {
    const listener = (tls: Fields) => apiGateway([{ name: 'tls', port: 443, protocol: 'HTTPS', tls }]);
    const mutual = rule('cl/edge', 'edge-istio.sv.svc.cluster.local', 'ISTIO_MUTUAL');
    expect(answers(mutual, listener({ certificateRefs: [{ name: 'cert' }] }))[443]).toMatch(/^istio-mtls .*: fail$/);
    expect(answers(mutual, listener({ options: { 'gateway.istio.io/tls-terminate-mode': 'ISTIO_MUTUAL' } }))[443]).toMatch(/^istio-mtls .*: mtls$/);
  });

  it('listens to TCP only where a route says where it goes', () => {
    const gateway = apiGateway([{ name: 'tcp', port: 9000, protocol: 'TCP' }]);
    const route = apiObject('TCPRoute', 'sv/tcp', { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] });
    expect(answers(gateway)[9000]).toMatch(/: fail$/);
    expect(answers(gateway, route)[9000]).toMatch(/: plaintext$/);
  });

  it('may be the proxies behind a Service that it names', () => {
    const own = apiGateway([{ name: 'http', port: 80, protocol: 'HTTP' }], { addresses: [{ type: 'Hostname', value: 'ingress.istio-system.svc.cluster.local' }] });
    const objects = [
      ...PAIR, own, INGRESS, service('istio-system/ingress', { selector: { istio: 'ingressgateway' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] }),
    ];
    expect(calls(objects, 'cl/client', 'ingress.istio-system.svc.cluster.local')).toEqual([expect.stringMatching(/: plaintext$/)]);
  });
});
