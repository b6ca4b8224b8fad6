import { count } from './text';
import { Mesh } from '../mesh/mesh';

const SHOWN = 5;

/** What the input leaves open, with the reason; findings that hang on it are silent or carry an `if`. */
export function notJudged(mesh: Mesh): string[] {
  const workloads = new Map<string, number>();
  for (const { dataPlane, namespace } of mesh.model.inventory.workloads) {
    if (dataPlane.value === 'unknown') workloads.set(namespace, (workloads.get(namespace) ?? 0) + 1);
  }
  if (workloads.size === 0) return [];
  const names = [...workloads.keys()].sort();
  const shown = names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');
  const number = [...workloads.values()].reduce((sum, one) => sum + one, 0);
  const one = names.length === 1;
  return [`whether ${count(number, 'workload')} of ${one ? 'namespace' : 'namespaces'} ${shown} ${number === 1 ? 'has' : 'have'} a proxy, because ${
    one ? 'that Namespace is' : 'those Namespaces are'} not in the input; add ${one ? 'it' : 'them'}, or name a cluster export with --context`];
}
