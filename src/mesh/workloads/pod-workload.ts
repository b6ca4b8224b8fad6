import { Decision } from '../decision';
import { namespaceOf } from '../facts';
import { MeshObject } from '../object';
import { DataPlane } from './data-plane';
import { PodTemplate, ProxyRole } from './pod-template';
import { namesTunnel, TLS_MODE, TUNNEL, Workload } from './workload';

/** What carries the traffic of pods, and what the proxy does that their manifest brings along, where it brings one. */
export interface Placement {
  readonly plane: Decision<DataPlane>;
  readonly role?: ProxyRole;
}

/** The pods of a Deployment and its like, with what injection adds to them. */
export class PodWorkload extends PodTemplate implements Workload {
  readonly dataPlane: Decision<DataPlane>;
  private readonly role?: ProxyRole;

  constructor(object: MeshObject, private readonly sidecarHbone: boolean, place: (pods: PodTemplate) => Placement) {
    super(object);
    const { plane, role } = place(this);
    this.dataPlane = plane;
    this.role = role;
  }

  get namespace(): string {
    return namespaceOf(this.object);
  }

  get key(): string {
    return `${this.namespace}/${this.object.name}`;
  }

  get name(): string {
    return this.object.name;
  }

  get isGateway(): boolean {
    return this.role === undefined ? this.annotation('inject.istio.io/templates') === 'gateway' : this.role !== 'sidecar';
  }

  get isWaypoint(): boolean {
    return this.role === 'waypoint';
  }

  get tlsMode(): string {
    return this.label(TLS_MODE) ?? 'disabled';
  }

  get hasTunnel(): boolean {
    return namesTunnel(this.label(TUNNEL));
  }

  label(name: string): string | undefined {
    return this.ownLabel(name) ?? this.injectedLabel(name);
  }

  eachLabel(visit: (key: string, value: string) => void): void {
    this.eachOwnLabel(visit);
    if (this.dataPlane.value !== 'sidecar') return;
    for (const name of [TLS_MODE, TUNNEL]) {
      const value = this.ownLabel(name) === undefined ? this.injectedLabel(name) : undefined;
      if (value !== undefined) visit(name, value);
    }
  }

  port(name: string): number | undefined {
    return this.containerPort(name);
  }

  withDataPlane(dataPlane: Decision<DataPlane>): Workload {
    return new PodWorkload(this.object, this.sidecarHbone, () => ({ plane: dataPlane, role: this.role }));
  }

  /**
   * What the sidecar's injection template adds where the manifest says nothing
   * (files/injection-template.yaml). The template of gateways adds neither, and
   * nothing is added to a pod that brings its proxy along.
   */
  private injectedLabel(name: string): string | undefined {
    if (this.dataPlane.value !== 'sidecar' || this.role !== undefined) return undefined;
    if (name === TLS_MODE) return this.isGateway ? undefined : 'istio';
    return name === TUNNEL && this.sidecarHbone && !this.isGateway ? 'http' : undefined;
  }
}
