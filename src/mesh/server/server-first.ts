import { Decision, Reason } from '../decision';
import { Protocol } from '../services/protocol';
import { greets } from '../services/server-first';
import { Service, ServicePort } from '../services/service';
import { ResolvedMeshSettings } from '../settings';

/*
 * Calls that hang: the server greets its clients, and a proxy on the way waits
 * for the first bytes of the client to find out what it speaks.
 *
 * Sidecars look at them for the TLS of a port that is PERMISSIVE or STRICT, and
 * for the HTTP of a port that does not say its protocol (`buildListenerFromEntry`
 * in pilot/pkg/networking/core/listener.go, `populateListenerFilters` in
 * listener_inbound.go). Both wait for `protocolDetectionTimeout`. The listeners
 * of tunnels have Envoy's own time-out of 15 seconds, and ztunnel waits for nothing.
 */

/** Whether proxies wait for ever. */
export function waitsForEver({ protocolDetectionTimeout }: ResolvedMeshSettings): boolean {
  return parseFloat(protocolDetectionTimeout) === 0;
}

/** Whether a client's sidecar waits for bytes of the application before it sends any. */
export function clientWaits(port: ServicePort): boolean {
  return port.protocol === 'auto' && greets(port);
}

/** Why a call hangs whose bytes the client's sidecar looks at first. */
export function hangsAtClient(service: Service, port: ServicePort): Reason | undefined {
  return clientWaits(port) ? { object: service.object, field: port.path, text: `the server speaks first, and the client's proxy ${undeclared(port)}` } : undefined;
}

/** Why a plaintext call hangs at the server's sidecar. One that is refused, as by a STRICT port, does not. */
export function hangsAtServer(service: Service, port: ServicePort, inbound: Protocol, mode: Decision<unknown>): Reason | undefined {
  const forTls = mode.value === 'PERMISSIVE';
  if ((!forTls && (mode.value !== 'DISABLE' || inbound !== 'auto')) || !greets(port)) return undefined;
  return forTls
    ? { ...mode.decidedBy, text: `the server speaks first, and its proxy waits for bytes to tell plaintext from mTLS: ${mode.decidedBy.text}` }
    : { object: service.object, field: port.path, text: `the server speaks first, and its proxy ${undeclared(port)}` };
}

function undeclared({ number }: ServicePort): string {
  return `waits for bytes to tell the protocol of service port ${number}, which names none`;
}
