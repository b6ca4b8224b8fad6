/** Client TLS settings of a DestinationRule. */

import { flag, list, message, text, words } from './notation';
import { Report, quoted } from './report';

/** Client TLS settings as the webhook sees them. */
export interface TlsSettings {
  readonly mode?: string | number;
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly credentialName?: string;
  readonly subjectAltNames?: readonly string[];
  readonly insecureSkipVerify?: boolean | null;
  readonly caCrl?: string;
}

/** CRD and proto: istio.networking.v1alpha3.ClientTLSSettings. */
export const TLS_SETTINGS = message({
  mode: words('istio.networking.v1alpha3.ClientTLSSettings.TLSmode', 'DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
  clientCertificate: text(),
  privateKey: text(),
  caCertificates: text(),
  credentialName: text(),
  subjectAltNames: list(text()),
  sni: text(),
  insecureSkipVerify: flag({ nullable: true }),
  caCrl: text(),
});

const CONFIG_MAP = 'configmap://';

/** istiod: pkg/config/validation/agent/validation.go ValidateTLS. ISTIO_MUTUAL and DISABLE are hardly checked. */
export function checkTls(tls: TlsSettings | undefined, namespace: string, report: Report): void {
  if (tls === undefined) return;
  report.down('tls');
  const simple = tls.mode === 'SIMPLE';
  const mutual = tls.mode === 'MUTUAL';
  const credential = tls.credentialName ?? '';
  if (credential.startsWith(CONFIG_MAP)) checkConfigMap(credential, namespace, report);
  if (tls.insecureSkipVerify === true) {
    const verifies = given(tls.caCertificates) || (tls.subjectAltNames !== undefined && tls.subjectAltNames.length > 0);
    if (simple && (verifies || credential !== '')) {
      report.webhook(
        'cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true', 'insecureSkipVerify', 'false');
    }
    if (mutual && verifies) {
      report.webhook('cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true', 'insecureSkipVerify', 'false');
    }
  }
  if ((simple || mutual) && credential !== '') {
    if (given(tls.clientCertificate) || given(tls.caCertificates) || given(tls.privateKey) || given(tls.caCrl)) {
      report.webhook('cannot specify client certificates or CA certificate or CA CRL If credentialName is set', 'credentialName');
    }
  } else if (mutual) {
    if (!given(tls.clientCertificate)) report.webhook('client certificate required for mutual tls', 'clientCertificate', 'a file name');
    if (!given(tls.privateKey)) report.webhook('private key required for mutual tls', 'privateKey', 'a file name');
  }
  report.up();
}

function given(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/** istiod: pilot/pkg/model/credentials ParseResourceName, for `configmap://namespace/name`. */
function checkConfigMap(credential: string, namespace: string, report: Report): void {
  const parts = credential.slice(CONFIG_MAP.length).split('/');
  let reason: string | undefined;
  if (parts.length < 2) reason = `invalid resource name ${quoted(credential)}. Expected namespace and name`;
  else if (parts[0] === '') reason = `invalid resource name ${quoted(credential)}. Expected namespace`;
  else if (parts[1] === '') reason = `invalid resource name ${quoted(credential)}. Expected name`;
  else if (parts[0] !== namespace) reason = `namespace must match the configuration namespace ${quoted(namespace)}`;
  if (reason !== undefined) {
    report.webhook(`invalid configmap:// credentialName: ${reason}`, 'credentialName', `configmap://${namespace}/NAME`);
  }
}
