import { ApiObject, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { deployment, faults, refusesAtOnce, service, shop, wrong } from './kit';
import { ClientTls, IstioMesh, ServiceClientTls, ServiceRef } from '../../src/constructs';

const tls = ClientTls.istioMutual();
const rule = (chart: Chart, ref: ServiceRef) => new ServiceClientTls(chart, 'rule', { service: ref, tls });
const host = (chart: Chart, ref: ServiceRef) => rule(chart, ref).rule.toJson().spec.host;

describe('the host', () => {
  test('of a name and namespace', () => {
    expect(host(shop(), ServiceRef.named('web', 'cart'))).toBe('web.cart.svc.cluster.local');
  });

  test('is in the cluster domain of the mesh', () => {
    const chart = shop();
    new IstioMesh(chart, 'mesh', { clusterDomain: 'corp.example' });
    expect(host(chart, ServiceRef.named('web', 'cart'))).toBe('web.cart.svc.corp.example');
  });

  test.each(['web', '*', '*.local', '*.shop.svc.cluster.local', 'web.shop.svc.cluster.local', 'api.example.com', '*-v2.example.com'])(
    '%s is taken as it is', given => {
      expect(host(shop(), ServiceRef.host(given))).toBe(given);
    });

  test('of a Service of cdk8s-plus', () => {
    const chart = shop();
    const svc = new kplus.Service(chart, 'svc', { ports: [{ port: 80 }], metadata: { name: 'web' } });
    expect(host(chart, ServiceRef.of(svc))).toBe('web.shop.svc.cluster.local');
  });

  test('of the Service of a Deployment of cdk8s-plus', () => {
    const chart = shop();
    const web = new kplus.Deployment(chart, 'web', { containers: [{ image: 'web', portNumber: 80 }] });
    const svc = web.exposeViaService({ name: 'web' });
    expect(host(chart, ServiceRef.of(svc))).toBe('web.shop.svc.cluster.local');
  });

  test('of a Service that is in a namespace of its own', () => {
    const chart = shop();
    const svc = new ApiObject(chart, 'svc', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'cart' } });
    expect(host(chart, ServiceRef.of(svc))).toBe('web.cart.svc.cluster.local');
  });
});

describe('refuses at once', () => {
  const saying = (text: string) => `shop/rule (ServiceClientTls): ${text}`;
  const shape = "'service' must be a host name, with '*' only at its start; got";
  refusesAtOnce({
    'a short form that Istio does not complete': [
      chart => rule(chart, ServiceRef.host('web.shop.svc')),
      saying("'service' is 'web.shop.svc', which Istio does not complete and so matches nothing; write 'web.shop.svc.cluster.local'"),
    ],
    'an address': [
      chart => rule(chart, ServiceRef.host('10.0.0.1')),
      saying(`${shape} '10.0.0.1', which ends in a number (an address is no host name)`),
    ],
    'a wildcard in the middle': [chart => rule(chart, ServiceRef.host('web.*.local')), saying(`${shape} 'web.*.local'`)],
    'a wildcard at the end of a label': [chart => rule(chart, ServiceRef.host('web*.local')), saying(`${shape} 'web*.local'`)],
    'an empty host': [chart => rule(chart, ServiceRef.host('')), saying(`${shape} ''`)],
    'a host that is no text': [chart => rule(chart, ServiceRef.host(wrong(5))), saying(`${shape} 5`)],
    'a host that is too long': [
      chart => rule(chart, ServiceRef.host('abc.'.repeat(80))),
      saying(`${shape} '${'abc.'.repeat(29)}ab…, which has 320 characters and not at most 255`),
    ],
    'a name that no Service has': [
      chart => rule(chart, ServiceRef.named('Web', 'shop')),
      saying("'service name' must be lower-case letters, digits and '-', at most 63 characters; got 'Web'"),
    ],
    'a name without a namespace': [
      chart => rule(chart, ServiceRef.named('web', wrong(undefined))),
      saying("'service namespace' must be lower-case letters, digits and '-', at most 63 characters; got nothing"),
    ],
    'a construct without a Service': [
      chart => rule(chart, ServiceRef.of(deployment(chart))),
      saying("'service' needs a construct with one Service; shop/deployment-web (ApiObject) is a Deployment; "
        + 'give ServiceRef.host(…) or ServiceRef.named(…) for a Service that is not in the app'),
    ],
    'a Service of Knative': [
      chart => rule(chart, ServiceRef.of(new ApiObject(chart, 'svc', { apiVersion: 'serving.knative.dev/v1', kind: 'Service' }))),
      saying("'service' needs a construct with one Service; shop/svc (ApiObject) is a Service; "
        + 'give ServiceRef.host(…) or ServiceRef.named(…) for a Service that is not in the app'),
    ],
    'a construct with two Services': [
      chart => {
        service(chart, 'a');
        service(chart, 'b');
        rule(chart, ServiceRef.of(chart));
      },
      saying("'service' needs a construct with one Service; shop (Chart) has 2: Service shop/service-a, Service shop/service-b; give the one that is meant"),
    ],
    'no construct': [chart => rule(chart, ServiceRef.of(wrong('web'))), saying("'service' needs a construct; got 'web'")],
  });

  test('a Service without a namespace', () => {
    const chart = shop({});
    expect(() => rule(chart, ServiceRef.of(service(chart)))).toThrow(
      saying("'service' is Service web without a namespace; set metadata.namespace on it, or give its chart a namespace"));
  });

  test('a construct with two main objects, in one line', () => {
    const chart = shop();
    const both = new Construct(chart, 'both');
    new ApiObject(both, 'Resource', { apiVersion: 'v1', kind: 'ConfigMap' });
    new ApiObject(both, 'Default', { apiVersion: 'v1', kind: 'ConfigMap' });
    expect(() => rule(chart, ServiceRef.of(both))).toThrow(
      saying("'service' needs a construct with one Service; shop/both (Construct) has none; "
        + 'give ServiceRef.host(…) or ServiceRef.named(…) for a Service that is not in the app'));
  });
});

describe('a host of name and namespace', () => {
  test('is refused at synth where it names a Service of the app', () => {
    const chart = shop();
    service(chart);
    rule(chart, ServiceRef.host('web.shop'));
    expect(faults(chart)).toEqual([
      "shop/rule (ServiceClientTls): 'service' is 'web.shop', which Istio does not complete and so matches nothing; write 'web.shop.svc.cluster.local'",
    ]);
  });

  test('is a host outside the cluster otherwise', () => {
    const chart = shop();
    service(chart);
    rule(chart, ServiceRef.host('example.com'));
    expect(faults(chart)).toEqual([]);
  });
});
