import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Testing } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import {
  ApiServerTlsExemption, ClientTls, ExternalServiceTls, MeshStrictMtls, MtlsMode, NamespaceMtls, NetworkingApiVersion, SecurityApiVersion,
  ServiceClientTls, ServiceRef, WorkloadMtls, WorkloadMtlsException, WorkloadSelector,
} from '../../src/constructs';

interface Identity { apiVersion: string; kind: string; metadata: { name: string; namespace: string }; spec: object }

const documents = parseAllDocuments(readFileSync(join(__dirname, '..', 'manifests', 'policies.yaml'), 'utf8'))
  .map(document => document.toJS() as Identity);

const v1beta1 = SecurityApiVersion.V1BETA1;
const rule = NetworkingApiVersion.V1BETA1;
const httpbin = (namespace: string) => ServiceRef.named('httpbin', namespace);
const external = ServiceRef.host('external-service.example.com');

/** Each builds one document of the file, in its order. */
const builders: ((chart: Chart) => unknown)[] = [
  chart => new MeshStrictMtls(chart, 'mesh', { apiVersion: v1beta1 }),
  chart => new MeshStrictMtls(chart, 'mesh', { metadata: { name: 'global-mtls' } }),
  chart => new NamespaceMtls(chart, 'mtls', { namespace: 'default', mode: MtlsMode.STRICT }),
  chart => new NamespaceMtls(chart, 'mtls', { namespace: 'onboarding', mode: MtlsMode.PERMISSIVE }),
  chart => new NamespaceMtls(chart, 'mtls', { namespace: 'legacy', mode: MtlsMode.DISABLE }),
  chart => new NamespaceMtls(chart, 'mtls', { namespace: 'foo', mode: MtlsMode.STRICT, apiVersion: v1beta1 }),
  chart => new NamespaceMtls(chart, 'mtls', { namespace: 'bar', mode: MtlsMode.STRICT, apiVersion: v1beta1 }),
  chart => new WorkloadMtls(chart, 'default', {
    namespace: 'my-namespace', workload: WorkloadSelector.labels({ app: 'customers' }), mode: MtlsMode.STRICT, apiVersion: v1beta1,
  }),
  chart => new WorkloadMtlsException(chart, 'WorkloadPolicy', {
    namespace: 'foo', workload: WorkloadSelector.labels({ app: 'httpbin' }), reason: 'Called by legacy jobs.', apiVersion: v1beta1,
  }),
  chart => new WorkloadMtls(chart, 'finance', {
    namespace: 'foo',
    workload: WorkloadSelector.labels({ app: 'finance' }),
    mode: MtlsMode.STRICT,
    portLevelMtls: { 8080: MtlsMode.DISABLE, 9090: MtlsMode.PERMISSIVE },
  }),
  chart => new ServiceClientTls(chart, 'example-destination', {
    service: ServiceRef.named('example-service', 'default'), namespace: 'default', tls: ClientTls.istioMutual(),
  }),
  chart => new ServiceClientTls(chart, 'httpbin-foo', { service: httpbin('foo'), tls: ClientTls.istioMutual(), apiVersion: rule }),
  chart => new ServiceClientTls(chart, 'httpbin-bar', { service: httpbin('bar'), tls: ClientTls.istioMutual(), apiVersion: rule }),
  chart => new ServiceClientTls(chart, 'enable-mtls', {
    service: ServiceRef.host('*.payments.svc.cluster.local'),
    namespace: 'payments',
    tls: ClientTls.istioMutual(),
    apiVersion: NetworkingApiVersion.V1ALPHA3,
  }),
  chart => new ApiServerTlsExemption(chart, 'exemption', { apiVersion: rule }),
  chart => new ExternalServiceTls(chart, 'external-service', { host: 'external-service.example.com', namespace: 'foo', apiVersion: rule }),
  chart => new ServiceClientTls(chart, 'external-service', {
    service: external,
    namespace: 'bar',
    tls: ClientTls.simple({ caCertificates: '/etc/ssl/certs/ca-certificates.crt', sni: 'external-service.example.com' }),
    apiVersion: rule,
  }),
  chart => new ServiceClientTls(chart, 'partner', {
    service: ServiceRef.host('partner.example.com'),
    namespace: 'bar',
    portTls: {
      8443: ClientTls.mutual({
        clientCertificate: '/etc/certs/client.pem',
        privateKey: '/etc/certs/client.key',
        caCertificates: '/etc/certs/ca.pem',
        subjectAltNames: ['partner.example.com'],
      }),
    },
  }),
];

/** The part of an object that counts for the mesh; annotations and labels may be more. */
function identity({ apiVersion, kind, metadata: { name, namespace }, spec }: Identity): Identity {
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

test('there is one builder for each of the 18 documents', () => {
  expect(documents).toHaveLength(18);
  expect(builders).toHaveLength(18);
});

test.each(documents.map((document, i) => ({ name: `${document.kind} ${document.metadata.namespace}/${document.metadata.name}`, document, i })))(
  'document $i, $name, comes out of a construct', ({ document, i }) => {
    // A document has a chart of its own: the file shows several that exclude each other.
    const chart = new Chart(new App(), 'policies');
    builders[i](chart);
    const written = Testing.synth(chart).filter(object => object.kind === document.kind).map(identity);
    expect(written).toEqual([identity(document)]);
    const matched = documents.filter(other => JSON.stringify(identity(other)) === JSON.stringify(identity(document)));
    expect(matched).toHaveLength(1);
  });
