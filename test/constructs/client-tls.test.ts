import { Chart } from 'cdk8s';
import { refusesAtOnce, shop, wrong } from './kit';
import { ClientTls, ServiceClientTls, ServiceRef } from '../../src/constructs';

const rule = (chart: Chart, tls: ClientTls) => new ServiceClientTls(chart, 'rule', { service: ServiceRef.named('web', 'shop'), tls, gatewaysOnly: true });
const written = (tls: ClientTls) => rule(shop(), tls).rule.toJson().spec.trafficPolicy.tls;
const files = { clientCertificate: '/c.pem', privateKey: '/k.pem' };

describe('writes', () => {
  test('DISABLE', () => {
    expect(written(ClientTls.disable())).toEqual({ mode: 'DISABLE' });
  });

  test('ISTIO_MUTUAL, with a server name and identities', () => {
    expect(written(ClientTls.istioMutual())).toEqual({ mode: 'ISTIO_MUTUAL' });
    expect(written(ClientTls.istioMutual({ sni: 'web', subjectAltNames: ['spiffe://td/ns/shop/sa/web'] })))
      .toEqual({ mode: 'ISTIO_MUTUAL', sni: 'web', subjectAltNames: ['spiffe://td/ns/shop/sa/web'] });
  });

  test('SIMPLE, with nothing, with files, with a Secret, with a ConfigMap', () => {
    expect(written(ClientTls.simple())).toEqual({ mode: 'SIMPLE' });
    const all = { caCertificates: '/ca.pem', caCrl: '/crl.pem', sni: 'a.b', subjectAltNames: ['a.b'], insecureSkipVerify: false };
    expect(written(ClientTls.simple(all))).toEqual({ mode: 'SIMPLE', ...all });
    expect(written(ClientTls.simple({ credentialName: 'ca' }))).toEqual({ mode: 'SIMPLE', credentialName: 'ca' });
    expect(written(ClientTls.simple({ credentialName: 'configmap://shop/ca' }))).toEqual({ mode: 'SIMPLE', credentialName: 'configmap://shop/ca' });
  });

  test('SIMPLE without verification', () => {
    expect(written(ClientTls.simple({ insecureSkipVerify: true, sni: 'a.b' }))).toEqual({ mode: 'SIMPLE', sni: 'a.b', insecureSkipVerify: true });
  });

  test('MUTUAL, with files', () => {
    expect(written(ClientTls.mutual({ ...files, caCertificates: '/ca.pem' }))).toEqual({ mode: 'MUTUAL', ...files, caCertificates: '/ca.pem' });
  });

  test('MUTUAL, with a Secret, even without verification', () => {
    expect(written(ClientTls.mutualFromSecret({ credentialName: 'client', insecureSkipVerify: true })))
      .toEqual({ mode: 'MUTUAL', credentialName: 'client', insecureSkipVerify: true });
  });
});

describe('refuses', () => {
  const refused = (tls: () => ClientTls, text: string): [(chart: Chart) => unknown, string] =>
    [chart => rule(chart, tls()), `shop/rule (ServiceClientTls): 'tls${text}`];
  refusesAtOnce({
    'certificates beside ISTIO_MUTUAL': refused(
      () => ClientTls.istioMutual(wrong({ clientCertificate: '/c.pem', caCertificates: '/ca.pem' })),
      ": ClientTls.istioMutual' takes only sni, subjectAltNames; got 'clientCertificate', 'caCertificates', "
      + 'which Istio ignores beside the certificates of the mesh'),
    'insecureSkipVerify beside ISTIO_MUTUAL': refused(
      () => ClientTls.istioMutual(wrong({ insecureSkipVerify: true })),
      ": ClientTls.istioMutual' takes only sni, subjectAltNames; got 'insecureSkipVerify', which Istio ignores beside the certificates of the mesh"),
    'a client certificate beside SIMPLE': refused(
      () => ClientTls.simple(wrong({ clientCertificate: '/c.pem' })),
      ": ClientTls.simple' takes only caCertificates, credentialName, caCrl, sni, subjectAltNames, insecureSkipVerify; got 'clientCertificate'"),
    'MUTUAL without options': refused(() => ClientTls.mutual(wrong(undefined)), "' must be an object; got nothing"),
    'MUTUAL without a certificate': refused(
      () => ClientTls.mutual(wrong({ privateKey: '/k.pem' })), ": clientCertificate' must be a text that is not blank; got nothing"),
    'MUTUAL without a key': refused(
      () => ClientTls.mutual(wrong({ clientCertificate: '/c.pem' })), ": privateKey' must be a text that is not blank; got nothing"),
    'MUTUAL with files and a Secret': refused(
      () => ClientTls.mutual(wrong({ ...files, credentialName: 'client' })),
      ": ClientTls.mutual' takes only clientCertificate, privateKey, caCertificates, caCrl, sni, subjectAltNames, insecureSkipVerify; "
      + "got 'credentialName'"),
    'MUTUAL from no Secret': refused(
      () => ClientTls.mutualFromSecret(wrong({})), ": credentialName' must be a text that is not blank; got nothing"),
    'SIMPLE with a Secret and files': refused(
      () => ClientTls.simple({ credentialName: 'ca', caCertificates: '/ca.pem', caCrl: '/crl.pem' }),
      "' has 'credentialName' and 'caCertificates', 'caCrl'; Istio takes certificates from a Secret or from files, not from both"),
    'no verification, with CA certificates': refused(
      () => ClientTls.simple({ insecureSkipVerify: true, caCertificates: '/ca.pem' }),
      "' has 'insecureSkipVerify: true' and 'caCertificates', which would verify nothing; keep one of the two"),
    'no verification, with a Secret of CA certificates': refused(
      () => ClientTls.simple({ insecureSkipVerify: true, credentialName: 'ca' }),
      "' has 'insecureSkipVerify: true' and 'credentialName', which would verify nothing; keep one of the two"),
    'no verification, with names': refused(
      () => ClientTls.mutual({ ...files, insecureSkipVerify: true, subjectAltNames: ['a.b'], caCrl: '/crl.pem' }),
      "' has 'insecureSkipVerify: true' and 'caCrl', 'subjectAltNames', which would verify nothing; keep one of the two"),
    'no names in a list of names': refused(
      () => ClientTls.simple({ subjectAltNames: [] }),
      ": subjectAltNames' must have at least one entry; got [], leave 'tls: subjectAltNames' out instead"),
    'names that are no list': refused(
      () => ClientTls.simple({ subjectAltNames: wrong('a.b') }), ": subjectAltNames' must be an array of strings; got 'a.b'"),
    'insecureSkipVerify as text': refused(
      () => ClientTls.simple({ insecureSkipVerify: wrong('yes') }), ": insecureSkipVerify' must be true or false; got 'yes'"),
    'a blank file': refused(() => ClientTls.simple({ caCertificates: ' ' }), ": caCertificates' must be a text that is not blank; got ' '"),
    'a ConfigMap of another namespace': refused(
      () => ClientTls.simple({ credentialName: 'configmap://other/ca' }),
      ": credentialName' must name a ConfigMap in the rule's namespace 'shop'; got 'configmap://other/ca'"),
    'a ConfigMap in another form': refused(
      () => ClientTls.simple({ credentialName: 'configmap://ca' }),
      ": credentialName' must be configmap://<namespace>/<name>; got 'configmap://ca'"),
    'an object that is no ClientTls': refused(
      () => wrong({ mode: 'SIMPLE' }), '\' must be a ClientTls; got {"mode":"SIMPLE"}, write ClientTls.istioMutual()'),
  });
});
