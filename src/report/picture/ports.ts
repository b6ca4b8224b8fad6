import { Lock, PicturePort } from './data';
import { Reasons } from './reasons';
import { asList, at, own } from '../../mesh/json';
import { MeshModel } from '../../mesh/model';
import { ServerMode } from '../../mesh/server/server-mode';
import { workloadPort } from '../../mesh/services/endpoints';
import { excludedInbound } from '../../mesh/workloads/excluded-ports';
import { templatePath } from '../../mesh/workloads/pod-template';
import { Workload } from '../../mesh/workloads/workload';

/** Stands for every workload port that nothing names. No pod can listen on it. */
const OTHER_PORTS = 0;

/** The workload ports that anything names, by number, and last all others. */
export function portsOf(model: MeshModel, workload: Workload, reasons: Reasons): PicturePort[] {
  const names = new Map<number, Set<string>>();
  const add = (port: unknown, name?: string): void => {
    if (typeof port !== 'number' || !Number.isInteger(port) || port <= 0) return;
    let set = names.get(port);
    if (set === undefined) names.set(port, set = new Set());
    if (name !== undefined && name !== '') set.add(name);
  };
  for (const container of asList(at(workload.object.body, ...templatePath(workload.object), 'spec', 'containers'))) {
    for (const port of asList(own(container, 'ports'))) {
      const name = own(port, 'name');
      add(own(port, 'containerPort'), typeof name === 'string' ? name : undefined);
    }
  }
  for (const service of model.inventory.endpoints.servicesOf(workload)) {
    for (const port of service.ports) add(workloadPort(service, port, workload), `${service.name}:${port.number}`);
  }
  const isGateway = workload.isGateway && workload.dataPlane.value === 'sidecar';
  // What a gateway listens on is named by Gateway objects; it has no other ports.
  if (isGateway) return gatewayPorts(model, workload, names, reasons);
  model.sidecarPolicy(workload).namedPorts.forEach(port => add(port));
  for (const name of INBOUND_PORTS) workload.annotation(name)?.split(',').forEach(text => add(Number(text)));
  const ports = [...names.keys()].sort((a, b) => a - b);
  const found = ports.map(port => ({ port, names: [...names.get(port)!], ...sidecarPort(model, workload, port, reasons) }));
  return [...found, { port: null, names: [], ...otherPorts(model, workload, reasons) }];
}

const INBOUND_PORTS = ['traffic.sidecar.istio.io/includeInboundPorts', 'traffic.sidecar.istio.io/excludeInboundPorts'];

type Answer = Pick<PicturePort, 'mode' | 'lock' | 'because'>;

function sidecarPort(model: MeshModel, workload: Workload, port: number, reasons: Reasons): Answer {
  const mode = model.serverMode(workload, port);
  return { mode: mode.value, lock: lockOf(mode.value), because: reasons.all(mode.because) };
}

function otherPorts(model: MeshModel, workload: Workload, reasons: Reasons): Answer {
  const excluded = excludedInbound(workload, OTHER_PORTS);
  if (excluded === undefined) return sidecarPort(model, workload, OTHER_PORTS, reasons);
  return { mode: 'none', lock: 'open', because: [{ ...reasons.of(excluded), text: 'only the workload ports of this list pass the sidecar' }] };
}

/** A gateway's listeners take what its Gateway objects say, whatever the policies are. */
function gatewayPorts(model: MeshModel, gateway: Workload, names: ReadonlyMap<number, ReadonlySet<string>>, reasons: Reasons): PicturePort[] {
  return model.gatewayPorts(gateway).map(port => {
    const { servers, reason } = model.gatewayListener(gateway, port);
    const isOpen = servers.some(({ tls }) => tls === 'plain');
    return { port, names: [...names.get(port) ?? []], mode: 'gateway', lock: isOpen ? 'open' : 'closed', because: [reasons.of(reason)] };
  });
}

/** Whether plaintext gets in. */
export function lockOf(mode: ServerMode): Lock {
  return mode === 'STRICT' ? 'closed' : mode === 'unknown' ? 'unknown' : 'open';
}
