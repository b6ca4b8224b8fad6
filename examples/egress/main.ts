import { App, Chart } from 'cdk8s';
import { ClientTls, ExternalProtocol, ExternalServiceTls } from 'cdk8s-istio-mtls';

/*
 * Hosts outside the mesh: one that is called as the application wrote it, one
 * for which the sidecar originates TLS, one that wants a client certificate.
 */

const app = new App();
const chart = new Chart(app, 'egress', { namespace: 'shop' });

new ExternalServiceTls(chart, 'legacy', { host: 'legacy.example.com', applicationPort: 8080, protocol: ExternalProtocol.HTTP });

new ExternalServiceTls(chart, 'rates', {
  host: 'rates.example.com',
  tls: ClientTls.simple({ caCertificates: '/etc/ssl/certs/ca-certificates.crt', subjectAltNames: ['rates.example.com'] }),
});

new ExternalServiceTls(chart, 'partner', {
  host: 'partner.example.com',
  applicationPort: 80,
  externalPort: 8443,
  tls: ClientTls.mutual({
    clientCertificate: '/etc/certs/client.pem',
    privateKey: '/etc/certs/client.key',
    caCertificates: '/etc/certs/ca.pem',
    subjectAltNames: ['partner.example.com'],
  }),
});

app.synth();
