import { Decision, Reason } from '../decision';
import { FieldPath } from '../json';
import { MeshObject } from '../object';
import { DataPlane } from './data-plane';
import { PodTemplate, ProxyRole } from './pod-template';
import { namesTunnel, TLS_MODE, TUNNEL, Workload } from './workload';

/** The pods of a Deployment and its like, with what injection adds to them. */
export class PodWorkload implements Workload {
  constructor(
    readonly template: PodTemplate,
    readonly namespace: string,
    readonly dataPlane: Decision<DataPlane>,
    private readonly sidecarHbone: boolean,
    /** What the proxy does that the manifest brings along; undefined where it brings none. */
    private readonly ownProxy?: ProxyRole,
  ) {}

  get key(): string {
    return `${this.namespace}/${this.template.object.name}`;
  }

  get object(): MeshObject {
    return this.template.object;
  }

  get name(): string {
    return this.template.object.name;
  }

  get isGateway(): boolean {
    return this.ownProxy === undefined ? this.template.annotation('inject.istio.io/templates') === 'gateway' : this.ownProxy !== 'sidecar';
  }

  get isWaypoint(): boolean {
    return this.ownProxy === 'waypoint';
  }

  get serviceAccount(): string {
    return this.template.serviceAccount;
  }

  get tlsMode(): string {
    return this.label(TLS_MODE) ?? 'disabled';
  }

  get hasTunnel(): boolean {
    return namesTunnel(this.label(TUNNEL));
  }

  label(name: string): string | undefined {
    return this.template.ownLabel(name) ?? this.injectedLabel(name);
  }

  eachLabel(visit: (key: string, value: string) => void): void {
    this.template.eachOwnLabel(visit);
    if (this.dataPlane.value !== 'sidecar') return;
    for (const name of [TLS_MODE, TUNNEL]) {
      const value = this.template.ownLabel(name) === undefined ? this.injectedLabel(name) : undefined;
      if (value !== undefined) visit(name, value);
    }
  }

  annotation(name: string): string | undefined {
    return this.template.annotation(name);
  }

  port(name: string): number | undefined {
    return this.template.containerPort(name);
  }

  labelReason(name: string, text: string): Reason {
    return this.template.labelReason(name, text);
  }

  annotationReason(name: string, text: string): Reason {
    return this.template.annotationReason(name, text);
  }

  objectReason(field: FieldPath, text: string): Reason {
    return this.template.objectReason(field, text);
  }

  withDataPlane(dataPlane: Decision<DataPlane>): Workload {
    return new PodWorkload(this.template, this.namespace, dataPlane, this.sidecarHbone, this.ownProxy);
  }

  /**
   * What the sidecar's injection template adds where the manifest says nothing
   * (files/injection-template.yaml). The template of gateways adds neither, and
   * nothing is added to a pod that brings its proxy along.
   */
  private injectedLabel(name: string): string | undefined {
    if (this.dataPlane.value !== 'sidecar' || this.ownProxy !== undefined) return undefined;
    if (name === TLS_MODE) return this.isGateway ? undefined : 'istio';
    return name === TUNNEL && this.sidecarHbone && !this.isGateway ? 'http' : undefined;
  }
}
