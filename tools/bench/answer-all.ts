import { MeshModel } from '../../src/mesh/model';
import { workloadPort } from '../../src/mesh/services/endpoints';

/**
 * Asks for the mode of every workload behind every service port, and what the
 * clients of every namespace are told for every service port. Only namespaces
 * with rules of their own for a service differ from the others, which share an answer.
 */
export function answerAll(model: MeshModel): { readonly modes: number; readonly answers: number } {
  const { inventory } = model;
  let modes = 0;
  let answers = 0;
  for (const service of inventory.services) {
    for (const port of service.ports) {
      for (const workload of inventory.endpoints.workloads(service)) {
        const target = workloadPort(service, port, workload);
        if (target !== undefined && model.serverMode(workload, target).value !== 'none') modes++;
      }
      answers += model.clientAnswers(service, port).length;
    }
  }
  return { modes, answers };
}
