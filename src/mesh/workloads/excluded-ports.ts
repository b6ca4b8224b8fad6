import { Reason } from '../decision';
import { Workload } from './workload';

const INCLUDE_INBOUND = 'traffic.sidecar.istio.io/includeInboundPorts';
const EXCLUDE_INBOUND = 'traffic.sidecar.istio.io/excludeInboundPorts';
const EXCLUDE_OUTBOUND = 'traffic.sidecar.istio.io/excludeOutboundPorts';

/** Why connections to a workload port do not pass the sidecar; undefined when they do. */
export function excludedInbound(workload: Workload, workloadPort: number): Reason | undefined {
  if (workload.dataPlane.value !== 'sidecar') return undefined;
  const included = workload.annotation(INCLUDE_INBOUND);
  if (included !== undefined && included !== '*') {
    // The list of excluded ports only counts beside "all ports".
    return lists(included, workloadPort)
      ? undefined
      : workload.annotationReason(INCLUDE_INBOUND, `workload port ${workloadPort} is not among the ports that pass the sidecar`);
  }
  if (isAgentPort(workloadPort)) {
    return workload.objectReason(['metadata', 'name'], `workload port ${workloadPort} is the Istio agent's own and never passes the sidecar`);
  }
  return lists(workload.annotation(EXCLUDE_INBOUND), workloadPort)
    ? workload.annotationReason(EXCLUDE_INBOUND, `workload port ${workloadPort} does not pass the sidecar`)
    : undefined;
}

/** Why the calls of a workload to a port do not pass its sidecar; undefined when they do. */
export function excludedOutbound(workload: Workload, servicePort: number): Reason | undefined {
  return workload.dataPlane.value === 'sidecar' && lists(workload.annotation(EXCLUDE_OUTBOUND), servicePort)
    ? workload.annotationReason(EXCLUDE_OUTBOUND, `calls to port ${servicePort} do not pass the client's sidecar`)
    : undefined;
}

/** Whether all connections to a workload pass its sidecar, but those to the agent's own ports. */
export function passesSidecar(workload: Workload): boolean {
  return workload.annotation(INCLUDE_INBOUND) === undefined && workload.annotation(EXCLUDE_INBOUND) === undefined;
}

/** Whether connections to a workload port go to the Istio agent itself, whose ports the iptables rules always leave alone (tools/istio-iptables). */
export function isAgentPort(workloadPort: number): boolean {
  return workloadPort === 15020 || workloadPort === 15021 || workloadPort === 15090;
}

/** What a workload says about the calls that do not pass its sidecar; empty for nothing. */
export function outboundExclusions(workload: Workload): string {
  return workload.annotation(EXCLUDE_OUTBOUND) ?? '';
}

function lists(ports: string | undefined, port: number): boolean {
  return ports !== undefined && ports.split(',').some(item => item.trim() === String(port));
}
