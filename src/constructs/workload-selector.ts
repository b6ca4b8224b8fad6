import { ApiObject, Lazy } from 'cdk8s';
import { IConstruct } from 'constructs';
import { AppIndex } from './private/app-index';
import { fail } from './private/errors';
import { findObject } from './private/find-object';
import { requireLabels } from './private/require';
import { nameOfWorkload, WORKLOAD_KINDS, workloadView, WorkloadView } from './private/workload-view';

/**
 * Names the pods that a policy is for.
 *
 * Istio selects pods by labels, within the policy's namespace: a pod is meant
 * when it has all of them (`istio.type.v1beta1.WorkloadSelector`).
 *
 * Faults of a selector are reported by the construct that it is given to.
 */
export class WorkloadSelector {
  /**
   * Selects pods by labels.
   *
   * @param labels at least one label; Istio allows no wildcards
   */
  static labels(labels: { [key: string]: string }): WorkloadSelector {
    return new WorkloadSelector(labels, undefined);
  }

  /**
   * Selects the pods of a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job,
   * CronJob or Pod.
   *
   * The labels are those by which the workload selects its pods itself
   * (`spec.selector.matchLabels`); for a Pod, and for Jobs, whose selector
   * Kubernetes makes, the labels of the pod. They are read at synth. A workload
   * that also selects by `matchExpressions` is an error, because Istio's
   * selectors cannot say the same.
   *
   * @param construct the object, or any construct that has one, such as a
   * Deployment of any version of cdk8s-plus
   */
  static of(construct: IConstruct): WorkloadSelector {
    return new WorkloadSelector(undefined, construct);
  }

  private constructor(private readonly given: { [key: string]: string } | undefined, private readonly construct: IConstruct | undefined) {}

  /**
   * Refuses what is known to be wrong before synth.
   * @internal
   */
  public _check(owner: IConstruct, what: string): void {
    if (this.construct !== undefined || this.given === undefined) {
      this.object(owner, what);
    } else if (Object.keys(requireLabels(owner, what, this.given)).length === 0) {
      fail(owner, `'${what}' must have at least one label; got {}, which would select every pod of the namespace (use NamespaceMtls for that)`);
    }
  }

  /**
   * The namespace of the workload, where one is known.
   * @internal
   */
  public _namespace(owner: IConstruct, what: string): string | undefined {
    return this.object(owner, what)?.metadata.namespace;
  }

  /**
   * What to write as `matchLabels`: plain labels, or a Lazy for those of a workload that may still change.
   * @internal
   */
  public _matchLabels(owner: IConstruct, what: string): any {
    const object = this.object(owner, what);
    if (!object) {
      return { ...this.given };
    }
    // One asker for each Lazy, as each is produced once in a pass.
    const asker = {};
    const produce = () => {
      const index = AppIndex.of(asker, owner);
      const faults = this._faults(owner, what, index);
      return faults.length > 0 ? fail(owner, faults.join('; ')) : this.read(object, index)?.matchLabels;
    };
    return Lazy.any({ produce });
  }

  /**
   * What is wrong with the workload's own selector, at synth.
   * @internal
   */
  public _faults(owner: IConstruct, what: string, index: AppIndex): string[] {
    const object = this.object(owner, what);
    if (!object) {
      return [];
    }
    const workload = this.read(object, index);
    if (!workload) {
      return [`'${what}' is ${object.kind} ${object.node.path}, which cannot be read: its JSON cannot be made`];
    }
    if (workload.hasExpressions) {
      return [`'${what}' is ${nameOfWorkload(workload)}, which selects its pods by matchExpressions; `
        + 'Istio selects by labels only, so give WorkloadSelector.labels({ … }) with labels that only its pods have'];
    }
    if (Object.keys(workload.matchLabels).length === 0) {
      return [`'${what}' is ${nameOfWorkload(workload)}, which has no labels to select its pods by; give its pods a label`];
    }
    return [];
  }

  /**
   * The workloads that are meant, as far as the app and its context show them.
   * @internal
   */
  public _workloads(owner: IConstruct, what: string, namespace: string, index: AppIndex): WorkloadView[] {
    const object = this.object(owner, what);
    if (!object) {
      return index.workloadsWith(namespace, this.given!);
    }
    const workload = this.read(object, index);
    return workload ? [workload] : [];
  }

  private read(object: ApiObject, index: AppIndex): WorkloadView | undefined {
    return workloadView(index.json(object), object.metadata.namespace);
  }

  private object(owner: IConstruct, what: string): ApiObject | undefined {
    return this.given ? undefined : findObject(owner, what, this.construct!, object => WORKLOAD_KINDS.includes(object.kind),
      WORKLOAD_KINDS.join(', '), 'give WorkloadSelector.labels({ … }) for other kinds');
  }
}
