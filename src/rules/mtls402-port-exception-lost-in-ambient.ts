import { ANY_OTHER_PORT } from './ambient-workloads';
import { Severity } from './finding';
import { AMBIENT_POLICIES, AMBIENT_POLICIES_PAGE } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { namesOf, parentPolicy, selections } from './selections';
import { Kinds } from '../mesh/kinds';
import { MtlsMode, PeerAuthentication, peerAuthentication } from '../mesh/policies/peer-authentication';
import { Workload } from '../mesh/workloads/workload';

const WORLD = `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, ports: [{containerPort: 8080}, {containerPort: 9090}]}]}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: istio-system}
      spec: {mtls: {mode: STRICT}}
      ---`;

export const rule: Rule = {
  code: 'MTLS402',
  name: 'port-exception-lost-in-ambient',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'Port modes of a PeerAuthentication do not survive the conversion for ztunnel: an exception is lost, or the whole workload is opened.',
  why: 'istiod converts a policy with ports for ztunnel, and some forms convert to nothing: an unset mode with DISABLE ports, or one below a namespace policy '
    + 'that sets no mode. Callers are refused on a port that was opened, or every port takes plaintext although the mesh is STRICT.',
  fix: 'Set mtls.mode to STRICT in the policy itself, and PERMISSIVE for the ports that take plaintext: this form is converted as it is meant.',
  references: [AMBIENT_POLICIES, AMBIENT_POLICIES_PAGE],
  examples: {
    settings: { ambient: true },
    invalid: `${WORLD}
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        portLevelMtls: {"9090": {mode: DISABLE}}
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
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        portLevelMtls: {"9090": {mode: PERMISSIVE}}
    `,
  },
  check(context) {
    if (!context.settings.ambient) return;
    for (const { policies: [policy], won } of selections(context)) {
      if (policy.ports === undefined) continue;
      // All workloads of a selection have one policy and one parent, and so one answer.
      const captured = won.filter(({ dataPlane }) => dataPlane.value === 'ambient');
      if (captured.length > 0) judge(context, policy, captured);
    }
  },
};

function judge(context: RuleContext, policy: PeerAuthentication, workloads: readonly Workload[]): void {
  const { model } = context;
  const parent = parentInAmbient(context, policy.namespace);
  const meant = policy.mode ?? parent ?? 'PERMISSIVE';
  const isStrict = (port: number): boolean => model.serverMode(workloads[0], port).value === 'STRICT';
  const wrong: string[] = [];
  if (isStrict(ANY_OTHER_PORT) !== (meant === 'STRICT')) {
    wrong.push(`the workload as a whole ${takes(isStrict(ANY_OTHER_PORT))}, although it is meant to be ${meant}`);
  }
  for (const { port, mode } of policy.ports ?? []) {
    if (mode !== undefined && isStrict(port) !== (mode === 'STRICT')) wrong.push(`workload port ${port} ${takes(isStrict(port))}, although it is ${mode}`);
  }
  if (wrong.length === 0) return;
  const decided = parentPolicy(context, policy.namespace);
  context.report({
    at: policy.object,
    field: policy.mode === undefined ? ['spec', 'mtls'] : ['spec', 'portLevelMtls'],
    see: [...decided === undefined ? [] : [decided.object], ...workloads.slice(0, 4).map(({ object }) => object)],
    what: `the port modes do not reach ztunnel as they are written: for ${namesOf(workloads)}, ${wrong.join(', and ')}`,
    fix: meant === 'STRICT' ? strictForm(policy) : namespaceForm(policy, parent ?? 'STRICT'),
  });
}

/** What a parent is to ztunnel: a policy with an empty selector in the root namespace is none there (MTLS404 speaks). */
function parentInAmbient(context: RuleContext, namespace: string): MtlsMode | undefined {
  const parent = parentPolicy(context, namespace);
  if (parent === undefined) return undefined;
  const { namespace: scope, hasSelectorField } = peerAuthentication(parent.object);
  return hasSelectorField && scope === context.settings.rootNamespace ? undefined : parent.mode;
}

function takes(isStrict: boolean): string {
  return isStrict ? 'refuses plaintext' : 'takes plaintext';
}

/** The form that the conversion keeps: STRICT in the policy itself, and PERMISSIVE for what is open. */
function strictForm({ object, ports = [] }: PeerAuthentication): string {
  const levels = ports.filter(({ mode }) => mode !== undefined)
    .map(({ port, mode }) => `"${port}": {mode: ${mode === 'STRICT' ? 'STRICT' : 'PERMISSIVE'}}`);
  return `Write in ${object.title}: mtls: {mode: STRICT}, portLevelMtls: {${levels.join(', ')}}.`;
}

/** A STRICT port below an open workload is forgotten where the mesh is STRICT and the namespace sets no mode of its own. */
function namespaceForm({ namespace }: PeerAuthentication, mode: MtlsMode): string {
  return `Give namespace ${JSON.stringify(namespace)} the mode of the mesh in a policy of its own, without a selector: mtls: {mode: ${mode}}. `
    + 'Below it the ports count as they are written.';
}
