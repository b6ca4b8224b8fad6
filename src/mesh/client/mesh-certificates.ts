import { asText, own } from '../json';
import { TlsSettings } from '../rules/traffic-policy';
import { ResolvedMeshSettings } from '../settings';
import { Workload } from '../workloads/workload';

/** The annotation with a pod's own ProxyConfig, as YAML. */
export const PROXY_CONFIG = 'proxy.istio.io/config';

/**
 * The folder to which a pod's proxy writes the certificates that the mesh's
 * authority gives it (`OUTPUT_CERTS`, pilot/cmd/pilot-agent/options/options.go).
 * It is one field of YAML in an annotation, for which no parser is loaded.
 */
export function ownCertificates(client: Workload): string | undefined {
  return proxyMetadata(client, 'OUTPUT_CERTS');
}

/**
 * The file of the certificate that a pod's proxy is given instead of the mesh's,
 * for calls or for its server side (`TLSClientCertChain` and
 * `TLSServerCertChain` in pkg/model/proxy.go). Istio keeps this for old installations.
 */
export function givenCertificate(workload: Workload, side: 'CLIENT' | 'SERVER'): string | undefined {
  return proxyMetadata(workload, `ISTIO_META_TLS_${side}_CERT_CHAIN`);
}

function proxyMetadata(workload: Workload, name: string): string | undefined {
  const config = workload.annotation(PROXY_CONFIG);
  return config === undefined ? undefined : new RegExp(`^[^#\\n]*\\b${name}["']?\\s*:\\s*["']?([^\\s"',}#]+)`, 'm').exec(config)?.[1];
}

/** The files and folders, as a client's proxy sees them, with certificates of the mesh's authority. */
export function meshIssuedFolders(client: Workload, { meshIssuedCertificates }: ResolvedMeshSettings): readonly string[] {
  const folder = ownCertificates(client);
  return folder === undefined ? meshIssuedCertificates : [folder, ...meshIssuedCertificates];
}

/** Whether a field of a rule's `tls` names a file that the mesh's authority issued. */
export function isMeshIssued({ value }: TlsSettings, field: 'clientCertificate' | 'caCertificates', folders: readonly string[]): boolean {
  const file = asText(own(value, field)) ?? '';
  return folders.some(folder => file === folder || file.startsWith(folder.endsWith('/') ? folder : `${folder}/`));
}
