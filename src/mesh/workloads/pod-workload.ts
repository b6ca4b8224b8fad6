import { Decision } from '../decision';
import { MeshObject } from '../object';
import { ResolvedMeshSettings } from '../settings';
import { DataPlane } from './data-plane';
import { PodTemplate, ProxyRole } from './pod-template';
import { namesTunnel, TLS_MODE, TUNNEL, Workload } from './workload';

/** What injection makes of pods, which is the same for nearly all of a namespace. */
export interface Placement {
  readonly namespace: string;
  /** Whether the pods have annotations. */
  readonly hasAnnotations: boolean;
  /** What carries their traffic. */
  readonly plane: Decision<DataPlane>;
  /** What the proxy does that the manifest brings along, where it brings one. */
  readonly role?: ProxyRole;
  /** Whether sidecars that are injected take HBONE. */
  readonly settings: Pick<ResolvedMeshSettings, 'sidecarHbone'>;
}

/** The pods of a Deployment and its like, with what injection adds to them. */
export class PodWorkload extends PodTemplate implements Workload {
  private readonly placement: Placement;

  /** @param place is given the template alone: while it answers, nothing is known of what injection adds */
  constructor(object: MeshObject, place: (pods: PodTemplate) => Placement) {
    super(object);
    this.placement = place(this);
  }

  get dataPlane(): Decision<DataPlane> {
    return this.placement.plane;
  }

  get namespace(): string {
    return this.placement.namespace;
  }

  get key(): string {
    return `${this.namespace}/${this.object.name}`;
  }

  get name(): string {
    return this.object.name;
  }

  get isGateway(): boolean {
    const { role } = this.placement;
    return role === undefined ? this.annotation('inject.istio.io/templates') === 'gateway' : role !== 'sidecar';
  }

  get isWaypoint(): boolean {
    return this.placement.role === 'waypoint';
  }

  get tlsMode(): string {
    return this.label(TLS_MODE) ?? 'disabled';
  }

  get hasTunnel(): boolean {
    return namesTunnel(this.label(TUNNEL));
  }

  override annotation(name: string): string | undefined {
    const placement: Placement | undefined = this.placement;
    return placement?.hasAnnotations === false ? undefined : super.annotation(name);
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
    return new PodWorkload(this.object, () => ({ ...this.placement, plane: dataPlane }));
  }

  /**
   * What the sidecar's injection template adds where the manifest says nothing
   * (files/injection-template.yaml). The template of gateways adds neither, and
   * nothing is added to a pod that brings its proxy along.
   */
  private injectedLabel(name: string): string | undefined {
    const { plane, role, settings } = this.placement;
    if (plane.value !== 'sidecar' || role !== undefined) return undefined;
    if (name === TLS_MODE) return this.isGateway ? undefined : 'istio';
    return name === TUNNEL && settings.sidecarHbone && !this.isGateway ? 'http' : undefined;
  }
}
