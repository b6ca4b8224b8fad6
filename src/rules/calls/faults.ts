import { Blamer } from './blame';
import { Blame, Fault } from './fault';
import { CallGroup } from '../../mesh/call-groups';
import { Connection } from '../../mesh/connection';
import { pathText } from '../../mesh/json';
import { MeshModel } from '../../mesh/model';
import { compareText, MeshObject } from '../../mesh/object';
import { RuleContext } from '../rule';

/** The faults of a mesh that show in calls between workloads with proxies, by the code of the rule that speaks about them. */
export function faultsOf(context: RuleContext, code: string): readonly Fault[] {
  const { model, forecast } = context;
  return (forecast?.faults ?? context.once(findFaults, () => findFaults(model))).get(code) ?? [];
}

/**
 * The faults that there are only if Namespaces which the input does not show give
 * their pods sidecars. Where a fault at the same place is certain, it is left out.
 */
export function faultsIfInjected(context: RuleContext, code: string): readonly Fault[] {
  const { model, modelIfInjected } = context;
  // A forecast tells what a change makes worse; what is not known stays as it is.
  if (modelIfInjected === undefined || context.forecast !== undefined) return [];
  return context.once(faultsIfInjected, () => {
    const open = model.inventory.workloads.filter(({ dataPlane }) => dataPlane.value === 'unknown');
    const openIn = new Map(open.map(({ object, namespace }) => [object, namespace]));
    const hangsOn = ({ client, server }: Connection): string[] =>
      [client, server].flatMap(one => one === undefined ? [] : openIn.get(one.object) ?? []);
    const places = new Set([...context.once(findFaults, () => findFaults(model)).values()].flat().map(placeOf));
    const found = findFaults(modelIfInjected, connection => hangsOn(connection).length > 0 ? '' : undefined);
    return new Map([...found].map(([key, faults]) => [key, faults.filter(fault => !places.has(placeOf(fault))).map((fault): Fault => ({
      ...fault, ifInjected: [...new Set(fault.groups.flatMap(({ connection }) => hangsOn(connection)))].sort(compareText),
    }))]));
  }).get(code) ?? [];
}

/**
 * Follows every call once, and files those that suffer under what they suffer from.
 *
 * @param partOf tells of a call whether it counts, and into which part of a fault it goes; by default all do, and no fault has parts
 */
export function findFaults(model: MeshModel, partOf: (connection: Connection) => string | undefined = WHOLE): ReadonlyMap<string, readonly Fault[]> {
  const blamer = new Blamer(model);
  const found = new Map<string, Blame & { readonly groups: CallGroup[]; readonly deciders: Set<MeshObject> }>();
  for (const group of model.callsInDoubt()) {
    const part = partOf(group.connection);
    const blame = part === undefined ? undefined : blamer.blame(group.connection);
    // A service that only the pods behind it could call has no clients.
    if (blame === undefined || group.clients().next().done === true) continue;
    const key = `${placeOf(blame)}${part}`;
    const fault = found.get(key);
    const deciders = [...blame.see, ...decidersOf(group)];
    if (fault === undefined) {
      found.set(key, { ...blame, groups: [group], deciders: new Set(deciders) });
    } else {
      fault.groups.push(group);
      deciders.forEach(object => fault.deciders.add(object));
    }
  }
  const byCode = new Map<string, Fault[]>();
  // A place is unique, so that the order does not depend on that of the input.
  for (const [, { deciders, ...blame }] of [...found].sort(([a], [b]) => compareText(a, b))) {
    const fault: Fault = { ...blame, see: [...deciders].filter(object => object !== blame.at) };
    const list = byCode.get(fault.code);
    if (list === undefined) byCode.set(fault.code, [fault]);
    else list.push(fault);
  }
  return byCode;
}

/** What tells two faults apart. */
function placeOf({ code, at, field }: Blame): string {
  return `${code} ${at.identity} ${pathText(field)} ${at.origin.place}`;
}

const WHOLE = (): string => '';

/** The objects without which the call would end otherwise. */
function decidersOf({ connection: { outcome, serverMode, wire } }: CallGroup): readonly MeshObject[] {
  return [outcome, serverMode, wire].flatMap(({ decidedBy }) => decidedBy.object ?? []);
}
