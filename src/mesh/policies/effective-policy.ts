import { Decision, decide, Reason } from '../decision';
import { ResolvedMeshSettings } from '../settings';
import { MODE, MtlsMode, PeerAuthentication, PortMode, portMode, portModeOf } from './peer-authentication';
import { PolicyIndex } from './policy-index';
import { Workload } from '../workloads/workload';

/** What a workload's sidecar accepts, on its ports in general and on single ones. */
export class EffectivePolicy {
  /** The answers for single ports; a policy names few of them. */
  private ports?: { readonly level: PortMode; readonly decision: Decision<MtlsMode> }[];

  constructor(readonly mode: Decision<MtlsMode>, private readonly workload: PeerAuthentication | undefined) {}

  /** Whether some port does not end mTLS. */
  get isDisabledAnywhere(): boolean {
    return this.mode.value === 'DISABLE' || (this.workload?.ports ?? []).some(({ mode }) => mode === 'DISABLE');
  }

  /** The workload ports that the policy for the workload names. */
  get namedPorts(): readonly number[] {
    return (this.workload?.ports ?? []).map(({ port }) => port);
  }

  /** The mode of a workload port. */
  port(workloadPort: number): Decision<MtlsMode> {
    const level = this.workload && portModeOf(this.workload, workloadPort);
    if (level === undefined) return this.mode;
    const known = this.ports?.find(one => one.level === level);
    if (known !== undefined) return known.decision;
    const decision = this.decide(level);
    if (this.ports === undefined) this.ports = [{ level, decision }];
    else this.ports.push({ level, decision });
    return decision;
  }

  private decide({ port, mode }: PortMode): Decision<MtlsMode> {
    const text = mode === undefined ? `workload port ${port} sets no mode of its own` : `workload port ${port} is ${mode}`;
    const reason: Reason = { object: this.workload!.object, field: portMode(port), text };
    return mode === undefined
      ? { ...this.mode, because: [...this.mode.because, reason] }
      : decide(mode, reason, ...this.mode.because);
  }
}

/** Istio's answer where no policy says anything. */
const DEFAULT: Reason = { field: [], text: 'no PeerAuthentication sets a mode, and Istio\'s default is PERMISSIVE' };

/**
 * The policies that hold for sidecars: `ComposePeerAuthentication` in
 * pilot/pkg/security/authn/policy_applier.go, over what `addPeerAuthentication`
 * in pilot/pkg/model/authentication.go keeps.
 *
 * Of each scope only the oldest policy counts, and it counts whole: one that
 * sets nothing still hides a younger one. A selector in the root namespace is
 * ignored, even for the workloads of the root namespace.
 */
export class SidecarPolicies {
  private readonly composed = new Map<PeerAuthentication | string, EffectivePolicy>();

  constructor(private readonly index: PolicyIndex, private readonly settings: ResolvedMeshSettings) {}

  /** What holds for pods with these labels in this namespace. */
  of(workload: Pick<Workload, 'namespace' | 'label' | 'eachLabel'>): EffectivePolicy {
    const own = workload.namespace === this.settings.rootNamespace ? undefined : this.index.selecting(workload);
    const key = own ?? workload.namespace;
    let policy = this.composed.get(key);
    if (policy === undefined) {
      this.composed.set(key, policy = new EffectivePolicy(this.compose(workload.namespace, own), own));
    }
    return policy;
  }

  /**
   * The mode of a namespace as clients see it when they decide whether a service
   * can take mTLS at all (`GetNamespaceMutualTLSMode`): policies for single
   * workloads are not looked at.
   */
  namespaceMode(namespace: string): Decision<MtlsMode> {
    let policy = this.composed.get(namespace);
    if (policy === undefined) {
      this.composed.set(namespace, policy = new EffectivePolicy(this.compose(namespace, undefined), undefined));
    }
    return policy.mode;
  }

  private compose(namespace: string, own: PeerAuthentication | undefined): Decision<MtlsMode> {
    const { rootNamespace } = this.settings;
    const mesh = this.index.of(rootNamespace).general[0];
    const general = namespace === rootNamespace ? undefined : this.index.of(namespace).general[0];
    if (own?.mode !== undefined) return decide(own.mode, { object: own.object, field: MODE, text: `the workload is ${own.mode}` });
    const passedOver: Reason[] = [];
    for (const policy of [own, general, mesh]) {
      if (policy === undefined) continue;
      const scope = policy === own ? 'the workload' : policy === general ? `namespace ${namespace}` : 'the whole mesh';
      if (policy.mode !== undefined) {
        return decide(policy.mode, { object: policy.object, field: MODE, text: `${scope} is ${policy.mode}` }, ...passedOver);
      }
      passedOver.push({ object: policy.object, field: MODE, text: `the policy for ${scope} sets no mode, so the wider one holds` });
    }
    return decide('PERMISSIVE', DEFAULT, ...passedOver);
  }
}
