import { Decision, LazyDecision, Reason } from '../decision';
import { ResolvedMeshSettings } from '../settings';
import { MODE, MtlsMode, PeerAuthentication, PortMode, portMode, portModeOf } from './peer-authentication';
import { PolicyIndex } from './policy-index';
import { Workload } from '../workloads/workload';

/** Istio's answer where no policy says anything. */
const DEFAULT: Reason = { field: [], text: 'no PeerAuthentication sets a mode, and Istio\'s default is PERMISSIVE' };

/**
 * What a workload's sidecar accepts, on its ports in general and on single ones.
 *
 * As a decision it is the mode of the ports in general: of the policies for the
 * workload, its namespace and the mesh, the first that sets one decides.
 */
export class EffectivePolicy extends LazyDecision<MtlsMode> {
  /** The answers for single ports, each of which knows the next; a policy names few of them. */
  private first?: PortDecision;

  /**
   * @param own the policy for the workload
   * @param wider those for its namespace and for the mesh
   */
  constructor(private readonly own: PeerAuthentication | undefined, private readonly wider: WiderPolicies) {
    super(own?.mode ?? wider.general?.mode ?? wider.mesh?.mode ?? 'PERMISSIVE');
  }

  /** The mode of the ports that no policy names. */
  get mode(): Decision<MtlsMode> {
    return this;
  }

  /** Whether some port does not end mTLS. */
  get isDisabledAnywhere(): boolean {
    return this.value === 'DISABLE' || (this.own?.ports ?? []).some(({ mode }) => mode === 'DISABLE');
  }

  /** The workload ports that the policy for the workload names. */
  get namedPorts(): readonly number[] {
    return (this.own?.ports ?? []).map(({ port }) => port);
  }

  /** The mode of a workload port. */
  port(workloadPort: number): Decision<MtlsMode> {
    const level = this.own && portModeOf(this.own, workloadPort);
    if (level === undefined) return this;
    for (let known = this.first; known !== undefined; known = known.next) {
      if (known.level === level) return known;
    }
    return this.first = new PortDecision(level, this.own!, this, this.first);
  }

  /** The same with a policy for the workload. It is kept with the policy, for all meshes that have the same wider ones. */
  with(own: PeerAuthentication): EffectivePolicy {
    const known = own.note as EffectivePolicy | undefined;
    if (known !== undefined && known.wider.general === this.wider.general && known.wider.mesh === this.wider.mesh) return known;
    const policy = new EffectivePolicy(own, this.wider);
    own.note = policy;
    return policy;
  }

  protected explain(): readonly Reason[] {
    const passedOver: Reason[] = [];
    const { own, wider: { namespace, general, mesh } } = this;
    for (const policy of [own, general, mesh]) {
      if (policy === undefined) continue;
      const scope = policy === own ? 'the workload' : policy === general ? `namespace ${namespace}` : 'the whole mesh';
      if (policy.mode !== undefined) {
        return [{ object: policy.object, field: MODE, text: `${scope} is ${policy.mode}` }, ...passedOver];
      }
      passedOver.push({ object: policy.object, field: MODE, text: `the policy for ${scope} sets no mode, so the wider one holds` });
    }
    return [DEFAULT, ...passedOver];
  }
}

/** The policies that hold where none is for single workloads. */
interface WiderPolicies {
  readonly namespace: string;
  readonly general: PeerAuthentication | undefined;
  readonly mesh: PeerAuthentication | undefined;
}

/** The mode of a workload port that a policy names. */
class PortDecision extends LazyDecision<MtlsMode> {
  constructor(
    readonly level: PortMode, private readonly policy: PeerAuthentication, private readonly general: Decision<MtlsMode>,
    readonly next: PortDecision | undefined) {
    super(level.mode ?? general.value);
  }

  protected explain(): readonly Reason[] {
    const { level: { port, mode }, policy: { object }, general } = this;
    return mode === undefined
      ? [...general.because, { object, field: portMode(port), text: `workload port ${port} sets no mode of its own` }]
      : [{ object, field: portMode(port), text: `workload port ${port} is ${mode}` }, ...general.because];
  }
}

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
  /** What holds in a namespace for the workloads without a policy of their own. */
  private readonly wide = new Map<string, EffectivePolicy>();

  constructor(private readonly index: PolicyIndex, private readonly settings: ResolvedMeshSettings) {}

  /** What holds for pods with these labels in this namespace. */
  of(workload: Pick<Workload, 'namespace' | 'label' | 'eachLabel'>): EffectivePolicy {
    const own = workload.namespace === this.settings.rootNamespace ? undefined : this.index.selecting(workload);
    return this.compose(workload.namespace, own);
  }

  /**
   * The mode of a namespace as clients see it when they decide whether a service
   * can take mTLS at all (`GetNamespaceMutualTLSMode`): policies for single
   * workloads are not looked at.
   */
  namespaceMode(namespace: string): Decision<MtlsMode> {
    return this.compose(namespace, undefined).mode;
  }

  private compose(namespace: string, own: PeerAuthentication | undefined): EffectivePolicy {
    let wide = this.wide.get(namespace);
    if (wide === undefined) {
      const { rootNamespace } = this.settings;
      const mesh = this.index.of(rootNamespace).first;
      const general = namespace === rootNamespace ? undefined : this.index.of(namespace).first;
      this.wide.set(namespace, wide = new EffectivePolicy(undefined, { namespace, general, mesh }));
    }
    return own === undefined ? wide : wide.with(own);
  }
}
