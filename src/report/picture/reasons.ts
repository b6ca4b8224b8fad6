import { PictureReason } from './data';
import { Reason, reasonJson } from '../../mesh/decision';

/** Reasons as plain data with their places. What decides for many workloads is looked up once. */
export class Reasons {
  private readonly known = new Map<Reason, PictureReason>();
  private readonly lists = new Map<readonly Reason[], readonly PictureReason[]>();

  of(reason: Reason): PictureReason {
    let found = this.known.get(reason);
    if (found === undefined) {
      const origin = reason.object?.origin;
      const line = origin?.locate?.(reason.field)?.line;
      found = { ...reasonJson(reason), place: origin?.place ?? null, line: line ?? null };
      this.known.set(reason, found);
    }
    return found;
  }

  all(because: readonly Reason[]): readonly PictureReason[] {
    let found = this.lists.get(because);
    if (found === undefined) this.lists.set(because, found = because.map(reason => this.of(reason)));
    return found;
  }
}
