import { namespaceOf, repeats, VisitPart } from './facts';
import { byIdentity, compareText, MeshObject } from './object';

/**
 * The objects of one kind. They are kept as the stretches of the input in which
 * they stand, and no list is made before somebody asks for one.
 */
export class ObjectsOfKind {
  /** Where each stretch begins and ends. */
  private readonly bounds: number[] = [];
  private count = 0;
  private list?: readonly MeshObject[];
  private sorted?: readonly MeshObject[];

  constructor(private readonly all: readonly MeshObject[]) {}

  /** Adds the objects from one place of the input to another. */
  add(start: number, end: number): void {
    this.bounds.push(start, end);
    this.count += end - start;
  }

  /** Whether one of them is such. */
  some(is: (object: MeshObject) => boolean): boolean {
    for (let stretch = 0; stretch < this.bounds.length; stretch += 2) {
      for (let i = this.bounds[stretch]; i < this.bounds[stretch + 1]; i++) if (is(this.all[i])) return true;
    }
    return false;
  }

  /** As they come, unless somebody has put them in order. */
  get inAnyOrder(): readonly MeshObject[] {
    return this.sorted ?? (this.list ??= copied(this.all, this.bounds, new Array<MeshObject>(this.count), 0));
  }

  /** Those of a namespace together, ordered by identity. */
  get inOrder(): readonly MeshObject[] {
    return this.sorted ?? this.sort(() => {});
  }

  /** Visits them in that order, those of a namespace as soon as they are in it; all at once where they are already. */
  byNamespace(visit: VisitPart): void {
    if (this.sorted === undefined) this.sort(visit);
    else visit(this.sorted, 0, this.count);
  }

  /** Whether two of them may have one identity: surely where that costs no more than to see whether they do. */
  get mayRepeat(): boolean {
    return this.sorted !== undefined || repeats(this.inAnyOrder);
  }

  /** Namespace by namespace: many short lists are sorted faster than one long one. */
  private sort(visit: VisitPart): readonly MeshObject[] {
    const sorted = new Array<MeshObject>(this.count);
    const namespaces = this.stretches();
    let end = 0;
    for (const namespace of [...namespaces.keys()].sort(compareText)) {
      const start = end;
      const bounds = namespaces.get(namespace)!;
      copied(this.all, bounds, sorted, start);
      for (let i = 0; i < bounds.length; i += 2) end += bounds[i + 1] - bounds[i];
      sortStretch(sorted, start, end);
      visit(sorted, start, end);
    }
    this.list = undefined;
    return this.sorted = sorted;
  }

  /** The stretches of each namespace. Its objects mostly follow each other. */
  private stretches(): ReadonlyMap<string, readonly number[]> {
    const namespaces = new Map<string, number[]>();
    for (let stretch = 0; stretch < this.bounds.length; stretch += 2) {
      const end = this.bounds[stretch + 1];
      for (let start = this.bounds[stretch], next = start; start < end; start = next) {
        const namespace = namespaceOf(this.all[start]);
        while (next < end && namespaceOf(this.all[next]) === namespace) next++;
        const bounds = namespaces.get(namespace);
        if (bounds === undefined) namespaces.set(namespace, [start, next]);
        else bounds.push(start, next);
      }
    }
    return namespaces;
  }
}

/** Copies stretches of a list into another one. */
function copied(from: readonly MeshObject[], bounds: readonly number[], to: MeshObject[], place: number): readonly MeshObject[] {
  for (let stretch = 0; stretch < bounds.length; stretch += 2) {
    for (let i = bounds[stretch]; i < bounds[stretch + 1]; i++) to[place++] = from[i];
  }
  return to;
}

/** Sorts a part of a list. Clusters and folders list objects by name, and to see that takes less than to sort them once more. */
function sortStretch(list: MeshObject[], start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    if (byIdentity(list[i - 1], list[i]) <= 0) continue;
    const part = list.slice(start, end).sort(byIdentity);
    for (let j = 0; j < part.length; j++) list[start + j] = part[j];
    return;
  }
}
