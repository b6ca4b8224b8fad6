import { Severity } from './finding';
import { POLICY_COMPOSITION, POLICY_PORTS } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { namesOf } from './selections';
import { mentionsPort, StrayPorts, strayPorts } from './workload-ports';
import { inCluster, namespaceOf } from '../mesh/facts';
import { asList, at, own } from '../mesh/json';
import { Kinds } from '../mesh/kinds';

const WORLD = `
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, ports: [{containerPort: 8080}, {name: metrics, containerPort: 9090}]}]}
      ---`;

export const rule: Rule = {
  code: 'MTLS106',
  name: 'port-level-names-unknown-port',
  severity: Severity.WARNING,
  reads: [Kinds.PEER_AUTHENTICATION, Kinds.SIDECAR, MODEL],
  summary: 'A key of portLevelMtls is neither a container port nor a target port of a selected workload.',
  why: 'Istio makes a filter chain for a port on which nothing listens, and the port that was meant keeps the mode of the workload: callers that the '
    + 'exception was made for are still refused.',
  fix: 'Correct the number, or declare the port in the container or the Service.',
  references: [POLICY_COMPOSITION, POLICY_PORTS],
  examples: {
    invalid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
        portLevelMtls: {"9900": {mode: PERMISSIVE}}
    `,
    fixed: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
        portLevelMtls: {"9090": {mode: PERMISSIVE}}
    `,
    valid: `${WORLD}
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec: {selector: {app: web}, ports: [{name: http-admin, port: 80, targetPort: 9900}]}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
        portLevelMtls: {"9900": {mode: PERMISSIVE}}
    `,
  },
  check(context) {
    strayPorts(context).forEach(ports => judge(context, ports));
  },
};

function judge(context: RuleContext, ports: StrayPorts): void {
  if (ports.stray.length === 0) return;
  const unknown = ports.stray
    .filter(({ port, translation }) => translation === undefined && !isMentioned(context, ports, port))
    .map(({ port }) => port);
  if (unknown.length === 0) return;
  context.report({
    at: ports.policy.object,
    field: ['spec', 'portLevelMtls', ...unknown.length === 1 ? [String(unknown[0])] : []],
    see: ports.workloads.slice(0, 5).map(one => one.object),
    what: `${unknown.join(', ')} ${unknown.length === 1 ? 'is' : 'are'} no workload port of ${namesOf(ports.workloads)} that the input shows; `
      + `it shows ${listed(ports.known)}`,
    fix: `Write the workload port that is meant (${listed(ports.known)}), or declare ${unknown.join(', ')} among the ports of the container.`,
    condition: `no container of ${namesOf(ports.workloads)} listens on ${unknown.join(' or ')} without declaring it`,
  });
}

function listed(ports: readonly number[]): string {
  return ports.slice(0, 8).join(', ') + (ports.length > 8 ? ` and ${ports.length - 8} more` : '');
}

/** Whether something else of the input speaks of the port: a Sidecar that listens on it, or what the pods are told. */
function isMentioned(context: RuleContext, { policy, workloads }: StrayPorts, port: number): boolean {
  return sidecarPorts(context).get(policy.namespace)?.has(port) === true || workloads.some(workload => mentionsPort(workload, port));
}

/** The ports on which the Sidecars of each namespace listen. */
function sidecarPorts(context: RuleContext): ReadonlyMap<string, ReadonlySet<unknown>> {
  return context.once(sidecarPorts, () => {
    const byNamespace = new Map<string, Set<unknown>>();
    for (const sidecar of inCluster(context, Kinds.SIDECAR)) {
      const ports = byNamespace.get(namespaceOf(sidecar)) ?? new Set();
      asList(own(sidecar.spec, 'ingress')).forEach(listener => ports.add(at(listener, 'port', 'number')));
      byNamespace.set(namespaceOf(sidecar), ports);
    }
    return byNamespace;
  });
}
