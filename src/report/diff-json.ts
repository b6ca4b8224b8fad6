import { causePlace, DiffReport } from './diff';
import { pathText } from '../mesh/json';
import { CHANGES } from '../posture/change';
import { Entry } from '../posture/entry';

/** A comparison as JSON for programs. `version` grows when a field changes its meaning or goes. */
export function diffJson({ before, after, entries, objects, notJudged }: DiffReport): string {
  const counts = Object.fromEntries(CHANGES.map(change => [change, entries.filter(entry => entry.change === change).length]));
  return `${JSON.stringify({
    version: 1, before, after, counts, changes: entries.map(entryJson), summary: { objects: { before: objects[0], after: objects[1] }, notJudged },
  }, null, 2)}\n`;
}

function entryJson({ change, cause, modes, modeCount, calls, callCount, knownCount, condition, exception }: Entry): object {
  const { object, action, field, text } = cause;
  return {
    change,
    cause: { object: object?.title ?? null, action, ...causePlace(cause), field: pathText(field), text },
    modes: modes.map(({ subject, port, from, to }) => ({ subject, port: port ?? null, from: from ?? null, to: to ?? null })),
    modeCount,
    calls: calls.map(({ client, host, port, subset, server, from, to, known }) => (
      { client, host, port, subset, server: server ?? null, from: from ?? null, to: to ?? null, known })),
    callCount,
    knownCount,
    condition,
    exception,
  };
}
