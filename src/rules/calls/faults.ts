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
    const key = `${blame.code} ${blame.at.identity} ${pathText(blame.field)} ${blame.at.origin.place}${part}`;
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

const WHOLE = (): string => '';

/** The objects without which the call would end otherwise. */
function decidersOf({ connection: { outcome, serverMode, wire } }: CallGroup): readonly MeshObject[] {
  return [outcome, serverMode, wire].flatMap(({ decidedBy }) => decidedBy.object ?? []);
}
