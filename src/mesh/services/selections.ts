import { Selector, SelectorIndex, selectsAll } from '../labels';
import { Service } from './service';
import { Workload } from '../workloads/workload';

/**
 * Finds the workloads that each service selects. They are told one by one, while
 * whoever reads them has their labels at hand.
 *
 * Who selects whom is noted in numbers first, so that each list is made in its
 * full length: one that grows takes twice its room, and there are as many as
 * services.
 */
export class Selections {
  private readonly indexes: ReadonlyMap<string, SelectorIndex<Service>>;
  private readonly counts: Int32Array;
  /** Pairs of a workload and a service. Nearly all workloads have one service at most. */
  private pairs: Int32Array;
  private end = 0;
  private count = 0;

  constructor(services: readonly Service[]) {
    this.indexes = indexServices(services);
    this.counts = new Int32Array(services.length);
    this.pairs = new Int32Array(FEW);
  }

  add(workload: Workload): void {
    // Tunnels lead to a waypoint on behalf of other hosts. Nobody calls its own Service.
    if (!workload.isWaypoint) this.indexes.get(workload.namespace)?.all(workload, this.note);
    this.count++;
  }

  /**
   * By the place of the service.
   *
   * @param workloads as they have been added, and then the machines
   */
  lists(workloads: readonly Workload[], machines: readonly Workload[]): readonly (readonly Workload[] | undefined)[] {
    const missing = this.counts.slice();
    const lists = new Array<Workload[] | undefined>(missing.length);
    for (let pair = 0; pair < this.end; pair += 2) {
      const number = this.pairs[pair];
      const place = this.pairs[pair + 1];
      const list = lists[place] ??= new Array<Workload>(missing[place]);
      list[list.length - missing[place]--] = number < workloads.length ? workloads[number] : machines[number - workloads.length];
    }
    return lists;
  }

  private readonly note = ({ place }: Service): void => {
    if (this.end === this.pairs.length) this.pairs = enlarged(this.pairs);
    this.pairs[this.end++] = this.count;
    this.pairs[this.end++] = place;
    this.counts[place]++;
  };
}

const FEW = 64;

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
