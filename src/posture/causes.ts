import { Cause } from './entry';
import { Action, Objects } from './objects';
import { Connection } from '../mesh/connection';
import { Decision, Reason } from '../mesh/decision';
import { Mesh } from '../mesh/mesh';
import { MeshObject } from '../mesh/object';
import { Workload } from '../mesh/workloads/workload';

/** Finds the object that made a change: of those that an answer hangs on, the first that is not what it was. */
export class Causes {
  private readonly isAutoChanged: boolean;

  constructor(private readonly before: Mesh, private readonly after: Mesh, private readonly objects: Objects) {
    this.isAutoChanged = before.settings.autoMtls !== after.settings.autoMtls;
  }

  /** A workload or a service that is new or gone: there is no more to say. */
  ofPresence(object: MeshObject): Cause {
    return { ...this.objects.of(object), field: [], text: '' };
  }

  /** Why workload ports accept something else. */
  ofMode(from: Decision<unknown> | undefined, to: Decision<unknown> | undefined, ...workloads: readonly (Workload | undefined)[]): Cause {
    return this.find([...to?.because ?? [], ...from?.because ?? []], () => workloads.flatMap(workload => this.placesOf(workload)));
  }

  /** Why a call ends otherwise. */
  ofCall(from: Connection | undefined, to: Connection | undefined): Cause {
    const presence = this.presence(from, to);
    if (presence !== undefined) return presence;
    // What the server accepts is among the reasons of the outcome where it has decided anything.
    const sides = [to, from].filter(one => one !== undefined);
    const reasons = [
      ...sides.flatMap(({ hangs }) => hangs ?? []),
      ...sides.flatMap(({ outcome }) => outcome.because),
      ...sides.flatMap(({ wire }) => wire.because),
      ...sides.flatMap(({ serverMode }) => serverMode.because),
    ];
    return this.find(reasons, () => [
      ...sides.flatMap(({ server, service }) => [...this.placesOf(server), service.object]),
      ...this.rulesOf(from, this.before), ...this.rulesOf(to, this.after),
      ...sides.flatMap(({ client }) => this.placesOf(client)),
    ]);
  }

  /** The workload or the service that only one side has, where a call is only on that side. */
  private presence(from: Connection | undefined, to: Connection | undefined): Cause | undefined {
    const only = from === undefined ? to : to === undefined ? from : undefined;
    if (only === undefined) return undefined;
    const { server, service, client } = only;
    const wanted = from === undefined ? 'added' : 'removed';
    const ends = [server?.object, service.object, client.object];
    const found = ends.find(object => object !== undefined && this.objects.of(object).action === wanted);
    return found === undefined ? undefined : this.ofPresence(found);
  }

  /** @param places the objects that can have made the change without being named by a reason; looked up only where no reason tells */
  private find(reasons: readonly Reason[], places: () => readonly MeshObject[]): Cause {
    for (const reason of reasons) {
      const change = reason.object === undefined ? this.ofMesh(reason) : this.objects.of(reason.object);
      if (change !== undefined && change.action !== 'unchanged') return { ...change, field: reason.object === undefined ? [] : reason.field, text: reason.text };
    }
    const text = reasons[0]?.text ?? '';
    for (const place of places()) {
      const change = this.objects.of(place);
      if (change.action !== 'unchanged') return { ...change, field: [], text };
    }
    const config = this.objects.meshConfig;
    if (config !== undefined) return { ...config, field: [], text };
    if (JSON.stringify(this.before.settings) !== JSON.stringify(this.after.settings)) return { action: 'changed', field: [], text };
    const { object, field } = reasons[0] ?? { field: [] };
    return { object, action: 'unchanged', field, text };
  }

  /** What Istio does by itself hangs on one setting of the mesh, which an object may hold or not. */
  private ofMesh({ field }: Reason): { readonly object?: MeshObject; readonly action: Action } | undefined {
    return this.isAutoChanged && field[0] === 'enableAutoMtls' ? this.objects.meshConfig ?? { action: 'changed' } : undefined;
  }

  private placesOf(workload: Workload | undefined): MeshObject[] {
    if (workload === undefined) return [];
    const namespaces = [this.after, this.before].map(({ model }) => model.inventory.namespace(workload.namespace).object);
    return [workload.object, ...namespaces.filter(object => object !== undefined)];
  }

  private rulesOf(connection: Connection | undefined, { model }: Mesh): MeshObject[] {
    return connection === undefined ? [] : model.ruleFor(connection.client, connection.service)?.from.map(({ object }) => object) ?? [];
  }
}
