import { ANY_OTHER_PORT } from './ambient-workloads';
import { Severity } from './finding';
import { POLICY_COMPOSITION } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { namesOf, policyOf } from './selections';
import { shownPorts } from './workload-ports';
import { Decision, Reason } from '../mesh/decision';
import { FieldPath, pathText } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { MeshObject } from '../mesh/object';
import { MtlsMode } from '../mesh/policies/peer-authentication';
import { ServerMode } from '../mesh/server/server-mode';
import { Workload } from '../mesh/workloads/workload';

const WORLD = `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio-injection: enabled}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {template: {metadata: {labels: {app: web}}}}
      ---`;

export const rule: Rule = {
  code: 'MTLS701',
  name: 'below-floor',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'A workload in the mesh, or a port of it, has a mode below the floor that was asked for. Off unless a floor is given.',
  why: 'The house wants every workload port at the floor or above. Below STRICT, a port takes plaintext from anybody who reaches it.',
  fix: 'Raise the mode of the policy that decides, or acknowledge the exception with its reason.',
  references: [POLICY_COMPOSITION],
  examples: {
    house: { floor: 'STRICT' },
    invalid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: PERMISSIVE}}
    `,
    fixed: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: STRICT}}
    `,
    valid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: istio-system}
      spec: {mtls: {mode: STRICT}}
    `,
  },
  check(context) {
    const { floor } = context.house;
    if (floor === undefined || floor === 'DISABLE') return;
    const faults: Faults = new Map();
    for (const list of [context.model.inventory.workloads, context.model.inventory.machines]) {
      for (const workload of list) judge(context, workload, floor, faults);
    }
    for (const byField of faults.values()) {
      for (const fault of byField.values()) report(context, fault, floor);
    }
  },
};

/** One field that keeps workloads below the floor. */
interface Fault {
  readonly at: MeshObject;
  readonly field: FieldPath;
  readonly mode: ServerMode;
  readonly reason: Reason;
  readonly workloads: Workload[];
  /** The workload ports that are meant; empty for the ports in general. */
  readonly ports: Set<number>;
}

/** What keeps workloads below the floor, by object and field. */
type Faults = Map<MeshObject, Map<string, Fault>>;

const RANK: { readonly [mode in MtlsMode | 'none']: number } = { STRICT: 2, PERMISSIVE: 1, DISABLE: 0, none: 0 };

/** The agent's own ports, which nothing of the mesh protects. */
const AGENT_PORTS = new Set([15020, 15021, 15090]);

function judge(context: RuleContext, workload: Workload, floor: MtlsMode, faults: Faults): void {
  const plane = workload.dataPlane.value;
  // A gateway's listeners do not go by policies, and who has no proxy has no mode.
  if (workload.isGateway || (plane !== 'sidecar' && plane !== 'ambient')) return;
  const named = policyOf(context, workload)?.ports?.map(({ port }) => port) ?? [];
  const captured = plane === 'sidecar' && CAPTURE.some(name => workload.annotation(name) !== undefined) ? [...shownPorts(context, workload)] : [];
  for (const port of new Set([ANY_OTHER_PORT, ...named, ...captured])) {
    const decision = context.model.serverMode(workload, port);
    if (!isBelow(decision, floor) || (decision.value === 'none' && (port === ANY_OTHER_PORT || AGENT_PORTS.has(port)))) continue;
    file(context, workload, port, decision, faults);
  }
}

const CAPTURE = ['traffic.sidecar.istio.io/includeInboundPorts', 'traffic.sidecar.istio.io/excludeInboundPorts'];

function isBelow({ value }: Decision<ServerMode>, floor: MtlsMode): boolean {
  return value !== 'unknown' && RANK[value] < RANK[floor];
}

/** Files what is below the floor under the field that decides; where no object does, under the namespace. */
function file(context: RuleContext, workload: Workload, port: number, decision: Decision<ServerMode>, faults: Faults): void {
  const { decidedBy: reason, value: mode } = decision;
  const at = reason.object ?? context.model.inventory.namespace(workload.namespace).object ?? workload.object;
  const field = reason.object === undefined ? [] : reason.field;
  let byField = faults.get(at);
  if (byField === undefined) faults.set(at, byField = new Map<string, Fault>());
  const key = pathText(field);
  let fault = byField.get(key);
  if (fault === undefined) byField.set(key, fault = { at, field, mode, reason, workloads: [], ports: new Set() });
  if (fault.workloads[fault.workloads.length - 1] !== workload) fault.workloads.push(workload);
  if (port !== ANY_OTHER_PORT) fault.ports.add(port);
}

function report(context: RuleContext, { at, field, mode, reason, workloads, ports }: Fault, floor: MtlsMode): void {
  const isPort = mode === 'none' || field.includes('portLevelMtls');
  const numbers = [...ports].sort((a, b) => a - b).slice(0, 8).join(', ');
  const accepts = mode === 'none' ? 'does not pass the sidecar and takes whatever comes' : `${isPort || workloads.length === 1 ? 'is' : 'are'} ${mode}`;
  context.report({
    at,
    field,
    see: workloads.filter(({ object }) => object !== at).slice(0, 5).map(({ object }) => object),
    what: `${isPort ? `workload port ${numbers} of ` : ''}${namesOf(workloads)} ${accepts}, below the floor ${floor}`
      + (reason.object === undefined ? `: ${reason.text}` : ''),
    fix: fixFor(at, field, workloads[0].namespace, floor, isPort ? numbers : '', reason),
  });
}

function fixFor(at: MeshObject, field: FieldPath, namespace: string, floor: MtlsMode, ports: string, reason: Reason): string {
  const exception = ' Where it is needed, acknowledge MTLS701 there with the reason.';
  if (reason.object === undefined) {
    return `Give namespace ${JSON.stringify(namespace)} or the mesh a policy: metadata: {name: default, namespace: ${namespace}}, spec: {mtls: {mode: ${floor}}}.${exception}`;
  }
  if (at.key !== Kinds.PEER_AUTHENTICATION) return `Let workload port ${ports} pass the sidecar: correct ${pathText(field)} of ${at.title}.${exception}`;
  return ports === ''
    ? `Write mtls: {mode: ${floor}} in ${at.title}.${exception}`
    : `Write "${ports}": {mode: ${floor}} under portLevelMtls of ${at.title}, or remove the port there.${exception}`;
}
