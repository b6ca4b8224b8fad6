import { RuleContext } from './rule';
import { Workload } from '../mesh/workloads/workload';

/** The workloads that are shown to call a service port. All are looked up at once, for a fault seldom comes alone. */
export function knownCallers(context: RuleContext, host: string, servicePort: number): readonly Workload[] {
  const callers = context.once(knownCallers, () => {
    const { inventory, known } = context.model;
    const byPort = new Map<string, Workload[]>();
    for (const client of inventory.workloads) {
      for (const place of new Set(known.callsOf(client).map(call => `${call.host} ${call.port}`))) {
        const list = byPort.get(place);
        if (list === undefined) byPort.set(place, [client]);
        else list.push(client);
      }
    }
    return byPort;
  });
  return callers.get(`${host} ${servicePort}`) ?? [];
}
