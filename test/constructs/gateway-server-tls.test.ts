import { Chart } from 'cdk8s';
import { refusesAtOnce, shop, synth, wrong } from './kit';
import { GatewayServerTls, GatewayServerTlsProps, NetworkingApiVersion, ServerTls, ServerTlsVersion } from '../../src/constructs';
import { expectGolden } from '../golden';

const hosts = ['shop.example.com'];
const secret = { credentialName: 'shop-cert' };
const files = { serverCertificate: '/c.pem', privateKey: '/k.pem' };
const { TLSV1_0, TLSV1_1, TLSV1_2, TLSV1_3 } = ServerTlsVersion;

const gateway = (chart: Chart, props: Partial<GatewayServerTlsProps> = {}) =>
  new GatewayServerTls(chart, 'Shop', { hosts, port: 443, tls: ServerTls.simple(secret), ...props });
const written = (tls: ServerTls, props: Partial<GatewayServerTlsProps> = {}) => gateway(shop(), { tls, ...props }).gateway.toJson().spec.servers[0];

test('a server with versions and cipher suites, and a redirect to it', () => {
  const chart = shop();
  gateway(chart, {
    tls: ServerTls.simple({ ...secret, minProtocolVersion: TLSV1_2, maxProtocolVersion: TLSV1_3, cipherSuites: ['ECDHE-RSA-AES256-GCM-SHA384'] }),
  }).addServer({ hosts, port: 80, tls: ServerTls.httpsRedirect() });
  expectGolden('gateway', chart);
});

test('selector, namespace, name and API version can be set', () => {
  const chart = shop({});
  gateway(chart, {
    selector: { istio: 'internal' }, namespace: 'edge', metadata: { name: 'edge', labels: { team: 'edge' } }, apiVersion: NetworkingApiVersion.V1BETA1,
  });
  expect(synth(chart)[0]).toMatchObject({
    apiVersion: 'networking.istio.io/v1beta1', metadata: { name: 'edge', namespace: 'edge', labels: { team: 'edge' } }, spec: { selector: { istio: 'internal' } },
  });
});

describe('writes', () => {
  test.each([
    ['SIMPLE from files', ServerTls.simple(files), 'HTTPS', { mode: 'SIMPLE', ...files }],
    ['SIMPLE from two Secrets', ServerTls.simple({ credentialNames: ['rsa', 'ecdsa'] }), 'HTTPS', { mode: 'SIMPLE', credentialNames: ['rsa', 'ecdsa'] }],
    ['MUTUAL from a Secret', ServerTls.mutual({ ...secret, subjectAltNames: ['a.b'] }), 'HTTPS', { mode: 'MUTUAL', ...secret, subjectAltNames: ['a.b'] }],
    ['MUTUAL from files', ServerTls.mutual({ ...files, caCertificates: '/ca.pem', caCrl: '/crl.pem' }), 'HTTPS',
      { mode: 'MUTUAL', ...files, caCertificates: '/ca.pem', caCrl: '/crl.pem' }],
    ['OPTIONAL_MUTUAL', ServerTls.optionalMutual(secret), 'HTTPS', { mode: 'OPTIONAL_MUTUAL', ...secret }],
    ['ISTIO_MUTUAL', ServerTls.istioMutual({ subjectAltNames: ['spiffe://a'] }), 'HTTPS', { mode: 'ISTIO_MUTUAL', subjectAltNames: ['spiffe://a'] }],
    ['PASSTHROUGH', ServerTls.passthrough(), 'TLS', { mode: 'PASSTHROUGH' }],
    ['AUTO_PASSTHROUGH', ServerTls.autoPassthrough(), 'TLS', { mode: 'AUTO_PASSTHROUGH' }],
    ['a redirect', ServerTls.httpsRedirect(), 'HTTP', { httpsRedirect: true }],
    ['old versions with cipher suites of their own', ServerTls.simple({ ...secret, minProtocolVersion: TLSV1_0, cipherSuites: ['AES128-SHA'] }), 'HTTPS',
      { mode: 'SIMPLE', ...secret, minProtocolVersion: 'TLSV1_0', cipherSuites: ['AES128-SHA'] }],
    ['expressions of OpenSSL, which Istio lets through', ServerTls.simple({ ...secret, cipherSuites: ['ALL', '!aNULL'] }), 'HTTPS',
      { mode: 'SIMPLE', ...secret, cipherSuites: ['ALL', '!aNULL'] }],
  ])('%s', (_, tls, protocol, spec) => {
    expect(written(tls)).toEqual({ hosts, port: { name: `${protocol.toLowerCase()}-443`, number: 443, protocol }, tls: spec });
  });

  test('TLS that is ended for a protocol that is not HTTP', () => {
    expect(written(ServerTls.simple(secret), { protocol: 'TLS', portName: 'mqtt' }).port).toEqual({ name: 'mqtt', number: 443, protocol: 'TLS' });
  });

  test.each(['*', '*.example.com', 'edge/shop.example.com', './*', '*/shop.example.com', '192.0.2.7'])('the host %s', host => {
    expect(written(ServerTls.simple(secret), { hosts: [host] }).hosts).toEqual([host]);
  });
});

describe('refuses', () => {
  const refused = (props: object, text: string): [(chart: Chart) => unknown, string] =>
    [chart => gateway(chart, wrong(props)), `shop/Shop (GatewayServerTls): ${text}`];
  const simple = (options: object, text: string) => refused({ tls: ServerTls.simple(wrong(options)) }, text);
  const source = "'tls' needs exactly one of credentialName, credentialNames, and serverCertificate with privateKey; got";
  const full = "'hosts[0]' must be a full host name, with a wildcard only as its first label; got";
  refusesAtOnce({
    'no TLS': refused({ tls: undefined }, "'tls' must be a ServerTls; got nothing, write ServerTls.simple({ credentialName: '…' })"),
    'no options': simple(wrong(undefined), "'tls' must be an object; got nothing"),
    'no certificate': simple({}, `${source} none`),
    'two certificates': simple({ ...secret, ...files }, `${source} credentialName, serverCertificate and privateKey`),
    'a certificate without its key': simple(
      { serverCertificate: '/c.pem' }, "'tls' needs both serverCertificate and privateKey; got only serverCertificate"),
    'a key without its certificate': simple({ privateKey: '/k.pem' }, "'tls' needs both serverCertificate and privateKey; got only privateKey"),
    'CA certificates where no client certificate is asked for': simple(
      { ...secret, caCertificates: '/ca.pem' },
      "'tls: ServerTls.simple' takes only credentialName, credentialNames, serverCertificate, privateKey, minProtocolVersion, maxProtocolVersion, "
      + "cipherSuites; got 'caCertificates'"),
    'MUTUAL from files without CA certificates': refused(
      { tls: ServerTls.mutual(files) }, "'tls' needs caCertificates, the CA certificates for the client's certificate; got none"),
    'MUTUAL from a Secret with files beside it': refused(
      { tls: ServerTls.optionalMutual({ ...secret, caCertificates: '/ca.pem', caCrl: '/crl.pem' }) },
      "'tls' has credentialName and caCertificates, caCrl, which Istio would not use; put them into the Secret (ca.crt, ca.crl)"),
    'ISTIO_MUTUAL with a certificate': refused(
      { tls: ServerTls.istioMutual(wrong({ ...secret, minProtocolVersion: TLSV1_3 })) },
      "'tls: ServerTls.istioMutual' takes only subjectAltNames; got 'credentialName', 'minProtocolVersion', "
      + 'which the certificates and the settings of the mesh decide'),
    'a version that is none': simple(
      { ...secret, minProtocolVersion: 'TLS1.2' },
      "'tls: minProtocolVersion' must be one of TLS_AUTO, TLSV1_0, TLSV1_1, TLSV1_2, TLSV1_3; got 'TLS1.2'"),
    'a least version above the greatest': simple(
      { ...secret, minProtocolVersion: TLSV1_3, maxProtocolVersion: TLSV1_2 },
      "'tls' has minProtocolVersion TLSV1_3 above maxProtocolVersion TLSV1_2; no client could connect"),
    'a greatest version below Istio\'s own least': simple(
      { ...secret, maxProtocolVersion: TLSV1_1 },
      "'tls' has minProtocolVersion TLS_AUTO (TLSV1_2) above maxProtocolVersion TLSV1_1; no client could connect"),
    'an old version without cipher suites for it': simple(
      { ...secret, minProtocolVersion: TLSV1_1 },
      "'tls' has minProtocolVersion TLSV1_1 without cipherSuites, and none of Istio's own fits it; give cipherSuites, such as ECDHE-RSA-AES128-SHA"),
    'cipher suites that TLS 1.3 does not use': simple(
      { ...secret, minProtocolVersion: TLSV1_3, cipherSuites: ['AES128-SHA'] },
      "'tls: cipherSuites' has no effect from TLS 1.3 on, which minProtocolVersion requires; leave it out"),
    'cipher suites that Istio leaves out': simple(
      { ...secret, cipherSuites: ['AES128-SHA', 'TLS_AES_128_GCM_SHA256'] },
      "'tls: cipherSuites' has 'TLS_AES_128_GCM_SHA256', which Istio does not know and leaves out; it knows "
      + 'ECDHE-ECDSA-AES128-GCM-SHA256, ECDHE-RSA-AES128-GCM-SHA256, ECDHE-ECDSA-AES256-GCM-SHA384, ECDHE-RSA-AES256-GCM-SHA384, '
      + 'ECDHE-ECDSA-CHACHA20-POLY1305, ECDHE-RSA-CHACHA20-POLY1305, ECDHE-ECDSA-AES128-SHA, ECDHE-RSA-AES128-SHA, ECDHE-ECDSA-AES256-SHA, '
      + 'ECDHE-RSA-AES256-SHA, AES128-GCM-SHA256, AES256-GCM-SHA384, AES128-SHA, AES256-SHA, DES-CBC3-SHA'),
    'a cipher suite twice': simple({ ...secret, cipherSuites: ['AES128-SHA', 'AES128-SHA'] }, "'tls: cipherSuites' has 'AES128-SHA' twice"),
    'no cipher suite in the list': simple(
      { ...secret, cipherSuites: [] }, "'tls: cipherSuites' must have at least one entry; got [], leave 'tls: cipherSuites' out instead"),
    'a protocol that does not fit': refused({ protocol: 'HTTP' }, "'protocol' must be one of HTTPS, TLS for this 'tls'; got 'HTTP'"),
    'a redirect on HTTPS': refused(
      { tls: ServerTls.httpsRedirect(), protocol: 'HTTPS' }, "'protocol' must be one of HTTP, HTTP2, GRPC for this 'tls'; got 'HTTPS'"),
    'no hosts': refused({ hosts: [] }, "'hosts' must have at least one entry; got [], leave 'hosts' out instead"),
    'a host as text': refused({ hosts: 'shop.example.com' }, "'hosts' must be an array of strings; got 'shop.example.com'"),
    'a short host': refused({ hosts: ['shop'] }, `${full} 'shop'`),
    'a wildcard in a label': refused({ hosts: ['*-a.example.com'] }, `${full} '*-a.example.com'`),
    'a host of a namespace that is none': refused(
      { hosts: ['A_B/shop.example.com'] }, "'hosts[0]' must have a namespace, '.' or '*' before the '/'; got 'A_B/shop.example.com'"),
    'a host that is none': refused({ hosts: ['a..b'] }, "'hosts[0]' must be a host name, with '*' only at its start; got 'a..b'"),
    'a port out of range': refused({ port: 0 }, "'port' must be a whole number from 1 to 65535; got 0"),
    'an empty selector': refused(
      { selector: {} }, "'selector' must have at least one label; got {}, which would make every proxy of the mesh a gateway"),
    'a name with dots': refused(
      { metadata: { name: 'shop.gw' } }, "'metadata.name' must be lower-case letters, digits and '-', at most 63 characters; got 'shop.gw'"),
    'two ports of one name': [
      chart => gateway(chart).addServer({ hosts, port: 443, tls: ServerTls.passthrough(), portName: 'https-443' }),
      "shop/Shop (GatewayServerTls): 'server: portName' must differ from those of the other servers; got 'https-443' again",
    ],
    'a server that is none': [
      chart => gateway(chart).addServer(wrong(443)),
      "shop/Shop (GatewayServerTls): 'server' must be an object; got 443",
    ],
  });
});
