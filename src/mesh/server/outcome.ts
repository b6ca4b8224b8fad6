import { givenCertificate, isMeshIssued, meshIssuedFolders, PROXY_CONFIG } from '../client/mesh-certificates';
import { Wire } from '../client/wire';
import { Cause, Decision, decide, Reason, revalued } from '../decision';
import { asList, asText, own } from '../json';
import { GatewayListener } from './gateway-listener';
import { GatewayServer } from './gateway-server';
import { ServerMode } from './server-mode';
import { isCovered } from '../rules/host-index';
import { Endpoint } from '../services/endpoints';
import { carriesHttp, isHttp, Protocol } from '../services/protocol';
import { Service, ServicePort } from '../services/service';
import { ResolvedMeshSettings } from '../settings';
import { Workload } from '../workloads/workload';

/**
 * What becomes of a call. `tls-to-app`: TLS bytes reach the application, which
 * works only if it speaks TLS. `depends`: it hangs on what the input does not show.
 */
export type Outcome = 'mtls' | 'hbone' | 'plaintext' | 'tls-to-app' | 'fail' | 'depends';

/** A call as it arrives. */
export interface Arrival {
  readonly client: Workload;
  readonly service: Service;
  readonly port: ServicePort;
  readonly endpoint: Endpoint;
  readonly wire: Decision<Wire>;
  readonly mode: Decision<ServerMode>;
  /** What the server's proxy takes the bytes on the workload port to be. */
  readonly inbound: Protocol;
  /** What listens there, where the server is a gateway. */
  readonly listener?: GatewayListener;
  /** The subset that is called, or empty. */
  readonly subset: string;
  readonly settings: ResolvedMeshSettings;
}

/** What the server does with the bytes, and why. */
export function judgeOutcome(arrival: Arrival): Decision<Outcome> {
  const { service, port, endpoint, wire } = arrival;
  if (wire.value.sends === 'none') return revalued(wire, 'fail');
  if (service.isHeadless && endpoint.port !== port.number) {
    return decide('fail', {
      object: service.object,
      field: [...port.path, 'targetPort'],
      text: `clients of a headless service connect to the pod's port ${port.number}, and nothing translates it to ${endpoint.port}`,
      cause: 'headless-target-port',
    });
  }
  const workload = endpoint.workload;
  const open = openCertificate(arrival, workload);
  if (open !== undefined) return decide('depends', open, ...wire.because);
  if (workload?.dataPlane.value === 'ambient') return toZtunnel(arrival, workload);
  if (wire.value.sends === 'hbone') return toTunnel(arrival);
  if (workload === undefined || workload.dataPlane.value !== 'sidecar' || arrival.mode.value === 'none') return toApplication(arrival);
  return arrival.listener === undefined ? toSidecar(arrival, workload) : toGateway(arrival, workload, arrival.listener);
}

/** What auto mTLS leaves alone, and a proxy with a certificate from a file does not: it sends TLS to every endpoint. */
const SKIPPED_BY_AUTO: ReadonlySet<Cause | undefined> = new Set<Cause>(['no-sidecar', 'tls-mode-label', 'endpoint-outside', 'port-disabled', 'rule-at-endpoint']);

/**
 * Why it is not known what becomes of TLS: one of the two proxies has a
 * certificate from a file, and who issued it the manifests do not show. A client
 * sends it instead of the mesh's, for auto mTLS and for every rule but DISABLE
 * and SIMPLE (`buildUpstreamTLSSettings` in pilot/pkg/networking/core/cluster_tls.go).
 */
function openCertificate({ client, service, wire, mode }: Arrival, server: Workload | undefined): Reason | undefined {
  const { sends, ownTls } = wire.value;
  const isClients = sends === 'istio-mtls' || (ownTls?.mode === 'MUTUAL' && !service.isExternal) || SKIPPED_BY_AUTO.has(wire.decidedBy.cause);
  const isEndedByServer = (sends === 'istio-mtls' && mode.value !== 'DISABLE') || (sends === 'tls' && mode.value === 'STRICT');
  if (isClients && client.dataPlane.value === 'sidecar') {
    const file = givenCertificate(client, 'CLIENT');
    if (file !== undefined) return client.annotationReason(PROXY_CONFIG, `the client's proxy sends the certificate in ${file} instead of the mesh's, and what becomes of that is not followed`);
  }
  const file = isEndedByServer && server?.dataPlane.value === 'sidecar' ? givenCertificate(server, 'SERVER') : undefined;
  return file === undefined ? undefined : server!.annotationReason(PROXY_CONFIG, `the server's proxy has the certificate in ${file} instead of the mesh's, and what becomes of that is not followed`);
}

/** The server's ztunnel refuses connections without identity where the workload port is STRICT (ztunnel src/rbac.rs). */
function toZtunnel({ wire, mode }: Arrival, workload: Workload): Decision<Outcome> {
  const { sends, inner } = wire.value;
  if (sends === 'hbone') return revalued(wire, inner === 'tls' ? 'tls-to-app' : 'hbone');
  if (mode.value === 'STRICT') {
    return withWire('fail', { ...mode.decidedBy, text: `ztunnel refuses what is not tunnelled: ${mode.decidedBy.text}` }, wire);
  }
  if (sends === 'istio-mtls') {
    return withWire('fail', { ...workload.dataPlane.decidedBy, text: 'sidecar mTLS reaches the application of an ambient pod, which cannot read it' }, wire);
  }
  return revalued(wire, sends === 'tls' ? 'tls-to-app' : 'plaintext');
}

/** A sidecar's HBONE listener is STRICT whatever the policies say (`ForHBONE` in pilot/pkg/networking/plugin/authn). */
function toTunnel(arrival: Arrival): Decision<Outcome> {
  const { wire, endpoint, port } = arrival;
  const workload = endpoint.workload;
  if (workload?.dataPlane.value !== 'sidecar' || !workload.hasTunnel) {
    return withWire('fail', { ...wire.decidedBy, text: 'a tunnel reaches an endpoint that has no HBONE listener' }, wire);
  }
  if (wire.value.inner === 'plaintext') return revalued(wire, 'hbone');
  return carriesHttp(port.protocol) ? notHttp(arrival) : revalued(wire, 'tls-to-app');
}

function toApplication({ wire, service, endpoint, mode }: Arrival): Decision<Outcome> {
  switch (wire.value.sends) {
    case 'plaintext': return revalued(wire, 'plaintext');
    case 'tls': return revalued(wire, 'tls-to-app');
    default: {
      const workload = endpoint.workload;
      const reason = workload === undefined
        ? { object: service.object, field: endpoint.path, text: 'mesh mTLS reaches an endpoint outside the mesh' }
        : { ...mode.decidedBy, text: `mesh mTLS reaches a port that no sidecar answers: ${mode.decidedBy.text}` };
      return withWire('fail', reason, wire);
    }
  }
}

/** What a sidecar's filter chains take: `getFilterChainMatchOptions` in pilot/pkg/networking/core/filterchain_options.go. */
function toSidecar(arrival: Arrival, workload: Workload): Decision<Outcome> {
  const { wire, mode, inbound, port, endpoint, settings } = arrival;
  const { sends, subjectAltNames } = wire.value;
  const refused = (text: string): Decision<Outcome> => withWire('fail', { ...mode.decidedBy, text: `${text}: ${mode.decidedBy.text}` }, wire);
  if (sends === 'istio-mtls') {
    if (mode.value === 'DISABLE') return refused(`workload port ${endpoint.port} does not terminate mTLS`);
    const identity = identityOf(workload, settings.trustDomain);
    if (subjectAltNames.length > 0 && !subjectAltNames.includes(identity)) {
      return withWire('fail', { ...wire.decidedBy, field: [...wire.decidedBy.field.slice(0, -1), 'subjectAltNames'], text: `the server is ${identity}, which the rule does not accept`, cause: 'server-identity' }, wire);
    }
    return parses(inbound, port) ? revalued(wire, 'mtls') : notHttp(arrival);
  }
  if (mode.value === 'STRICT') {
    return (sends === 'tls' ? withMeshCertificate(arrival, workload) : undefined) ?? refused(sends === 'tls' ? 'the server wants a certificate of the mesh' : 'the server takes only mTLS');
  }
  if (sends === 'tls') {
    return isHttp(inbound) ? notHttp(arrival) : revalued(wire, 'tls-to-app');
  }
  return parses(inbound, port) ? revalued(wire, 'plaintext') : notHttp(arrival);
}

/**
 * What becomes at a STRICT port of TLS with a certificate that the mesh's own
 * authority issued; undefined for other certificates. Found by running Envoy:
 * HTTP clients compare the server's certificate with the host name, unless the
 * rule gives identities or a name (`setAutoSniAndAutoSanValidation` in
 * pilot/pkg/networking/core/cluster_tls.go).
 */
function withMeshCertificate(arrival: Arrival, workload: Workload): Decision<Outcome> | undefined {
  const { wire, client, settings, port, inbound } = arrival;
  const tls = wire.value.ownTls;
  if (tls?.mode !== 'MUTUAL') return undefined;
  const folders = meshIssuedFolders(client, settings);
  if (!isMeshIssued(tls, 'clientCertificate', folders)) return undefined;
  const say = (outcome: Outcome, field: string, text: string, cause?: Cause): Decision<Outcome> =>
    withWire(outcome, { object: tls.object, field: [...tls.path, field], text, cause }, wire);
  const identity = identityOf(workload, settings.trustDomain);
  const accepted = asList(own(tls.value, 'subjectAltNames'));
  if (own(tls.value, 'insecureSkipVerify') !== true) {
    if (!isMeshIssued(tls, 'caCertificates', folders)) {
      return asText(own(tls.value, 'caCertificates'))
        ? say('depends', 'caCertificates', 'it works if this file holds the certificate of the mesh\'s own authority')
        : say('fail', 'caCertificates', 'the client trusts the authorities of its system, and not the mesh\'s, which issued the server\'s certificate', 'server-untrusted');
    }
    if (accepted.length > 0 && !accepted.includes(identity)) {
      return say('fail', 'subjectAltNames', `the server is ${identity}, which the rule does not accept`, 'server-identity');
    }
    if (accepted.length === 0 && !asText(own(tls.value, 'sni')) && carriesHttp(port.protocol)) {
      return say('fail', 'subjectAltNames', `the client looks for the host's name in the server's certificate, which has ${identity} instead`, 'server-identity');
    }
  }
  return parses(inbound, port) ? say('mtls', 'clientCertificate', 'the mesh\'s own authority issued the certificate') : notHttp(arrival);
}

/**
 * What a gateway's listener takes. Which host leads to which server is not
 * looked at: the call works when any server of the port takes the bytes.
 */
function toGateway(arrival: Arrival, workload: Workload, { servers, reason }: GatewayListener): Decision<Outcome> {
  const { wire } = arrival;
  const outcomes = servers.map(server => gatewayOutcome(arrival, workload, server));
  const index = outcomes.findIndex(outcome => outcome !== 'fail');
  return index < 0
    ? withWire('fail', { ...reason, text: servers.length === 0 ? reason.text : `${reason.text}, which does not take what the client sends`, cause: 'gateway' }, wire)
    : withWire(outcomes[index], { object: servers[index].object, field: servers[index].path, text: 'the gateway\'s server takes what the client sends' }, wire);
}

function gatewayOutcome({ wire, service, port, subset, settings: { trustDomain } }: Arrival, workload: Workload, server: GatewayServer): Outcome {
  const { sends, subjectAltNames, sni } = wire.value;
  const parsesHttp = isHttp(server.protocol) || (server.protocol === 'https' && !server.tls.endsWith('PASSTHROUGH'));
  if (parsesHttp && !carriesHttp(port.protocol)) return 'fail';
  switch (sends) {
    case 'plaintext':
      return server.tls === 'plain' || passesTls(server, port, service) ? 'plaintext' : 'fail';
    case 'istio-mtls':
      if (subjectAltNames.length > 0 && !subjectAltNames.includes(identityOf(workload, trustDomain))) return 'fail';
      return takesMesh(server, service, sni ?? `outbound_.${port.number}_.${subset}_.${service.host}`) ? 'mtls' : 'fail';
    default:
      // MUTUAL takes a certificate that the user's authority signed; whether the client's is one cannot be seen.
      return server.tls === 'plain' ? (parsesHttp ? 'fail' : 'tls-to-app') : server.tls === 'ISTIO_MUTUAL' || server.tls === 'AUTO_PASSTHROUGH' ? 'fail' : 'tls-to-app';
  }
}

/** Whether a gateway's server ends mesh mTLS, or lets it through to what does. AUTO_PASSTHROUGH goes by the host of the service. */
function takesMesh(server: GatewayServer, service: Service, sni: string): boolean {
  switch (server.tls) {
    case 'ISTIO_MUTUAL':
    case 'PASSTHROUGH': return names(server, sni);
    case 'AUTO_PASSTHROUGH': return sni.startsWith('outbound_.') && names(server, service.host);
    default: return false;
  }
}

/** Whether a gateway lets through the TLS that the application speaks itself. */
function passesTls(server: GatewayServer, { protocol }: ServicePort, service: Service): boolean {
  return server.tls === 'PASSTHROUGH' && (protocol === 'https' || protocol === 'tls') && names(server, service.host);
}

/** Whether a gateway's server is for the name that a client asks for in its handshake. */
function names(server: GatewayServer, sni: string): boolean {
  return server.hosts.some(host => isCovered(sni, host));
}

function identityOf(workload: Workload, trustDomain: string): string {
  return `spiffe://${trustDomain}/ns/${workload.namespace}/sa/${workload.serviceAccount}`;
}

/** Whether the server's proxy can read what the application writes. */
function parses(inbound: Protocol, port: ServicePort): boolean {
  return !isHttp(inbound) || carriesHttp(port.protocol);
}

function notHttp({ wire, service, port, inbound }: Arrival): Decision<Outcome> {
  return decide('fail', { ...wire.decidedBy, text: `the server's proxy parses HTTP on this port and cannot read the bytes: ${wire.decidedBy.text}`, cause: 'protocol' },
    { object: service.object, field: port.path, text: `service port ${port.number} is ${port.protocol}, and the workload port behind it ${inbound}` }, ...wire.because);
}

function withWire(outcome: Outcome, reason: Reason, wire: Decision<Wire>): Decision<Outcome> {
  return decide(outcome, reason, ...wire.because);
}
