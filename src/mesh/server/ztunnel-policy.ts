import { Decision, decide, Reason } from '../decision';
import { MODE, MtlsMode, PeerAuthentication, portMode, portModeOf } from '../policies/peer-authentication';
import { NamespacePolicies } from '../policies/policy-index';
import { Workload } from '../workloads/workload';

/** A rule by which ztunnel refuses connections without identity: on the ports listed, or on all but those. */
interface Denial {
  readonly only?: ReadonlySet<number>;
  readonly except?: ReadonlySet<number>;
}

/** What ztunnel refuses on a workload's ports. */
export interface ZtunnelPolicy {
  readonly denials: readonly Denial[];
  /** The policy that decides for the ports in general. */
  readonly general: Reason;
  /** The policy whose ports count, where one does. */
  readonly ports?: PeerAuthentication;
}

/** Everything is refused that has no identity. */
const STRICT: Denial = { except: new Set() };

/**
 * The policies that are attached to an ambient workload:
 * `convertedSelectorPeerAuthentications` in
 * pilot/pkg/serviceregistry/ambient/authorization.go.
 *
 * Ambient knows no DISABLE: a port either refuses connections without identity
 * or takes both. Two quirks are Istio's: `selector: {}` is no selector here for
 * the workload's own namespace only, and an exception of DISABLE is lost where
 * the workload sets no mode and its parent is STRICT.
 */
export function ztunnelPolicy(workload: Workload, own: NamespacePolicies, selecting: PeerAuthentication | undefined,
  root: NamespacePolicies, isRoot: boolean): ZtunnelPolicy {
  const mesh = isRoot ? root.first : plainPolicy(root);
  const general = isRoot ? undefined : own.first;
  const single = isRoot ? undefined : selecting;
  const scopes = [single, general, mesh].filter(policy => policy?.mode !== undefined);
  const deciding = scopes[0];
  const reason: Reason = deciding === undefined
    ? { field: [], text: 'no PeerAuthentication sets a mode, so plaintext is taken' }
    : { object: deciding.object, field: MODE, text: `${workload.key} is ${deciding.mode}` };
  const isStrict = deciding?.mode === 'STRICT';
  const plain: ZtunnelPolicy = { denials: isStrict ? [STRICT] : [], general: reason };
  if (single?.ports === undefined) return plain;
  const modes = single.ports.map(({ mode }) => mode);
  const needsConversion = single.mode === 'STRICT'
    ? modes.some(mode => mode === 'PERMISSIVE' || mode === 'DISABLE')
    : single.mode !== undefined
      ? modes.includes('STRICT')
      : modes.includes(isStrict ? 'PERMISSIVE' : 'STRICT');
  if (!needsConversion) return plain;
  // The converted policy stands in for the general one, and holds its strictness where it has any.
  return { denials: convert(single, plainPolicy(own), plainPolicy(root)), general: reason, ports: single };
}

/** The policy of a scope as the conversion sees it, which takes only those without any selector field (`PolicyCollections` in policies.go). */
function plainPolicy({ general }: NamespacePolicies): PeerAuthentication | undefined {
  return general.find(({ hasSelectorField }) => !hasSelectorField);
}

/**
 * A policy for a workload's ports as ztunnel gets it: `convertPeerAuthentication`
 * in authorization.go. An empty result is a policy that does not exist, and
 * ztunnel skips those: everything is taken.
 */
function convert(policy: PeerAuthentication, namespace: PeerAuthentication | undefined, mesh: PeerAuthentication | undefined): Denial[] {
  const { mode } = policy;
  const denials: Denial[] = [];
  const exceptions = new Set<number>();
  const meshHolds = (namespace === undefined || namespace.mode === undefined) && mesh?.mode === 'STRICT';
  // The condition on the workload's mode binds only to the first of the two, as it does in Istio.
  const parentEnforces = mode === 'STRICT' || (mode === undefined && namespace?.mode === 'STRICT') || meshHolds;
  const parentIsOpen = namespace !== undefined ? namespace.mode !== 'STRICT' : mesh?.mode !== 'STRICT';
  for (const { port, mode: own } of policy.ports ?? []) {
    if (own === 'STRICT') {
      if (!parentEnforces) denials.push({ only: new Set([port]) });
    } else if (own !== undefined) {
      if (mode === 'PERMISSIVE' || mode === 'DISABLE' || (mode === undefined && parentIsOpen)) continue;
      exceptions.add(port);
    }
  }
  if (exceptions.size > 0) denials.push({ except: exceptions });
  return denials;
}

/** Whether an ambient workload refuses connections without identity on a port. */
export function ztunnelMode({ denials, general, ports }: ZtunnelPolicy, workloadPort: number): Decision<MtlsMode> {
  const isStrict = denials.some(({ only, except }) => only?.has(workloadPort) ?? !except?.has(workloadPort));
  const mode: MtlsMode = isStrict ? 'STRICT' : 'PERMISSIVE';
  if (ports === undefined || portModeOf(ports, workloadPort) === undefined) return decide(mode, general);
  return decide(mode, {
    object: ports.object,
    field: portMode(workloadPort),
    text: isStrict
      ? `ztunnel refuses connections without identity on workload port ${workloadPort}`
      : `ztunnel takes plaintext on workload port ${workloadPort}`,
  }, general);
}
