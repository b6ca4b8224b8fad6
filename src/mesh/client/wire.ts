import { Decision, decide, Reason, revalued } from '../decision';
import { ClientTls } from './client-tls';
import { SidecarPolicies } from '../policies/effective-policy';
import { endpointTls, portPolicy, TlsSettings } from '../rules/traffic-policy';
import { Endpoint } from '../services/endpoints';
import { Service, ServicePort } from '../services/service';
import { ResolvedMeshSettings } from '../settings';
import { namesTunnel, TLS_MODE, TUNNEL } from '../workloads/workload';

/** What is on the wire. `plaintext` is what the application wrote, which may be its own TLS. */
export type ClientSends = 'plaintext' | 'istio-mtls' | 'tls' | 'hbone' | 'none' | 'unknown';

/** The bytes that reach the server. */
export interface Wire {
  readonly sends: ClientSends;
  /** What is inside an HBONE tunnel. */
  readonly inner: 'plaintext' | 'tls';
  /** The identities of which the server must have one; empty for any of the service's own. */
  readonly subjectAltNames: readonly string[];
  /** The name that the client asks for in a mesh handshake, where it is not the one that Istio makes of service, port and subset. */
  readonly sni?: string;
  /** The settings of the TLS that the client originates by itself. */
  readonly ownTls?: TlsSettings;
}

/** A wire without anything special. */
export function bare(sends: ClientSends): Wire {
  return { sends, inner: 'plaintext', subjectAltNames: [] };
}

/** Whether others can reach the endpoint by HBONE: it is captured by ambient, or its sidecar says so (`supportTunnel`). */
export function takesHbone(endpoint: Endpoint): boolean {
  const { workload } = endpoint;
  return workload === undefined ? namesTunnel(endpoint.label(TUNNEL)) : workload.dataPlane.value === 'ambient' || workload.hasTunnel;
}

/**
 * The endpoint's half of the answer: the metadata that `buildEnvoyLbEndpoint`
 * and `checkMtlsEnabled` (pilot/pkg/xds/endpoints) give it, matched against the
 * transport sockets of the client's cluster (`applyUpstreamTLSSettings`).
 */
export function judgeWire(
  tls: Decision<ClientTls>, service: Service, endpoint: Endpoint, port: ServicePort, policies: SidecarPolicies, settings: ResolvedMeshSettings,
): Decision<Wire> {
  const { sends, isAuto, isBroken, isOriginalDestination, subjectAltNames, sni } = tls.value;
  const plain: Wire = {
    ...bare(sends), subjectAltNames, sni, ownTls: sends === 'tls' ? portPolicy(tls.value.rule, port.number, tls.value.subset).tls : undefined,
  };
  if (isOriginalDestination || isBroken) {
    return revalued(tls, plain);
  }
  const speaksMtls = endpoint.tlsMode === 'istio';
  // Legacy mTLS is preferred wherever the label says that the endpoint takes it.
  const tunnel = !speaksMtls && takesHbone(endpoint);
  if (tunnel && settings.ambient) {
    const wire: Wire = { sends: 'hbone', inner: sends === 'tls' ? 'tls' : 'plaintext', subjectAltNames: [] };
    const reason: Reason = endpoint.workload?.dataPlane.value === 'ambient'
      ? { ...endpoint.workload.dataPlane.decidedBy, text: 'the endpoint is in ambient, so the client\'s proxy tunnels to it' }
      : endpoint.workload?.labelReason(TUNNEL, 'the pod says that its sidecar takes HBONE')
        ?? { object: service.object, field: endpoint.path, text: 'the endpoint says that it takes HBONE' };
    return decide(wire, { ...reason, cause: 'tunnel' }, ...tls.because);
  }
  if (!isAuto) {
    return revalued(tls, plain);
  }
  if (!speaksMtls || tunnel) {
    const workload = endpoint.workload;
    const reason: Reason = workload === undefined
      ? { object: service.object, field: endpoint.path, text: 'the endpoint does not say that it speaks mTLS', cause: 'endpoint-outside' }
      : workload.label(TLS_MODE) !== undefined
        ? { ...workload.labelReason(TLS_MODE, 'the label tells clients that the pod does not speak mTLS'), cause: 'tls-mode-label' }
        : { ...workload.dataPlane.decidedBy, text: `${workload.key} has no sidecar to speak mTLS: ${workload.dataPlane.decidedBy.text}`, cause: 'no-sidecar' };
    return decide(bare('plaintext'), reason, ...tls.because);
  }
  const mode = endpointTls(tls.value.rule, port.number, tls.value.subset);
  if (mode !== undefined) {
    // The cluster has no tls of its own here, or auto mTLS would not be on: a port entry without tls hides it there and not here.
    const reason: Reason = {
      object: mode.object, field: [...mode.path, 'mode'], text: `the rule's ${mode.mode} still decides for each endpoint`, cause: 'rule-at-endpoint',
    };
    return decide(mode.mode === 'ISTIO_MUTUAL' ? plain : bare('plaintext'), reason, ...tls.because);
  }
  const policy = policies.of(endpoint.workload ?? endpoint).port(endpoint.port);
  return policy.value === 'DISABLE'
    ? decide(bare('plaintext'), { ...policy.decidedBy, text: `auto mTLS leaves the endpoint out: ${policy.decidedBy.text}`, cause: 'port-disabled' }, ...policy.because.slice(1), ...tls.because)
    : revalued(tls, plain);
}
