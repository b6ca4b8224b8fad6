import { calls, deployment, Fields, namespace, policy, rule, service } from './build';
import { MeshSettings } from '../../src/mesh/settings';

const FOLDER = '/etc/istio-output-certs';
const ID = 'spiffe://cluster.local/ns/sv/sa/default';
const FILES = { clientCertificate: `${FOLDER}/cert-chain.pem`, privateKey: `${FOLDER}/key.pem`, caCertificates: `${FOLDER}/root-cert.pem` };

/** A client whose proxy may write its certificates, and a server port. */
function call(tls: Fields, { mode = 'STRICT', port = 'tcp', config, settings = {} }: {
  readonly mode?: string; readonly port?: string; readonly config?: string; readonly settings?: MeshSettings;
} = {}): string[] {
  return calls([
    namespace('cl'), namespace('sv'), deployment('cl/client', {}, { annotations: config === undefined ? {} : { 'proxy.istio.io/config': config } }),
    deployment('sv/web'), service('sv/web', { ports: [{ name: port, port: 80, targetPort: 8080 }] }), policy('sv/default', mode),
    rule('sv/r', 'web', undefined, { trafficPolicy: { tls: { mode: 'MUTUAL', ...tls } } }),
  ], 'cl/client', 'web', settings);
}

const WRITES = { config: `proxyMetadata:\n  OUTPUT_CERTS: ${FOLDER}\n` };
const MTLS = ['sv/web: tls to STRICT: mtls'];
const FAILS = ['sv/web: tls to STRICT: fail'];

describe('MUTUAL with certificates of the mesh\'s own authority', () => {
  it('passes a STRICT server on ports of TCP and TLS', () => {
    expect(['tcp', 'tls', 'https', 'mysql'].map(port => call(FILES, { ...WRITES, port }))).toEqual([MTLS, MTLS, MTLS, MTLS]);
  });

  it('is what the client\'s proxy writes, or what somebody says it is', () => {
    expect(call(FILES)).toEqual(FAILS);
    expect(call(FILES, { config: `{"proxyMetadata": {"OUTPUT_CERTS": "${FOLDER}"}}` })).toEqual(MTLS);
    expect(call(FILES, { config: `proxyMetadata:\n  # OUTPUT_CERTS: ${FOLDER}\n` })).toEqual(FAILS);
    expect(call(FILES, { config: 'proxyMetadata:\n  OUTPUT_CERTS: /etc/istio-output\n' })).toEqual(FAILS);
    expect(call(FILES, { settings: { meshIssuedCertificates: ['/etc/istio-output-certs/'] } })).toEqual(MTLS);
    expect(call(FILES, { settings: { meshIssuedCertificates: [FILES.clientCertificate, FILES.caCertificates] } })).toEqual(MTLS);
  });

  it('fails where HTTP clients look for the host\'s name in a certificate that has an identity', () => {
    for (const port of ['http', 'grpc', 'anything']) {
      expect(call(FILES, { ...WRITES, port })).toEqual(FAILS);
      expect(call({ ...FILES, subjectAltNames: [ID] }, { ...WRITES, port })).toEqual(MTLS);
      expect(call({ ...FILES, sni: 'web' }, { ...WRITES, port })).toEqual(MTLS);
      expect(call({ ...FILES, insecureSkipVerify: true }, { ...WRITES, port })).toEqual(MTLS);
    }
  });

  it('fails where the client does not trust the server', () => {
    const { caCertificates, ...own } = FILES;
    expect(call(own, WRITES)).toEqual(FAILS);
    expect(call({ ...own, insecureSkipVerify: true }, WRITES)).toEqual(MTLS);
    expect(call({ ...FILES, subjectAltNames: ['spiffe://cluster.local/ns/other/sa/default'] }, WRITES)).toEqual(FAILS);
  });

  it('hangs on a file of which nobody says what it is', () => {
    expect(call({ ...FILES, caCertificates: '/etc/ca/root.pem' }, WRITES)).toEqual(['sv/web: tls to STRICT: depends']);
  });

  it('is no mesh mTLS for a PERMISSIVE or DISABLE server, which Istio tells by its ALPN', () => {
    expect(call(FILES, { ...WRITES, mode: 'PERMISSIVE' })).toEqual(['sv/web: tls to PERMISSIVE: tls-to-app']);
    expect(call(FILES, { ...WRITES, mode: 'PERMISSIVE', port: 'http' })).toEqual(['sv/web: tls to PERMISSIVE: fail']);
    expect(call(FILES, { ...WRITES, mode: 'DISABLE' })).toEqual(['sv/web: tls to DISABLE: tls-to-app']);
  });

  it('needs a client certificate: SIMPLE fails', () => {
    expect(call({ mode: 'SIMPLE', ...FILES }, WRITES)).toEqual(FAILS);
  });
});

describe('a proxy with a certificate from a file', () => {
  const own = (side: string) => ({ 'proxy.istio.io/config': `proxyMetadata:\n  ISTIO_META_TLS_${side}_CERT_CHAIN: /etc/certs/chain.pem\n` });
  const mesh = (ofClient: Fields, ofServer: Fields, ...more: readonly unknown[]) => calls([
    namespace('cl'), namespace('sv'), deployment('cl/client', {}, { annotations: ofClient }), deployment('sv/web', {}, { annotations: ofServer }),
    service('sv/web'), ...more,
  ], 'cl/client', 'web');

  it('sends it for auto mTLS, and for every rule but DISABLE and SIMPLE, and nobody knows what becomes of it', () => {
    expect(mesh(own('CLIENT'), {})).toEqual(['sv/web: istio-mtls to PERMISSIVE: depends']);
    expect(mesh(own('CLIENT'), {}, rule('sv/r', 'web', 'ISTIO_MUTUAL'))).toEqual(['sv/web: istio-mtls to PERMISSIVE: depends']);
    expect(mesh(own('CLIENT'), {}, rule('sv/r', 'web', 'MUTUAL', { trafficPolicy: { tls: { mode: 'MUTUAL', ...FILES } } }))).toEqual(['sv/web: tls to PERMISSIVE: depends']);
    expect(mesh(own('CLIENT'), {}, rule('sv/r', 'web', 'DISABLE'))).toEqual(['sv/web: plaintext to PERMISSIVE: plaintext']);
    expect(mesh(own('CLIENT'), {}, rule('sv/r', 'web', 'SIMPLE'), policy('sv/default', 'STRICT'))).toEqual(FAILS);
  });

  it('sends it to endpoints too that auto mTLS would leave alone', () => {
    expect(mesh(own('CLIENT'), { 'sidecar.istio.io/inject': 'false' })).toEqual(['sv/web: plaintext to none: depends']);
    expect(mesh(own('CLIENT'), {}, policy('sv/web', undefined, 'web', { 8080: 'DISABLE' }))).toEqual(['sv/web: plaintext to DISABLE: depends']);
  });

  it('ends mTLS with it at the server, and passes on what it does not end', () => {
    expect(mesh({}, own('SERVER'))).toEqual(['sv/web: istio-mtls to PERMISSIVE: depends']);
    expect(mesh({}, own('SERVER'), policy('sv/default', 'DISABLE'))).toEqual(['sv/web: plaintext to DISABLE: plaintext']);
    expect(mesh(own('SERVER'), {})).toEqual(['sv/web: istio-mtls to PERMISSIVE: mtls']);
  });
});
