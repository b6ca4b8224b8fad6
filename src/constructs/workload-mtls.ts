import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { SecurityApiVersion } from './api-version';
import { MtlsMode } from '../mesh/mtls-mode';
import { AppIndex } from './private/app-index';
import { begin } from './private/begin';
import { nameFromId, objectMetadata } from './private/metadata';
import { ambientFaults, PolicySpec, requireWorkload, requireWorkloadNamespace, writePolicy } from './private/policy';
import { PortModes } from './private/port-modes';
import { requireEnum, requireObject } from './private/require';
import { WorkloadPort } from './workload-port';
import { WorkloadSelector } from './workload-selector';

/** Options of a `WorkloadMtls`. */
export interface WorkloadMtlsProps {
  /** The workload that the policy is for. */
  readonly workload: WorkloadSelector;

  /**
   * The namespace of the workload and the policy. Not the root namespace, where
   * Istio ignores policies with a selector.
   *
   * @default - the namespace of the workload where it is known, else that of the
   * chart; an error where there is none
   */
  readonly namespace?: string;

  /**
   * What the workload accepts.
   *
   * @default - the mode of the namespace, or of the mesh
   */
  readonly mode?: MtlsMode;

  /**
   * What single workload ports accept. The keys are numbers of workload ports
   * (not of service ports), or names of container ports.
   *
   * @default - every port has the mode of the workload
   */
  readonly portLevelMtls?: { [workloadPort: string]: MtlsMode };

  /**
   * Metadata of the PeerAuthentication.
   *
   * @default - named after the construct's id, in lower case
   */
  readonly metadata?: ApiObjectMetadata;

  /**
   * The API version of the PeerAuthentication.
   *
   * @default SecurityApiVersion.V1
   */
  readonly apiVersion?: SecurityApiVersion;
}

/**
 * The mode of one workload and of its ports: a PeerAuthentication with a
 * selector.
 *
 * Istio takes the oldest policy that selects a pod, as a whole: the modes of two
 * policies for one workload are not combined. A policy with neither a mode nor a
 * port changes nothing and is an error at synth.
 *
 * Use `WorkloadMtlsException` where the policy makes the workload accept more
 * than its namespace does.
 */
export class WorkloadMtls extends Construct {
  /** The PeerAuthentication. */
  public readonly policy: ApiObject;

  private readonly ports: PortModes;

  constructor(scope: Construct, id: string, props: WorkloadMtlsProps) {
    super(scope, id);
    const state = begin(this, props);
    const { rootNamespace, clusterDomain } = state.facts(this);
    const workload = requireWorkload(this, props.workload);
    const mode = props.mode === undefined ? undefined : requireEnum(this, 'mode', props.mode, MtlsMode);
    const namespace = requireWorkloadNamespace(this, props, workload, rootNamespace);
    const spec: PolicySpec = { selector: { matchLabels: workload._matchLabels(this, 'workload') } };
    if (mode !== undefined) {
      spec.mtls = { mode };
    }
    this.ports = new PortModes(this, spec, workload, namespace, clusterDomain);
    for (const [key, portMode] of Object.entries(requireObject(this, 'portLevelMtls', props.portLevelMtls ?? {}))) {
      const what = `portLevelMtls['${key}']`;
      this.ports.add(what, WorkloadPort._ofKey(key), requireEnum(this, what, portMode, MtlsMode));
    }
    this.policy = writePolicy(this, 'Resource', props.apiVersion, objectMetadata(props.metadata, nameFromId(this), namespace), spec);
    state.defer(this, () => {
      const index = AppIndex.of(this, this);
      const faults = [...workload._faults(this, 'workload', index), ...this.ports.faults(index)];
      if (mode === undefined && this.ports.size === 0) {
        faults.push("a policy without a mode changes nothing; give 'mode', or a port in 'portLevelMtls'");
      }
      if (mode === MtlsMode.DISABLE || this.ports.has(MtlsMode.DISABLE)) {
        faults.push(...ambientFaults(index, namespace, workload._workloads(this, 'workload', namespace, index)));
      }
      return faults;
    });
  }

  /**
   * Gives one workload port a mode of its own.
   *
   * An error where the port has another mode already.
   *
   * @param port the workload port
   * @param mode what it accepts; UNSET means the mode of the workload
   */
  public addPort(port: WorkloadPort, mode: MtlsMode): void {
    this.ports.add('port', port, requireEnum(this, 'mode', mode, MtlsMode));
  }
}
