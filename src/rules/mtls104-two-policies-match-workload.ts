import { Severity } from './finding';
import { inheritsExplicitly, setsNothing } from './peer-authentications';
import { POLICY_COMPOSITION, POLICY_ORDER } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { namesOf, parentMode, Selection, selections } from './selections';
import { Kinds } from '../mesh/kinds';
import { MtlsMode, PeerAuthentication, portModeOf } from '../mesh/policies/peer-authentication';
import { Workload } from '../mesh/workloads/workload';

export const rule: Rule = {
  code: 'MTLS104',
  name: 'two-policies-match-workload',
  severity: Severity.ERROR,
  reads: [Kinds.PEER_AUTHENTICATION, MODEL],
  summary: 'The selectors of two PeerAuthentications of a namespace match the same workload. An error where they answer differently, else a warning.',
  why: 'Istio takes the oldest policy that selects a pod, as a whole, and ignores the others: with equal age the first by name, and in ambient any of them. Modes and ports are '
    + 'never merged, so that a port that was opened is closed, or one that was closed is open, and no status says so.',
  fix: 'Put what is meant for the workload into one policy, or change the selectors so that no workload is selected by both.',
  references: [POLICY_COMPOSITION, POLICY_ORDER],
  examples: {
    invalid: `
      apiVersion: v1
      kind: Namespace
      metadata: {name: dev, labels: {istio-injection: enabled}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: runner, namespace: dev}
      spec:
        template:
          metadata: {labels: {app: runner}}
          spec: {containers: [{name: runner, ports: [{containerPort: 8000}, {containerPort: 9000}]}]}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: exception-1, namespace: dev}
      spec:
        selector: {matchLabels: {app: runner}}
        mtls: {mode: STRICT}
        portLevelMtls: {"9000": {mode: PERMISSIVE}}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: exception-2, namespace: dev}
      spec:
        selector: {matchLabels: {app: runner}}
        mtls: {mode: STRICT}
        portLevelMtls: {"8000": {mode: PERMISSIVE}}
    `,
    fixed: `
      apiVersion: v1
      kind: Namespace
      metadata: {name: dev, labels: {istio-injection: enabled}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: runner, namespace: dev}
      spec:
        template:
          metadata: {labels: {app: runner}}
          spec: {containers: [{name: runner, ports: [{containerPort: 8000}, {containerPort: 9000}]}]}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: exception-1, namespace: dev}
      spec:
        selector: {matchLabels: {app: runner}}
        mtls: {mode: STRICT}
        portLevelMtls: {"9000": {mode: PERMISSIVE}, "8000": {mode: PERMISSIVE}}
    `,
    valid: `
      apiVersion: v1
      kind: Namespace
      metadata: {name: dev, labels: {istio-injection: enabled}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: runner, namespace: dev}
      spec:
        template:
          metadata: {labels: {app: runner}}
          spec: {containers: [{name: runner, ports: [{containerPort: 8000}, {containerPort: 9000}]}]}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: dev}
      spec: {mtls: {mode: STRICT}}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: exception, namespace: dev}
      spec:
        selector: {matchLabels: {app: runner}}
        portLevelMtls: {"9000": {mode: PERMISSIVE}}
    `,
  },
  check(context) {
    for (const selection of selections(context)) {
      const { policies: [first], won, lost } = selection;
      const losses = [...lost].flatMap(([winner, workloads]) => lossTo(winner, workloads));
      const own = lossTo(first, won);
      for (const loser of selection.policies) {
        const all = loser === first ? losses : [...own, ...losses];
        if (all.length > 0) judge(loser, selection, all, context);
      }
    }
  },
};

/** The workloads for which another policy counts. */
interface Loss {
  readonly winner: PeerAuthentication;
  readonly workloads: readonly Workload[];
  /** Whether it is not known of any of them that it has a proxy. */
  readonly isOpen: boolean;
}

/** A policy that sets nothing is a fault of its own (MTLS109 speaks), and without a proxy no policy has any effect. */
function lossTo(winner: PeerAuthentication, workloads: readonly Workload[]): Loss[] {
  if (setsNothing(winner.object)) return [];
  const concerned = workloads.filter(({ dataPlane, isGateway }) => dataPlane.value !== 'none' && !isGateway);
  return concerned.length === 0 ? [] : [{ winner, workloads: concerned, isOpen: concerned.every(({ dataPlane }) => dataPlane.value === 'unknown') }];
}

function judge(loser: PeerAuthentication, selection: Selection, losses: readonly Loss[], context: RuleContext): void {
  if (setsNothing(loser.object) && !inheritsExplicitly(loser.object)) return;
  const parent = parentMode(context, loser.namespace);
  const worst = losses.find(loss => differenceOf(loss.winner, loser, parent) !== undefined) ?? losses[0];
  const { winner, workloads } = worst;
  const difference = differenceOf(winner, loser, parent);
  const isOpen = losses.every(loss => loss.isOpen);
  const winners = [...new Set(losses.slice(0, 4).map(loss => loss.winner))];
  // A policy that is only known to be present cannot be changed here; the one that hides it can.
  const [at, other] = loser.object.origin.judged ? [loser, winner] : [winner, loser];
  context.report({
    at: at.object,
    field: ['spec', 'selector'],
    see: [other, ...winners.filter(one => one !== at && one !== other), workloads[0]].map(({ object }) => object),
    what: `${loser.object.title} is ignored for ${namesOf(workloads)}: `
      + `${winner.object.title} ${seniority(winner, loser, workloads)}${difference === undefined ? ', and says the same' : `, so that ${difference}`}`,
    fix: fixFor(winner, loser, losses.length === 1 && winner === selection.policies[0], workloads[0]),
    severity: difference === undefined || isOpen ? Severity.WARNING : undefined,
    ...isOpen ? { condition: `namespace ${JSON.stringify(loser.namespace)}, which is not in the input, is in the mesh` } : {},
  });
}

/** What holds and what the ignored policy says instead; undefined where both say the same. */
function differenceOf(winner: PeerAuthentication, loser: PeerAuthentication, parent: MtlsMode): string | undefined {
  const differences: string[] = [];
  const ports = new Set([winner, loser].flatMap(policy => policy.ports ?? []).map(({ port }) => port));
  for (const port of [...ports].sort((a, b) => a - b)) {
    const [is, wanted] = [winner, loser].map(policy => portModeOf(policy, port)?.mode ?? policy.mode ?? parent);
    if (is !== wanted) differences.push(`workload port ${port} is ${is} and not ${wanted}`);
  }
  const [is, wanted] = [winner, loser].map(policy => policy.mode ?? parent);
  if (is !== wanted) differences.unshift(`the workload is ${is} and not ${wanted}`);
  return differences.length === 0 ? undefined : differences.slice(0, 4).join(', ');
}

function seniority(winner: PeerAuthentication, loser: PeerAuthentication, workloads: readonly Workload[]): string {
  if (winner.createdAt !== loser.createdAt) return 'is older and already selects it';
  // istiod's index for ambient breaks no ties.
  return workloads.some(({ dataPlane }) => dataPlane.value === 'ambient')
    ? 'selects it too, and of two policies of one age any may win in ambient'
    : 'is first by name and already selects it';
}

function fixFor(winner: PeerAuthentication, loser: PeerAuthentication, sameSelector: boolean, workload: Workload): string {
  const clash = (winner.ports ?? []).some(({ port, mode }) => {
    const other = portModeOf(loser, port);
    return other !== undefined && other.mode !== mode;
  });
  if (!sameSelector || clash || winner.mode !== loser.mode) {
    return `Write what is meant for ${workload.object.kind} ${workload.key} into one of the two, `
      + 'and delete the other or change its selector so that it does not match.';
  }
  const ports = new Map([winner, loser].flatMap(policy => policy.ports ?? []).map(({ port, mode }) => [port, mode ?? 'UNSET']));
  const merged = [...ports].map(([port, mode]) => `"${port}": {mode: ${mode}}`).join(', ');
  return `Delete ${loser.object.title}${ports.size === 0 ? '' : ` and write the ports of both into ${winner.object.title}: portLevelMtls: {${merged}}`}.`;
}
