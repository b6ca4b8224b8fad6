import { Decision, decide, Reason } from '../decision';
import { asObject, asText, FieldPath, own } from '../json';
import { MeshObject } from '../object';
import { DataPlane } from './data-plane';
import { Labels, labelsOf } from './pod-template';
import { namesTunnel, TLS_MODE, TUNNEL, Workload } from './workload';

/** What an endpoint says about its certificates: the label, else whether it has a service account (`getTLSModeFromWorkloadEntry`). */
export function entryTlsMode(label: string | undefined, serviceAccount: string): string {
  return label ?? (serviceAccount !== '' ? 'istio' : 'disabled');
}

/** A machine outside the cluster. It is taken to have a proxy when it says that it has a mesh certificate. */
export class WorkloadEntryWorkload implements Workload {
  readonly key: string;
  readonly isGateway = false;
  readonly isWaypoint = false;
  readonly dataPlane: Decision<DataPlane>;
  readonly serviceAccount: string;
  private readonly labels: Labels;

  constructor(readonly object: MeshObject, readonly namespace: string, given?: Decision<DataPlane>) {
    this.key = `${namespace}/${object.name}`;
    // The labels of the spec and of the metadata count, those of the metadata first (`ConvertWorkloadEntry`).
    this.labels = new Map([...labelsOf(object.spec), ...labelsOf(object.metadata)]);
    this.serviceAccount = asText(own(object.spec, 'serviceAccount')) ?? '';
    this.dataPlane = given ?? this.judge();
  }

  get name(): string {
    return this.object.name;
  }

  get tlsMode(): string {
    return entryTlsMode(this.label(TLS_MODE), this.serviceAccount);
  }

  get hasTunnel(): boolean {
    return namesTunnel(this.label(TUNNEL));
  }

  label(name: string): string | undefined {
    return this.labels.get(name);
  }

  eachLabel(visit: (key: string, value: string) => void): void {
    this.labels.forEach((value, key) => visit(key, value));
  }

  annotation(name: string): string | undefined {
    return this.object.annotation(name);
  }

  port(name: string): number | undefined {
    const number = own(asObject(own(this.object.spec, 'ports')), name);
    return typeof number === 'number' ? number : undefined;
  }

  labelReason(name: string, text: string): Reason {
    return this.objectReason(['spec', 'labels', name], text);
  }

  annotationReason(name: string, text: string): Reason {
    return this.objectReason(['metadata', 'annotations', name], text);
  }

  objectReason(field: FieldPath, text: string): Reason {
    return { object: this.object, field, text };
  }

  withDataPlane(dataPlane: Decision<DataPlane>): Workload {
    return new WorkloadEntryWorkload(this.object, this.namespace, dataPlane);
  }

  private judge(): Decision<DataPlane> {
    if (this.tlsMode !== 'istio') {
      return decide('none', this.objectReason(['spec', 'serviceAccount'], 'the machine names no service account, so it has no mesh certificate'));
    }
    return this.label(TLS_MODE) === undefined
      ? decide('sidecar', this.objectReason(['spec', 'serviceAccount'], 'the machine has a mesh certificate'))
      : decide('sidecar', this.labelReason(TLS_MODE, 'the machine says that it speaks Istio mTLS'));
  }
}
