import { exceptionTypeScript, exceptionYaml } from './exception-text';
import { Exceptions } from './exceptions';
import { Blocker } from './forecast';
import { Mesh } from '../mesh/mesh';
import { isNeverInjected } from '../mesh/workloads/data-plane';
import { Workload } from '../mesh/workloads/workload';
import { joinMesh } from '../rules/join-mesh';

/** A policy in both forms in which it can be written. */
export interface WrittenPolicy {
  readonly yaml: string;
  /** The same with the constructs of this library. */
  readonly typescript: string;
}

/** A way to let the calls of a blocker through. */
export interface Cure {
  /** Give the callers a proxy; change a rule, a label or whatever stands in the way; or let the workload port take plaintext too. */
  readonly kind: 'join' | 'change' | 'exception';
  /** What has to be changed: equal for blockers that one change cures. */
  readonly changes: readonly string[];
  /** One sentence or a few. */
  readonly text: string;
  /** The policies to write. */
  readonly policies?: readonly WrittenPolicy[];
}

/** The most clients that a cure names. */
const MAX_NAMED = 5;

/** Where a rule's advice comes to its second way, which the plan says in its own form. */
const SECOND_WAY = /\s*\n?Or[:,] [^]*$/;

/** Advice that is the exception itself. */
const OPENS_PORT = /^(Let workload port|Policies with a selector are ignored)/;

/** Finds the cures of blockers, the cheapest first. */
export class Cures {
  private readonly exceptions: Exceptions;

  /** @param after the mesh with which the blockers were found */
  constructor(private readonly before: Mesh, after: Mesh, private readonly blockers: readonly Blocker[]) {
    this.exceptions = new Exceptions(before, after);
    for (const blocker of blockers) {
      if (blocker.condition === undefined && this.withoutException(blocker).length === 0) this.exceptions.add(blocker);
    }
  }

  /** The cures of every blocker. */
  all(): ReadonlyMap<Blocker, readonly Cure[]> {
    return new Map(this.blockers.map(blocker => [blocker, this.of(blocker)]));
  }

  /** The exceptions that stay when every blocker was cured in the cheapest way. */
  get lasting(): ReturnType<Exceptions['all']> {
    return this.exceptions.all();
  }

  private of(blocker: Blocker): readonly Cure[] {
    const others = this.withoutException(blocker);
    const exceptions = this.exceptions.for(blocker);
    if (exceptions.length > 0) {
      const exception: Cure = {
        kind: 'exception',
        changes: this.exceptions.keysFor(blocker).map(key => `exception ${key}`),
        text: exceptionSentence(blocker),
        policies: exceptions.map(one => ({ yaml: exceptionYaml(one), typescript: exceptionTypeScript(one) })),
      };
      return [...others, exception];
    }
    return others.length > 0 ? others : [{ kind: 'change', changes: [blocker.change], text: firstWay(blocker.fix) ?? blocker.fix }];
  }

  /** The cures that leave the ports STRICT. */
  private withoutException(blocker: Blocker): readonly Cure[] {
    const { joins, change, fix } = blocker;
    if (joins.length > 0) {
      if (!joins.every(canJoin)) return [];
      const texts = joins.slice(0, MAX_NAMED).map(client => joinMesh({ model: this.before.model, settings: this.before.settings }, client));
      const more = joins.length - texts.length;
      const text = `${texts.join('. ')}${more > 0 ? `. And so for ${more} more client${more === 1 ? '' : 's'}` : ''}.`;
      return [{ kind: 'join', changes: joins.map(({ key }) => `join ${key}`), text }];
    }
    const way = firstWay(fix);
    return way === undefined ? [] : [{ kind: 'change', changes: [change], text: way }];
  }
}

/** Whether a client can get a proxy where it is. */
function canJoin({ namespace, dataPlane }: Workload): boolean {
  return !isNeverInjected(namespace) && !dataPlane.decidedBy.field.includes('hostNetwork');
}

function firstWay(fix: string): string | undefined {
  if (OPENS_PORT.test(fix)) return undefined;
  const way = fix.replace(SECOND_WAY, '').trim();
  return /[.:]$/.test(way) || way.includes('\n') ? way : `${way}.`;
}

function exceptionSentence({ ports, isServerFirst }: Blocker): string {
  const places = ports.slice(0, MAX_NAMED).map(({ workload, port }) => `${port} of ${workload.key}`);
  const more = ports.length - places.length;
  const names = `workload port${ports.length === 1 ? '' : 's'} ${places.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return isServerFirst
    ? `Let ${names} take plaintext alone, because the server speaks first, before the namespace becomes STRICT.`
    : `Let ${names} take plaintext too, before the namespace becomes STRICT.`;
}
