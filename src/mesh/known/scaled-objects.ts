import { inCluster, MeshFacts } from '../facts';
import { asList, own, textEntries } from '../json';
import { Kinds } from '../kinds';
import { mentionsIn } from './mentions';
import { Mention } from './pod-mentions';

/** The hosts that the triggers of KEDA's ScaledObjects and ScaledJobs name. KEDA's operator asks them, not the workload that is scaled. */
export function triggerMentions(facts: MeshFacts): readonly Mention[] {
  const found: Mention[] = [];
  for (const kind of [Kinds.SCALED_OBJECT, Kinds.SCALED_JOB]) {
    for (const object of inCluster(facts, kind)) {
      asList(own(object.spec, 'triggers')).forEach((trigger, index) => {
        for (const [key, text] of textEntries(own(trigger, 'metadata'))) {
          for (const address of mentionsIn(text, 'variable', key)) {
            found.push({ address, object, field: ['spec', 'triggers', index, 'metadata', key], who: `a trigger of ${object.kind} ${object.name}` });
          }
        }
      });
    }
  }
  return found;
}
