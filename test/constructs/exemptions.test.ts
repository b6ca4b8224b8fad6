import { refusesAtOnce, service, shop, synth, wrong } from './kit';
import { ApiServerTlsExemption, IstioMesh, NetworkingApiVersion, PlaintextServiceExemption, ServiceRef } from '../../src/constructs';
import { expectGolden } from '../golden';

describe('ApiServerTlsExemption', () => {
  test('lives in the root namespace, for the host in the cluster domain', () => {
    const chart = shop();
    new IstioMesh(chart, 'mesh', { rootNamespace: 'root', clusterDomain: 'corp.local' });
    new ApiServerTlsExemption(chart, 'any-id');
    expectGolden('api-server', chart);
  });

  test('namespace, name and API version can be set', () => {
    const chart = shop();
    new ApiServerTlsExemption(chart, 'x', { namespace: 'shop', metadata: { name: 'api' }, apiVersion: NetworkingApiVersion.V1ALPHA3 });
    expect(synth(chart)[0]).toMatchObject({ apiVersion: 'networking.istio.io/v1alpha3', metadata: { name: 'api', namespace: 'shop' } });
  });

  refusesAtOnce({
    'refuses an API version of the other group': [
      chart => new ApiServerTlsExemption(chart, 'x', { apiVersion: wrong('security.istio.io/v1') }),
      "shop/x (ApiServerTlsExemption): 'apiVersion' must be one of networking.istio.io/v1, networking.istio.io/v1beta1, "
      + "networking.istio.io/v1alpha3; got 'security.istio.io/v1'",
    ],
    'refuses props that are none': [
      chart => new ApiServerTlsExemption(chart, 'x', wrong('shop')),
      "shop/x (ApiServerTlsExemption): 'props' must be an object; got 'shop'",
    ],
  });
});

describe('PlaintextServiceExemption', () => {
  const reason = 'The database has no proxy.';

  test('lives in the namespace of the Service, with its reason', () => {
    const chart = shop();
    new PlaintextServiceExemption(chart, 'LegacyDb', { service: ServiceRef.named('db', 'data'), reason, owner: 'team-data', expires: '2027-06-30' });
    expectGolden('plaintext-service', chart);
  });

  test('a host that is no Service is exempted in the root namespace', () => {
    const chart = shop();
    const { rule } = new PlaintextServiceExemption(chart, 'vm', { service: ServiceRef.host('vm.example.com'), reason });
    expect(rule.metadata.namespace).toBe('istio-system');
  });

  test('takes a Service of the app', () => {
    const chart = shop();
    const { rule } = new PlaintextServiceExemption(chart, 'db', { service: ServiceRef.of(service(chart, 'db')), reason });
    expect(rule.toJson()).toMatchObject({ metadata: { namespace: 'shop' }, spec: { host: 'db.shop.svc.cluster.local' } });
  });

  refusesAtOnce({
    'refuses to go without a reason': [
      chart => new PlaintextServiceExemption(chart, 'db', wrong({ service: ServiceRef.named('db', 'data') })),
      "shop/db (PlaintextServiceExemption): 'reason' is missing; say why this exception is needed, for those who review it later",
    ],
    'refuses a Service by name alone': [
      chart => new PlaintextServiceExemption(chart, 'db', { service: wrong('db'), reason }),
      "shop/db (PlaintextServiceExemption): 'service' must be a ServiceRef; got 'db', write ServiceRef.of(service)",
    ],
  });
});
