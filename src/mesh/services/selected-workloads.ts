import { Selector, SelectorIndex, selectsAll } from '../labels';
import { Service } from './service';
import { Workload } from '../workloads/workload';

/**
 * The workloads that each service selects, by the place of the service.
 *
 * Who selects whom is noted in numbers first, so that each list is made in its
 * full length: one that grows takes twice its room, and there are as many as
 * services.
 */
export function selectedWorkloads(
  services: readonly Service[], workloads: readonly Workload[], machines: readonly Workload[],
): readonly (readonly Workload[] | undefined)[] {
  const indexes = indexServices(services);
  const total = workloads.length + machines.length;
  const at = (i: number): Workload => i < workloads.length ? workloads[i] : machines[i - workloads.length];
  const missing = new Int32Array(services.length);
  // Pairs of a workload and a service. Nearly all workloads have one service at most.
  let pairs: Int32Array = new Int32Array(2 * total);
  let end = 0;
  let i = 0;
  const note = ({ place }: Service): void => {
    if (end === pairs.length) pairs = enlarged(pairs);
    pairs[end++] = i;
    pairs[end++] = place;
    missing[place]++;
  };
  for (; i < total; i++) {
    const workload = at(i);
    // Tunnels lead to a waypoint on behalf of other hosts. Nobody calls its own Service.
    if (!workload.isWaypoint) indexes.get(workload.namespace)?.all(workload, note);
  }
  const lists = new Array<Workload[] | undefined>(services.length);
  for (let pair = 0; pair < end; pair += 2) {
    const place = pairs[pair + 1];
    const list = lists[place] ??= new Array<Workload>(missing[place]);
    list[list.length - missing[place]--] = at(pairs[pair]);
  }
  return lists;
}

function enlarged(list: Int32Array): Int32Array {
  const larger = new Int32Array(2 * list.length);
  larger.set(list);
  return larger;
}

function selectorIn({ selector }: Service): Selector {
  return selector!;
}

/** Those that select something, by namespace. */
function indexServices(services: readonly Service[]): ReadonlyMap<string, SelectorIndex<Service>> {
  const indexes = new Map<string, SelectorIndex<Service>>();
  for (const service of services) {
    if (service.selector === undefined || selectsAll(service.selector)) continue;
    let index = indexes.get(service.namespace);
    if (index === undefined) indexes.set(service.namespace, index = new SelectorIndex<Service>([], selectorIn));
    index.add(service);
  }
  return indexes;
}
