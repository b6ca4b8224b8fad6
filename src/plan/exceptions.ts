import { Blocker } from './forecast';
import { LabelPairs } from '../mesh/labels';
import { Mesh } from '../mesh/mesh';
import { MeshObject } from '../mesh/object';
import { MtlsMode } from '../mesh/policies/peer-authentication';
import { Workload } from '../mesh/workloads/workload';
import { isGateway, labelsFor } from '../rules/strict-ports';

/** A policy that lets some ports of some pods take plaintext too while the rest of their namespace is STRICT. */
export interface PortException {
  readonly namespace: string;
  /** The name of the policy. */
  readonly name: string;
  readonly labels: LabelPairs;
  /** The modes of the workload ports. */
  readonly ports: ReadonlyMap<number, MtlsMode>;
  readonly reason: string;
  /** The policy that selects the pods already: the ports go in there, for a second one would not count. */
  readonly existing?: MeshObject;
}

/** An exception while its ports are collected. */
interface Draft {
  readonly namespace: string;
  readonly workload: Workload;
  readonly labels: LabelPairs;
  readonly existing?: MeshObject;
  /** By workload port: the mode, and who needs it. */
  readonly ports: Map<number, MtlsMode>;
  readonly reasons: Set<string>;
}

/**
 * The exceptions that let the calls of blockers through. All that concern the
 * same pods are one policy, because Istio takes only one that selects a pod.
 */
export class Exceptions {
  private readonly drafts = new Map<string, Draft>();
  private readonly keys = new Map<Workload, string>();

  constructor(private readonly before: Mesh, private readonly after: Mesh) {}

  /** Whether exceptions can let the calls of a blocker through, and the keys of those. */
  keysFor(blocker: Blocker): readonly string[] {
    const drafts = this.draftsFor(blocker);
    return drafts === undefined ? [] : [...drafts.keys()];
  }

  /** Adds the ports of a blocker to the exceptions that the plan writes. */
  add(blocker: Blocker): void {
    for (const [key, draft] of this.draftsFor(blocker) ?? []) {
      const known = this.drafts.get(key);
      if (known === undefined) {
        this.drafts.set(key, draft);
        continue;
      }
      merge(known, draft);
    }
  }

  /** The exceptions that a blocker needs, with the ports that the plan opens on the same pods for others. */
  for(blocker: Blocker): readonly PortException[] {
    return [...this.draftsFor(blocker) ?? []].map(([key, draft]) => {
      const known = this.drafts.get(key);
      if (known !== undefined) merge(draft, known);
      return finished(draft);
    });
  }

  /** All exceptions that the plan writes. */
  all(): readonly PortException[] {
    return [...this.drafts.values()].map(finished);
  }

  /** Undefined where no exception helps. */
  private draftsFor(blocker: Blocker): Map<string, Draft> | undefined {
    const drafts = new Map<string, Draft>();
    for (const { workload, port, service } of blocker.ports) {
      const mode = this.modeFor(workload, port, blocker);
      if (mode === undefined || (mode === 'DISABLE' && service?.isHeadless === true)) return undefined;
      const existing = this.before.model.policyFor(workload)?.object;
      const labels = labelsFor(workload, service);
      let key = this.keys.get(workload);
      if (key === undefined) this.keys.set(workload, key = existing === undefined ? `${workload.namespace} ${[...labels].map(pair => pair.join('=')).sort().join(',')}` : existing.title);
      const { namespace } = workload;
      const draft = { namespace, workload, labels, existing, ports: new Map([[port, mode]]), reasons: new Set([reasonOf(blocker)]) };
      const known = drafts.get(key);
      if (known === undefined) drafts.set(key, draft);
      else merge(known, draft);
    }
    return drafts.size === 0 ? undefined : drafts;
  }

  /** What a port has to take so that the calls work as today; undefined where no policy for single pods can say so. */
  private modeFor(workload: Workload, port: number, { isServerFirst, code }: Blocker): MtlsMode | undefined {
    const { rootNamespace } = this.before.settings;
    if (workload.namespace === rootNamespace || isGateway(workload) || code === 'MTLS310') return undefined;
    const isOpen = workload.dataPlane.value === 'unknown';
    if (!isOpen && this.after.model.serverMode(workload, port).value !== 'STRICT') return undefined;
    const today = isOpen ? 'PERMISSIVE' : this.before.model.serverMode(workload, port).value;
    return (isServerFirst || today === 'DISABLE') && workload.dataPlane.value === 'sidecar' ? 'DISABLE' : 'PERMISSIVE';
  }
}

function merge(into: Draft, from: Draft): void {
  from.ports.forEach((mode, port) => into.ports.set(port, into.ports.get(port) === 'DISABLE' ? 'DISABLE' : mode));
  from.reasons.forEach(reason => into.reasons.add(reason));
}

function finished({ namespace, workload, labels, existing, ports, reasons }: Draft): PortException {
  const sorted = [...ports].sort(([a], [b]) => a - b);
  return {
    namespace,
    name: existing?.name ?? `${workload.name}-${sorted.map(([port]) => port).join('-')}`.slice(0, 63).replace(/-+$/, ''),
    labels,
    ports: new Map(sorted),
    reason: `${[...reasons].sort().join('; ')}.`,
    existing,
  };
}

/** Why a port has to be open, as a clause for the annotation that keeps the reason with the policy. */
function reasonOf({ code, joins }: Blocker): string {
  switch (code) {
    case 'MTLS301': return 'The API server, which has no proxy, calls this webhook';
    case 'MTLS302': return 'The API server, which has no proxy, calls this API';
    case 'MTLS303': return 'Metrics are scraped without a certificate of the mesh';
    case 'MTLS304': return 'The kubelet, which has no proxy, probes the pods';
    case 'MTLS305': return 'Traffic comes from outside the mesh';
    case 'MTLS307': return 'Init containers call before their pods have a proxy';
    case 'MTLS206': return `${namesOf(joins)} without a proxy ${joins.length === 1 ? 'calls' : 'call'} this workload`;
    default: return 'Clients send this workload no mutual TLS';
  }
}

function namesOf(workloads: readonly Workload[]): string {
  const names = workloads.slice(0, 3).map(({ key }) => key);
  const more = workloads.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
