import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { NetworkingApiVersion, SecurityApiVersion } from './api-version';
import { MeshMtls } from './mesh-mtls';
import { NamespaceMtls } from './namespace-mtls';
import { MtlsMode } from '../mesh/mtls-mode';
import { begin } from './private/begin';
import { fail, show } from './private/errors';
import { exceptionAnnotations } from './private/exception';
import { objectMetadata } from './private/metadata';
import { writePolicy } from './private/policy';
import { requireArray, requireDnsLabel, requireEnum, requireObject } from './private/require';
import { AppState } from '../validate/app-state';

/** How far a mesh has come on its way to STRICT. */
export enum RolloutStage {
  /**
   * The mesh takes mutual TLS and plaintext, and says so: workloads get their
   * proxies one by one, and nobody is refused.
   */
  ONBOARD = 'ONBOARD',

  /** The namespaces that are named take mutual TLS only; the others still take both. */
  NAMESPACES = 'NAMESPACES',

  /** The whole mesh takes mutual TLS only, save for its exceptions. */
  MESH = 'MESH',
}

/** A namespace that goes on taking plaintext when the mesh is STRICT. */
export interface PermissiveNamespace {
  /** The name of the namespace. */
  readonly namespace: string;

  /** Why it needs plaintext. Written to the annotation `cdk8s-istio-mtls/reason`. */
  readonly reason: string;

  /**
   * Who answers for the exception. Written to the annotation `cdk8s-istio-mtls/owner`.
   *
   * @default - nobody is named
   */
  readonly owner?: string;

  /**
   * The last day on which the exception is needed, as YYYY-MM-DD. Written to the
   * annotation `cdk8s-istio-mtls/expires`, which the validation reads.
   *
   * @default - it does not expire
   */
  readonly expires?: string;
}

/** Options of an `MtlsRollout`. */
export interface MtlsRolloutProps {
  /** How far the mesh has come. The one word to change when it goes on, or back. */
  readonly stage: RolloutStage;

  /**
   * The namespaces that are STRICT from the stage NAMESPACES on. They can be
   * named before: what would break when they are is then said in the stage
   * ONBOARD already. In the stage MESH they need no policy of their own any more.
   *
   * @default - none
   */
  readonly strictNamespaces?: string[];

  /**
   * The namespaces that stay PERMISSIVE in the stage MESH. Before it they need no
   * policy. For one workload, or some of its ports, use `WorkloadMtlsException`,
   * which holds in every stage.
   *
   * @default - none
   */
  readonly permissiveNamespaces?: PermissiveNamespace[];

  /**
   * The API version of the PeerAuthentications.
   *
   * @default SecurityApiVersion.V1
   */
  readonly apiVersion?: SecurityApiVersion;

  /**
   * The API version of the DestinationRules that are written where auto mTLS is off.
   *
   * @default NetworkingApiVersion.V1
   */
  readonly ruleApiVersion?: NetworkingApiVersion;
}

/**
 * The way of a mesh from plaintext to STRICT, in stages: everybody may, some
 * namespaces must, the whole mesh must.
 *
 * Changing `stage` is all it takes to go on. Changing it back gives exactly the
 * former output. A stage that would break a call that the app is known to make
 * does not synthesize, and what stands in the way of the next stage is printed to
 * stderr, as warnings are.
 *
 * It writes the policies of the mesh and of these namespaces, so nothing else in
 * the app should. Exceptions for workloads (`WorkloadMtlsException`,
 * `WebhookMtlsException`) stay what they are in every stage.
 *
 * Where auto mTLS is off (`IstioMesh`, `autoMtls: false`), clients send plaintext
 * unless a rule says otherwise, so each stage also writes the DestinationRules
 * that it needs, and the exemption of the API server where they cover it.
 *
 * The objects depend on each other as cdk8s constructs do, so that they are
 * written in the order in which they can be applied: the exemption before the
 * rule that it is an exemption from, the rule before the policy that refuses
 * plaintext, and the policy of the mesh last, so that no namespace takes plaintext
 * in between when a stage is taken back. Objects that a stage does not have any
 * more are removed after that, in the reverse order. To have an exception of the
 * app applied before it is needed: `rollout.node.addDependency(exception)`.
 */
export class MtlsRollout extends Construct {
  /** The stage that is written. */
  public readonly stage: RolloutStage;

  /** The policy of the mesh, with the rules that it needs. */
  public readonly mesh: MeshMtls;

  /** The STRICT namespaces, in the order in which they were named. Only there in the stage NAMESPACES. */
  public readonly namespaces: NamespaceMtls[];

  /** The policies of the namespaces that stay PERMISSIVE. Only there in the stage MESH. */
  public readonly exceptions: ApiObject[];

  constructor(scope: Construct, id: string, props: MtlsRolloutProps) {
    super(scope, id);
    const state = begin(this, props);
    const { rootNamespace } = state.facts(this);
    this.stage = requireEnum(this, 'stage', props.stage, RolloutStage);
    const strict = requireArray(this, 'strictNamespaces', props.strictNamespaces ?? [], 'names of namespaces');
    const permissive = requireArray(this, 'permissiveNamespaces', props.permissiveNamespaces ?? [], 'objects with namespace and reason');
    this.requireNamespaces(rootNamespace, [
      ...strict.map((name, i) => [`strictNamespaces[${i}]`, name] as const),
      ...permissive.map((one, i) => [`permissiveNamespaces[${i}].namespace`, requireObject(this, `permissiveNamespaces[${i}]`, one).namespace] as const),
    ]);
    const annotations = permissive.map(one => exceptionAnnotations(this, one));
    if (this.stage === RolloutStage.NAMESPACES && strict.length === 0) {
      fail(this, "'stage' NAMESPACES makes the namespaces in 'strictNamespaces' STRICT; got none, name them or use ONBOARD or MESH");
    }

    const { apiVersion, ruleApiVersion } = props;
    this.namespaces = this.stage !== RolloutStage.NAMESPACES ? [] : strict.map(namespace =>
      new NamespaceMtls(this, `Namespace-${namespace}`, { namespace, mode: MtlsMode.STRICT, apiVersion, ruleApiVersion }));
    this.exceptions = this.stage !== RolloutStage.MESH ? [] : permissive.map(({ namespace }, i) =>
      writePolicy(this, `Exception-${namespace}`, apiVersion, objectMetadata(undefined, 'default', namespace, annotations[i]), { mtls: { mode: MtlsMode.PERMISSIVE } }));
    const mode = this.stage === RolloutStage.MESH ? MtlsMode.STRICT : MtlsMode.PERMISSIVE;
    this.mesh = new MeshMtls(this, 'Mesh', { mode, apiVersion, ruleApiVersion });
    this.order();

    state.stages.push({
      construct: this,
      stage: this.stage,
      // Without names there is no stage between the first and the last.
      stages: Object.values(RolloutStage).filter(stage => stage !== RolloutStage.NAMESPACES || strict.length > 0),
      objectsOf: stage => this.objectsOf({ ...props, stage: stage as RolloutStage }),
    });
  }

  /** Makes each object depend on those that must be there before it. */
  private order(): void {
    for (const { policy, rule, apiServerExemption } of [...this.namespaces, this.mesh]) {
      if (rule !== undefined) {
        policy.addDependency(rule);
        if (apiServerExemption !== undefined) {
          rule.addDependency(apiServerExemption.rule);
        }
      }
    }
    this.mesh.policy.addDependency(...this.namespaces.map(({ policy }) => policy), ...this.exceptions);
  }

  /** What a stage of this rollout writes, as plain data. It is made in an app of its own, which nobody synthesizes. */
  private objectsOf(props: MtlsRolloutProps): unknown[] {
    const app = new App();
    AppState.of(app).stateFacts(app, AppState.of(this).stated);
    const rollout = new MtlsRollout(new Chart(app, 'stage'), this.node.id, props);
    return rollout.node.findAll().filter(ApiObject.isApiObject).map(object => object.toJson() as unknown);
  }

  /** Refuses names that no namespace has, the root namespace, and a namespace that is named twice. */
  private requireNamespaces(rootNamespace: string, named: readonly (readonly [where: string, name: unknown])[]): void {
    const before = new Map<string, string>();
    for (const [where, name] of named) {
      const namespace = requireDnsLabel(this, where, name);
      if (namespace === rootNamespace) {
        fail(this, `'${where}' is ${show(namespace)}, the root namespace, where a policy without selector counts for the whole mesh; take it out`);
      }
      if (before.has(namespace)) {
        fail(this, `'${where}' is ${show(namespace)}, and so is '${before.get(namespace)}'; take one of the two out`);
      }
      before.set(namespace, where);
    }
  }
}
