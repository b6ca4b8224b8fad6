import { RuleContext } from './rule';
import { Workload } from '../mesh/workloads/workload';

/** A workload port that no policy can name, so that it has what holds for the ports in general. */
export const ANY_OTHER_PORT = 0;

/** The workloads whose traffic ztunnel carries. */
export function ambientWorkloads(context: RuleContext): readonly Workload[] {
  return context.once(ambientWorkloads, () =>
    context.settings.ambient ? context.model.inventory.workloads.filter(({ dataPlane }) => dataPlane.value === 'ambient') : []);
}
