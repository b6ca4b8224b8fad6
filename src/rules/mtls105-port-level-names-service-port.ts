import { Severity } from './finding';
import { POLICY_COMPOSITION, POLICY_PORTS } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { namesOf } from './selections';
import { StrayPorts, strayPorts } from './workload-ports';
import { Kinds } from '../mesh/kinds';
import { portModeOf } from '../mesh/policies/peer-authentication';

const WORLD = `
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, ports: [{containerPort: 80}]}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec:
        selector: {app: web}
        ports: [{name: http, port: 8000, targetPort: 80}]
      ---`;

export const rule: Rule = {
  code: 'MTLS105',
  name: 'port-level-names-service-port',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'A key of portLevelMtls is a service port of the workload, and none of its workload ports.',
  why: 'A PeerAuthentication speaks of workload ports (targetPort, containerPort), a DestinationRule of service ports. The key matches nothing, so that the port '
    + 'that was meant keeps the mode of the workload: an exception does not open it, and STRICT does not close it.',
  fix: 'Write the workload port behind the service port as the key: its targetPort, or the container port that a named targetPort stands for.',
  references: [POLICY_COMPOSITION, POLICY_PORTS],
  examples: {
    invalid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
        portLevelMtls: {"8000": {mode: PERMISSIVE}}
    `,
    fixed: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
        portLevelMtls: {"80": {mode: PERMISSIVE}}
    `,
    valid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        portLevelMtls: {"80": {mode: DISABLE}}
    `,
  },
  check(context) {
    strayPorts(context).forEach(ports => judge(context, ports));
  },
};

function judge(context: RuleContext, ports: StrayPorts): void {
  const translated = ports.stray.flatMap(({ translation }) => translation ?? []);
  if (translated.length === 0) return;
  const [{ service, workload, port }] = translated;
  context.report({
    at: ports.policy.object,
    field: ['spec', 'portLevelMtls', ...translated.length === 1 ? [String(port.number)] : []],
    see: [...new Set([service.object, workload.object])],
    what: translated.map(one =>
      `${one.port.number} is a service port of ${one.service.object.title}, which leads to workload port ${one.target}`).join(', and ')
      + `: no workload port of ${namesOf(ports.workloads)} has ${translated.length === 1 ? 'this number' : 'these numbers'}`,
    fix: `Write workload ports: portLevelMtls: {${corrected(ports)}}.`,
  });
}

/** The port levels with the workload ports that were meant; a mode that is already there for one of them stays. */
function corrected({ policy, stray }: StrayPorts): string {
  const targets = new Map(stray.flatMap(({ port, translation }) => translation === undefined ? [] : [[port, translation.target]]));
  const modes = new Map<number, string>();
  for (const { port, mode } of policy.ports!) {
    const target = targets.get(port) ?? port;
    if (target === port || portModeOf(policy, target) === undefined) modes.set(target, mode ?? 'UNSET');
  }
  return [...modes].map(([port, mode]) => `"${port}": {mode: ${mode}}`).join(', ');
}
