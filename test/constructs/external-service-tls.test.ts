import { Chart } from 'cdk8s';
import { refusesAtOnce, shop, synth, synthKind, wrong } from './kit';
import { ClientTls, ExternalProtocol, ExternalResolution, ExternalServiceTls, ExternalServiceTlsProps, NetworkingApiVersion } from '../../src/constructs';
import { expectGolden } from '../golden';

const host = 'api.example.com';
const external = (chart: Chart, props: Partial<ExternalServiceTlsProps> = {}) => new ExternalServiceTls(chart, 'Api', { host, ...props });
const entrySpec = (props: Partial<ExternalServiceTlsProps>) => external(shop(), props).entry.toJson().spec;
const tlsSpec = (props: Partial<ExternalServiceTlsProps>) => external(shop(), props).rule.toJson().spec.trafficPolicy.tls;

test('without tls the call leaves as the application wrote it', () => {
  const chart = shop();
  external(chart);
  expectGolden('external-as-written', chart);
});

test('with SIMPLE the application calls port 80 and the proxy port 443', () => {
  const chart = shop();
  external(chart, { tls: ClientTls.simple({ caCertificates: '/etc/ssl/ca.pem' }) });
  expectGolden('external-simple', chart);
});

test('with MUTUAL, on ports of one\'s own, for a protocol of one\'s own', () => {
  const chart = shop();
  external(chart, {
    tls: ClientTls.mutual({ clientCertificate: '/c.pem', privateKey: '/k.pem' }),
    applicationPort: 3306,
    externalPort: 3307,
    protocol: ExternalProtocol.MYSQL,
    addresses: ['240.0.0.7'],
    endpoints: ['db1.example.com', 'db2.example.com'],
    exportTo: ['.'],
    apiVersion: NetworkingApiVersion.V1ALPHA3,
    metadata: { name: 'partner-db', labels: { team: 'data' } },
  });
  const [entry, rule] = synth(chart);
  const metadata = { name: 'partner-db', namespace: 'shop', labels: { team: 'data' } };
  expect(entry).toEqual({
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'ServiceEntry',
    metadata,
    spec: {
      hosts: [host],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ name: 'mysql-3306', number: 3306, protocol: 'MYSQL', targetPort: 3307 }],
      addresses: ['240.0.0.7'],
      endpoints: [{ address: 'db1.example.com' }, { address: 'db2.example.com' }],
      exportTo: ['.'],
    },
  });
  expect(rule).toMatchObject({ apiVersion: 'networking.istio.io/v1alpha3', kind: 'DestinationRule', metadata, spec: { exportTo: ['.'] } });
});

describe('the server must prove to be the host', () => {
  test('by sni and subjectAltNames, because Istio verifies names by itself for HTTP only, and only without sni', () => {
    expect(tlsSpec({ tls: ClientTls.simple() })).toEqual({ mode: 'SIMPLE', sni: host, subjectAltNames: [host] });
  });

  test('or to be what sni says', () => {
    expect(tlsSpec({ tls: ClientTls.simple({ sni: 'lb.example.com' }) }))
      .toEqual({ mode: 'SIMPLE', sni: 'lb.example.com', subjectAltNames: ['lb.example.com'] });
  });

  test('or what subjectAltNames say', () => {
    expect(tlsSpec({ tls: ClientTls.simple({ subjectAltNames: ['other.example.com'] }) }))
      .toEqual({ mode: 'SIMPLE', sni: host, subjectAltNames: ['other.example.com'] });
  });

  test('or nothing, if that is said', () => {
    expect(tlsSpec({ tls: ClientTls.simple({ insecureSkipVerify: true }) })).toEqual({ mode: 'SIMPLE', sni: host, insecureSkipVerify: true });
  });

  test('a wildcard is no name to prove', () => {
    expect(tlsSpec({ host: '*.example.com', tls: ClientTls.simple(), applicationPort: 8443, protocol: ExternalProtocol.HTTP })).toEqual({ mode: 'SIMPLE' });
  });
});

describe('ports', () => {
  test.each([
    ['plaintext HTTP', { protocol: ExternalProtocol.HTTP }, [{ name: 'http-80', number: 80, protocol: 'HTTP' }]],
    ['HTTPS of the application', { protocol: ExternalProtocol.HTTPS }, [{ name: 'https-443', number: 443, protocol: 'HTTPS' }]],
    ['another port of the host, as written', { applicationPort: 443, externalPort: 8443 },
      [{ name: 'tls-443', number: 443, protocol: 'TLS', targetPort: 8443 }]],
    ['TLS added on the port that the application calls', { tls: ClientTls.simple(), applicationPort: 8443 },
      [{ name: 'http-8443', number: 8443, protocol: 'HTTP' }]],
  ] as [string, Partial<ExternalServiceTlsProps>, object[]][])('%s', (_, props, ports) => {
    expect(entrySpec(props).ports).toEqual(ports);
  });
});

describe('resolution', () => {
  test.each([
    ['DNS for a host', {}, 'DNS'],
    ['NONE for a wildcard', { host: '*.example.com' }, 'NONE'],
    ['STATIC for addresses', { endpoints: ['192.0.2.7', '2001:db8::7'] }, 'STATIC'],
    ['DNS for endpoints by name', { host: '*.example.com', endpoints: ['lb.example.com'] }, 'DNS'],
    ['what is given', { resolution: ExternalResolution.DNS_ROUND_ROBIN }, 'DNS_ROUND_ROBIN'],
  ] as [string, Partial<ExternalServiceTlsProps>, string][])('%s', (_, props, resolution) => {
    expect(entrySpec(props).resolution).toBe(resolution);
  });
});

describe('refuses', () => {
  const refused = (props: object, text: string): [(chart: Chart) => unknown, string] =>
    [chart => external(chart, wrong(props)), `shop/Api (ExternalServiceTls): ${text}`];
  const full = "'host' must be a full host name, with a wildcard only as its first label; got";
  refusesAtOnce({
    'mesh certificates for a host outside the mesh': refused(
      { tls: ClientTls.istioMutual() },
      "'tls' must be ClientTls.disable(), simple(), mutual() or mutualFromSecret(); got ClientTls.istioMutual(), "
      + "and 'api.example.com' has no certificate of the mesh"),
    'a Secret, which sidecars cannot read': refused(
      { tls: ClientTls.mutualFromSecret({ credentialName: 'client' }) },
      "'tls' takes its certificates from Secret 'client', which sidecars cannot read for all clients: they would send plaintext; "
      + "use files, or give a 'workloadSelector' with ServiceClientTls and ServiceRef.host()"),
    'TLS twice': refused(
      { tls: ClientTls.simple(), protocol: ExternalProtocol.HTTPS },
      "'protocol' is HTTPS, which the application encrypts itself, and 'tls' would encrypt it again; leave 'tls' out, or let the application speak HTTP"),
    'a protocol that is none': refused(
      { protocol: 'https' }, "'protocol' must be one of HTTP, HTTP2, GRPC, HTTPS, TLS, TCP, MONGO, MYSQL, REDIS; got 'https'"),
    'a protocol without a usual port': refused(
      { protocol: ExternalProtocol.TCP }, "'applicationPort' is missing, and protocol TCP has no usual one; give the port that the application calls"),
    'a port out of range': refused({ externalPort: 70000 }, "'externalPort' must be a whole number from 1 to 65535; got 70000"),
    'no host': refused({ host: undefined }, "'host' must be a host name, with '*' only at its start; got nothing"),
    'a short host': refused({ host: 'api' }, `${full} 'api'`),
    'every host': refused({ host: '*' }, `${full} '*'`),
    'a wildcard in a label': refused({ host: '*-api.example.com' }, `${full} '*-api.example.com'`),
    'a Service': refused(
      { host: 'web.shop.svc.cluster.local' }, "'host' must be outside the cluster; got 'web.shop.svc.cluster.local', use ServiceClientTls for a Service"),
    'another port behind a wildcard': refused(
      { host: '*.example.com', tls: ClientTls.simple() },
      "'resolution' NONE calls the port that the application chose, 80, and cannot call 'externalPort' 443; give a host without '*', or the same port for both"),
    'NONE with endpoints': refused(
      { resolution: 'NONE', endpoints: ['192.0.2.7'] }, '\'resolution\' NONE takes no \'endpoints\'; got ["192.0.2.7"]'),
    'STATIC without addresses': refused(
      { resolution: 'STATIC', endpoints: ['lb.example.com'] }, '\'resolution\' STATIC needs \'endpoints\' that are IP addresses; got ["lb.example.com"]'),
    'DNS for a wildcard': refused(
      { host: '*.example.com', resolution: 'DNS' }, "'resolution' DNS needs a host without '*', or 'endpoints'; got '*.example.com'"),
    'two endpoints in turn': refused(
      { resolution: 'DNS_ROUND_ROBIN', endpoints: ['a.b', 'c.d'] }, '\'resolution\' DNS_ROUND_ROBIN takes one of \'endpoints\' at most; got ["a.b","c.d"]'),
    'a block of addresses by DNS': refused(
      { addresses: ['192.0.2.0/24'] },
      '\'addresses\' can only have CIDR blocks with the \'resolution\' NONE or STATIC; got ["192.0.2.0/24"] with DNS'),
    'a resolution that is none': refused({ resolution: 'dns' }, "'resolution' must be one of DNS, DNS_ROUND_ROBIN, STATIC, NONE; got 'dns'"),
    'endpoints that are no list': refused({ endpoints: '192.0.2.7' }, "'endpoints' must be an array of strings; got '192.0.2.7'"),
  });
});

test('what the server proves is written once for both objects of one host', () => {
  const chart = shop();
  external(chart, { tls: ClientTls.simple() });
  expect(synthKind(chart, 'DestinationRule')[0].spec.host).toBe(synthKind(chart, 'ServiceEntry')[0].spec.hosts[0]);
});
