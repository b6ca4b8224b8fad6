import { Lazy } from 'cdk8s';
import { IConstruct } from 'constructs';
import { AppIndex } from './app-index';
import { fail } from './errors';
import { requireInstance } from './require';
import { MtlsMode } from '../../mesh/mtls-mode';
import { WorkloadPort } from '../workload-port';
import { WorkloadSelector } from '../workload-selector';

/** A spec that takes `portLevelMtls`. */
interface WorkloadSpec {
  portLevelMtls?: unknown;
}

interface Entry {
  readonly what: string;
  readonly port: WorkloadPort;
  readonly mode: MtlsMode;
}

/**
 * The port modes of one workload's policy.
 *
 * Ports given by number are written at once; as soon as one hangs on another
 * object, all of them are written at synth.
 */
export class PortModes {
  private readonly entries: Entry[] = [];
  private readonly lazyAsker = {};

  constructor(
    private readonly owner: IConstruct,
    private readonly spec: WorkloadSpec,
    private readonly workload: WorkloadSelector,
    private readonly namespace: string,
    private readonly clusterDomain: string,
  ) {}

  /** How many ports have a mode of their own. */
  get size(): number {
    return this.entries.length;
  }

  /** Whether a port has a mode. */
  has(mode: MtlsMode): boolean {
    return this.entries.some(entry => entry.mode === mode);
  }

  /** Adds a port. */
  add(what: string, port: WorkloadPort, mode: MtlsMode): void {
    requireInstance(this.owner, what, port, WorkloadPort, 'WorkloadPort.number(8080)')._check(this.owner, what, this.clusterDomain);
    const same = this.entries.find(entry => port._fixed() !== undefined && entry.port._fixed() === port._fixed());
    if (same && same.mode !== mode) {
      fail(this.owner, `'${what}' gives workload port ${port._fixed()} the mode ${mode}, and '${same.what}' gives it ${same.mode}; keep one of the two`);
    }
    this.entries.push({ what, port, mode });
    const fixed = this.entries.map(entry => entry.port._fixed());
    this.spec.portLevelMtls = fixed.includes(undefined)
      ? Lazy.any({ produce: () => this.produce() })
      : Object.fromEntries(this.entries.map((entry, i) => [`${fixed[i]}`, { mode: entry.mode }]));
  }

  /** What is wrong with the ports, at synth. */
  faults(index: AppIndex): string[] {
    return this.entries.length === 0 ? [] : this.resolve(index).faults;
  }

  private produce(): unknown {
    const { modes, faults } = this.resolve(AppIndex.of(this.lazyAsker, this.owner));
    if (faults.length > 0) {
      fail(this.owner, faults.join('; '));
    }
    return Object.fromEntries([...modes].map(([number, entry]) => [`${number}`, { mode: entry.mode }]));
  }

  private resolve(index: AppIndex): { modes: Map<number, Entry>; faults: string[] } {
    const { owner, namespace, clusterDomain } = this;
    const workloads = this.workload._workloads(owner, 'workload', namespace, index);
    const modes = new Map<number, Entry>();
    const faults: string[] = [];
    for (const entry of this.entries) {
      const found = entry.port._resolve({ owner, what: entry.what, namespace, clusterDomain, workloads, index });
      if ('fault' in found) {
        faults.push(found.fault);
        continue;
      }
      const other = modes.get(found.number);
      if (other && other.mode !== entry.mode) {
        faults.push(`'${entry.what}' and '${other.what}' are both workload port ${found.number}, with the modes ${entry.mode} and ${other.mode}; `
          + 'keep one of the two');
      }
      modes.set(found.number, entry);
    }
    return { modes, faults };
  }
}
