import { Action, Alternative, AuthorizationPolicy, authorizationPoliciesFor } from './authorization-policies';
import { Severity } from './finding';
import { joinMesh } from './join-mesh';
import { MODEL, Rule, RuleContext } from './rule';
import { ANY_PORT } from './stand-ins';
import { isGateway, namesPorts, portsOf } from './strict-ports';
import { Connection } from '../mesh/connection';
import { Decision } from '../mesh/decision';
import { Kinds } from '../mesh/kinds';
import { MeshObject } from '../mesh/object';
import { ServerMode } from '../mesh/server/server-mode';
import { Workload } from '../mesh/workloads/workload';

const world = (mode: string, action = 'ALLOW') => `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio-injection: enabled}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: api, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: api}}
          spec:
            containers: [{name: api, ports: [{containerPort: 8080}]}]
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: api, namespace: shop}
      spec:
        selector: {matchLabels: {app: api}}
        action: ${action}
        rules:
          - from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}]
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec:
        mtls: {mode: ${mode}}
`;

export const rule: Rule = {
  code: 'MTLS601',
  name: 'identity-without-mtls',
  severity: Severity.ERROR,
  reads: [Kinds.AUTHORIZATION_POLICY, Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'An AuthorizationPolicy asks who calls (principals, namespaces, service accounts, SNI) on a workload port where callers need not say so by mTLS.',
  why: 'The identity of a caller is its certificate. Where the connection is plaintext there is none: a field that asks for one never matches, and its '
    + 'opposite always does. Requests get "RBAC: access denied" without a reason that anybody sees, or pass a policy that was to keep them out.',
  fix: 'Make the workload port STRICT, so that every caller has an identity.',
  references: [
    { title: 'Istio: AuthorizationPolicy, Source', where: 'https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source' },
    { title: 'How principals become Envoy principals, which need a certificate', where: 'pilot/pkg/security/authz/model/generator.go' },
  ],
  examples: {
    invalid: world('DISABLE'),
    fixed: world('STRICT'),
    // Callers without an identity are not allowed, as they should be.
    valid: world('PERMISSIVE'),
  },
  check(context) {
    if (context.ofKind(Kinds.AUTHORIZATION_POLICY).length === 0) return;
    const faults = new Map<MeshObject, Fault>();
    const waiting: Waiting[] = [];
    for (const workload of context.model.inventory.workloads) {
      const { value } = workload.dataPlane;
      if ((value === 'sidecar' || value === 'ambient') && !isGateway(workload)) judge(context, workload, faults, waiting);
    }
    if (waiting.length > 0) judgeCalls(context, waiting, faults);
    faults.forEach(fault => report(context, fault));
  },
};

/** A port on which an alternative does not do what it says. */
interface Effect {
  readonly workload: Workload;
  readonly port: number;
  readonly mode: Decision<ServerMode>;
}

/** A policy that does not do what it says, by its first alternative that does not. */
interface Fault {
  readonly policy: AuthorizationPolicy;
  readonly alternative: Alternative;
  readonly effects: Effect[];
  readonly text: string;
  isSure: boolean;
  readonly calls: Set<string>;
  /** What has known callers send plaintext to a port that would take mTLS. */
  readonly sender?: Connection;
}

/** Callers that a policy allows by name, on ports to which they may yet speak plaintext. */
interface Waiting {
  readonly policy: AuthorizationPolicy;
  readonly alternative: Alternative;
  readonly workload: Workload;
}

/** What comes of an alternative where no caller has an identity. */
const WITHOUT: { readonly [action in Action]: { readonly wanted: string; readonly unwanted: string } } = {
  ALLOW: { wanted: 'never matches, so every request is denied', unwanted: 'matches every caller, so nobody is kept out' },
  DENY: { wanted: 'never matches, so nobody is denied', unwanted: 'matches every caller, so everybody is denied' },
  CUSTOM: { wanted: 'never matches, so the provider is never asked', unwanted: '' },
  AUDIT: { wanted: '', unwanted: '' },
};

/** What comes of it where callers may have none: only what lets them pass is a fault. */
const PERHAPS: { readonly [action in Action]: { readonly wanted: string; readonly unwanted: string } } = {
  ALLOW: { wanted: '', unwanted: 'matches every caller that speaks plaintext, and lets it in' },
  DENY: { wanted: 'does not match callers that speak plaintext, who get past it', unwanted: '' },
  CUSTOM: { wanted: 'does not match callers that speak plaintext, who get past the provider', unwanted: '' },
  AUDIT: { wanted: '', unwanted: '' },
};

function judge(context: RuleContext, workload: Workload, faults: Map<MeshObject, Fault>, waiting: Waiting[]): void {
  // Nearly always: everything is STRICT.
  if (!namesPorts(context, workload.namespace) && context.model.serverMode(workload, ANY_PORT).value === 'STRICT') return;
  const policies = authorizationPoliciesFor(context, workload);
  if (!policies.some(({ alternatives }) => alternatives.some(({ identity }) => identity !== 'none'))) return;
  const ports = [...portsOf(context, workload)].sort((a, b) => a - b)
    .map((port): Effect => ({ workload, port, mode: context.model.serverMode(workload, port) }));
  for (const policy of policies) {
    const { action } = policy;
    for (const alternative of policy.alternatives) {
      if (alternative.identity === 'none') continue;
      const judged = ports.filter(({ port, mode }) => alternative.appliesTo(port) && mode.value !== 'none');
      const isAllow = action === 'ALLOW' && alternative.identity === 'wanted';
      const open = judged.filter(({ port }) => !isAllow || !some(policies, 'ALLOW', 'none', port));
      const never = open.filter(({ mode }) => mode.value === 'DISABLE');
      const perhaps = open.filter(({ mode }) => mode.value === 'PERMISSIVE');
      add(faults, policy, alternative, never, WITHOUT[action][alternative.identity], never.length === judged.length);
      add(faults, policy, alternative, perhaps.filter(({ port }) => admitsPlaintext(policies, port)), PERHAPS[action][alternative.identity], false);
      if (isAllow && perhaps.length > 0 && alternative.names !== undefined) waiting.push({ policy, alternative, workload });
    }
  }
}

/** Whether any policy of an action has an alternative of a kind for a workload port. */
function some(policies: readonly AuthorizationPolicy[], wanted: Action, identity: Alternative['identity'], port: number): boolean {
  return policies.some(({ action, alternatives }) => action === wanted && alternatives.some(one => one.identity === identity && one.appliesTo(port)));
}

/** Whether the policies of a workload taken together let in callers without an identity: nothing denies them, and nothing else is asked of them. */
function admitsPlaintext(policies: readonly AuthorizationPolicy[], port: number): boolean {
  if (some(policies, 'DENY', 'unwanted', port)) return false;
  return policies.every(({ action }) => action !== 'ALLOW') || some(policies, 'ALLOW', 'none', port) || some(policies, 'ALLOW', 'unwanted', port);
}

function add(
  faults: Map<MeshObject, Fault>, policy: AuthorizationPolicy, alternative: Alternative, effects: readonly Effect[], text: string, isSure: boolean,
): void {
  if (effects.length === 0 || text === '') return;
  const fault = faults.get(policy.object);
  if (fault === undefined || (isSure && !fault.isSure)) {
    faults.set(policy.object, { policy, alternative, effects: [...effects], text, isSure, calls: new Set() });
  } else if (fault.alternative === alternative && fault.text === text) {
    fault.effects.push(...effects);
  }
}

/** Known calls in plaintext of callers that a policy allows by name: they are denied, although the port would take their mTLS. */
function judgeCalls(context: RuleContext, waiting: readonly Waiting[], faults: Map<MeshObject, Fault>): void {
  const byServer = new Map<Workload, Waiting[]>();
  for (const one of waiting) {
    const list = byServer.get(one.workload);
    if (list === undefined) byServer.set(one.workload, [one]);
    else list.push(one);
  }
  const { inventory, known } = context.model;
  const called = new Set([...byServer.keys()].flatMap(server => inventory.endpoints.servicesOf(server)).map(({ host }) => host));
  for (const client of inventory.workloads) {
    if (client.dataPlane.value !== 'sidecar' && client.dataPlane.value !== 'none') continue;
    for (const { host, port: number } of known.callsOf(client)) {
      if (!called.has(host)) continue;
      for (const service of inventory.servicesOf(host)) {
        const port = service.ports.find(one => one.number === number);
        for (const connection of port === undefined ? [] : context.model.callsTo(client, service, port)) {
          if (connection.subset === '' && connection.outcome.value === 'plaintext') denied(context, connection, byServer.get(connection.server!) ?? [], faults);
        }
      }
    }
  }
}

function denied(context: RuleContext, connection: Connection, waiting: readonly Waiting[], faults: Map<MeshObject, Fault>): void {
  const { client, targetPort, serverMode } = connection;
  const identity = `ns/${client.namespace}/sa/${client.serviceAccount}`;
  for (const { policy, alternative, workload } of waiting) {
    const isNamed = ['cluster.local', context.settings.trustDomain].some(domain => alternative.names!(`${domain}/${identity}`, client.namespace));
    if (!isNamed || !alternative.appliesTo(targetPort) || serverMode.value !== 'PERMISSIVE') continue;
    const call = `${client.key} -> ${connection.host}:${connection.port}`;
    const fault = faults.get(policy.object);
    if (fault?.sender !== undefined) fault.calls.add(call);
    if (fault !== undefined) continue;
    const text = `allows ${client.key}, ${client.dataPlane.value === 'none' ? 'which has no proxy' : 'whose proxy sends plaintext'}, so that it is denied`;
    const effects = [{ workload, port: targetPort, mode: serverMode }];
    faults.set(policy.object, { policy, alternative, effects, text, isSure: true, calls: new Set([call]), sender: connection });
  }
}

function report(context: RuleContext, { policy, alternative, effects, text, isSure, calls, sender }: Fault): void {
  const deciders = new Set(effects.map(({ mode }) => mode.decidedBy.object).filter(object => object !== undefined).map(object => object!));
  const senders = [sender?.wire.decidedBy.object].filter(object => object !== undefined).map(object => object!);
  const [{ mode }] = effects;
  const places = effects.slice(0, MOST_PLACES).map(({ workload, port }) => `${port} of ${workload.key}`).join(', ');
  const more = effects.length > MOST_PLACES ? ` and ${effects.length - MOST_PLACES} more` : '';
  const sendMtls = senders.length === 0 ? 'give its host a DestinationRule with tls.mode ISTIO_MUTUAL'
    : `set tls.mode in ${senders[0].title} to ISTIO_MUTUAL`;
  const decider = mode.decidedBy.object;
  const beStrict = decider === undefined ? 'write a PeerAuthentication with mtls.mode STRICT' : `set the mode in ${decider.title} to STRICT`;
  const isOpen = deciders.size === 0 && context.settings.openWorld;
  context.report({
    at: policy.object,
    field: alternative.field,
    see: [...new Set([...senders, ...deciders, ...effects.slice(0, MOST_PLACES).map(({ workload }) => workload.object)])],
    calls: [...calls],
    what: `${alternative.title} of the ${policy.action} policy ${text}: workload port ${places}${more} is ${mode.value} (${decider === undefined ? 'by default' : `from ${decider.title}`})`,
    fix: sender?.client.dataPlane.value === 'none' ? `${joinMesh(context, sender.client)}, or allow it by its address (ipBlocks).`
      : sender !== undefined ? `Have ${sender.client.key} send mTLS: ${sendMtls}.`
        : `Make workload port ${places}${more} STRICT: ${beStrict}, or take ${alternative.title} out of the policy.`,
    ...isSure ? {} : { severity: Severity.WARNING },
    ...isOpen && !isSure ? { condition: 'no PeerAuthentication of the cluster makes the port STRICT (the input has none that does)' } : {},
  });
}

/** So many ports are named; a policy of a namespace can be for hundreds. */
const MOST_PLACES = 3;
