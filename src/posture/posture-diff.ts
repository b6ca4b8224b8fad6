import { CallComparison } from './calls';
import { Causes } from './causes';
import { Entries } from './entries';
import { Entry } from './entry';
import { Modes } from './modes';
import { Objects } from './objects';
import { Mesh } from '../mesh/mesh';

/**
 * What is different between two states of a mesh: the workload ports that accept
 * something else and the calls that end otherwise, collected by the object that
 * made the change.
 *
 * Nothing of it hangs on the order of either input.
 */
export function postureDiff(before: Mesh, after: Mesh): Entry[] {
  const causes = new Causes(before, after, new Objects(before, after));
  const entries = new Entries();
  new Modes(before, after, causes, entries).compare();
  new CallComparison(before, after, causes, entries).compare();
  return entries.build();
}
