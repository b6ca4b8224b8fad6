import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { NamespaceMtls } from './namespace-mtls';
import { MtlsMode } from '../mesh/mtls-mode';
import { begin } from './private/begin';
import { writeClusterObject } from './private/cluster-object';
import { fail, show } from './private/errors';
import { objectMetadata } from './private/metadata';
import { requireDnsLabel, requireEnum, requireObject } from './private/require';
import { AppState } from '../validate/app-state';

/** How the pods of a namespace take part in the mesh. */
export enum MeshDataPlane {
  /** Each pod gets a proxy of its own: `istio-injection: enabled`, or `istio.io/rev` with a revision. */
  SIDECAR = 'SIDECAR',

  /** The node's ztunnel carries the traffic of the pods: `istio.io/dataplane-mode: ambient`. */
  AMBIENT = 'AMBIENT',

  /** The pods stay outside the mesh: `istio-injection: disabled`, `istio.io/dataplane-mode: none`. */
  NONE = 'NONE',
}

/** Options of a `MeshNamespace`. */
export interface MeshNamespaceProps {
  /** The name of the namespace. */
  readonly name: string;

  /** How its pods take part in the mesh. */
  readonly dataPlane: MeshDataPlane;

  /**
   * The revision, or the revision tag, whose control plane injects the sidecars
   * (`istio.io/rev`). Only for `MeshDataPlane.SIDECAR`.
   *
   * @default - the revision stated on the IstioMesh, else the default revision
   */
  readonly revision?: string;

  /**
   * Metadata of the Namespace. Labels that say something else about the mesh are
   * an error.
   *
   * @default - the name and the labels of the data plane
   */
  readonly metadata?: ApiObjectMetadata;
}

/**
 * A Namespace that is in the mesh, or outside of it, by its labels.
 *
 * Labels count for pods that are created after them: restart the pods that were
 * there before.
 */
export class MeshNamespace extends Construct {
  /** The Namespace. */
  public readonly object: ApiObject;

  /** The name of the namespace. */
  public readonly name: string;

  /** How its pods take part in the mesh. */
  public readonly dataPlane: MeshDataPlane;

  constructor(scope: Construct, id: string, props: MeshNamespaceProps) {
    super(scope, id);
    const state = begin(this, props);
    this.name = requireDnsLabel(this, 'name', props.name);
    this.dataPlane = requireEnum(this, 'dataPlane', props.dataPlane, MeshDataPlane);
    const given = props.metadata === undefined ? undefined : requireObject(this, 'metadata', props.metadata);
    if (given?.name !== undefined && given.name !== this.name) {
      fail(this, `'metadata.name' is ${show(given.name)} and 'name' is ${show(this.name)}; give one of the two`);
    }
    if (given?.namespace !== undefined) {
      fail(this, `a Namespace is in no namespace; got ${show(given.namespace)} in 'metadata.namespace'`);
    }
    const labels = this.meshLabels(state, props.revision);
    for (const key of ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode']) {
      const other = given?.labels?.[key];
      if (other !== undefined && other !== labels[key]) {
        fail(this, `'metadata.labels' has ${key}: ${show(other)}, which 'dataPlane' ${this.dataPlane} decides; leave the label out`);
      }
    }
    this.object = writeClusterObject(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: objectMetadata({ ...given, labels: { ...given?.labels, ...labels } }, this.name),
    });
  }

  /**
   * Writes the mode of the namespace.
   *
   * An error for a namespace outside the mesh, where the mode would mean nothing,
   * and for a second mode.
   *
   * @param mode what the workloads of the namespace accept
   */
  public mtls(mode: MtlsMode): NamespaceMtls {
    if (this.dataPlane === MeshDataPlane.NONE) {
      fail(this, `pods with 'dataPlane' NONE have no proxy that could hold to a mode; got ${show(mode)}, join the namespace to the mesh first`);
    }
    if (this.node.tryFindChild('Mtls')) {
      fail(this, `the namespace has its mode already; got ${show(mode)} as a second one, and Istio takes the oldest policy only`);
    }
    return new NamespaceMtls(this, 'Mtls', { namespace: this.name, mode });
  }

  /** Requires mutual TLS of every workload of the namespace: `mtls(MtlsMode.STRICT)`. */
  public strict(): NamespaceMtls {
    return this.mtls(MtlsMode.STRICT);
  }

  private meshLabels(state: AppState, given: string | undefined): { [key: string]: string } {
    if (this.dataPlane !== MeshDataPlane.SIDECAR) {
      if (given !== undefined) {
        const why = this.dataPlane === MeshDataPlane.AMBIENT ? 'with the label istio.io/rev its pods would get sidecars as well' : 'its pods get no sidecar';
        fail(this, `'revision' is for 'dataPlane' SIDECAR; got ${show(given)} for ${this.dataPlane}, and ${why}; leave it out`);
      }
      return this.dataPlane === MeshDataPlane.AMBIENT
        ? { 'istio.io/dataplane-mode': 'ambient' }
        : { 'istio-injection': 'disabled', 'istio.io/dataplane-mode': 'none' };
    }
    const revision = given === undefined ? state.facts(this).revision : requireDnsLabel(this, 'revision', given);
    return revision === undefined ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': revision };
  }
}
