import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { SecurityApiVersion } from './api-version';
import { MtlsMode } from '../mesh/mtls-mode';
import { AppIndex } from './private/app-index';
import { begin } from './private/begin';
import { fail } from './private/errors';
import { exceptionAnnotations } from './private/exception';
import { nameFromId, objectMetadata } from './private/metadata';
import { ambientFaults, PolicySpec, requireWorkload, requireWorkloadNamespace, writePolicy } from './private/policy';
import { PortModes } from './private/port-modes';
import { requireArray, requireEnum } from './private/require';
import { WorkloadPort } from './workload-port';
import { WorkloadSelector } from './workload-selector';

/** Options of a `WorkloadMtlsException`. */
export interface WorkloadMtlsExceptionProps {
  /** The workload that accepts more than the rest of its namespace. */
  readonly workload: WorkloadSelector;

  /** Why the exception is needed. Written to the annotation `cdk8s-istio-mtls/reason`. */
  readonly reason: string;

  /**
   * The workload ports that the exception is for. The other ports keep the mode
   * of the namespace, or of the mesh. An empty list is an error.
   *
   * @default - the whole workload
   */
  readonly ports?: WorkloadPort[];

  /**
   * What the workload, or the ports, accept: `PERMISSIVE` or `DISABLE`.
   *
   * PERMISSIVE serves callers outside the mesh and keeps mutual TLS with those
   * inside. DISABLE is for applications that must see the bytes as they come.
   *
   * @default MtlsMode.PERMISSIVE
   */
  readonly mode?: MtlsMode;

  /**
   * Who answers for the exception. Written to the annotation `cdk8s-istio-mtls/owner`.
   *
   * @default - nobody is named
   */
  readonly owner?: string;

  /**
   * The last day on which the exception is needed, as YYYY-MM-DD. Written to the
   * annotation `cdk8s-istio-mtls/expires`, which the validation reads.
   *
   * @default - it does not expire
   */
  readonly expires?: string;

  /**
   * The namespace of the workload and the policy. Not the root namespace, where
   * Istio ignores policies with a selector.
   *
   * @default - the namespace of the workload where it is known, else that of the
   * chart; an error where there is none
   */
  readonly namespace?: string;

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
 * Lets one workload, or some of its ports, accept plaintext under a STRICT
 * namespace or mesh, and keeps the reason with the object.
 *
 * Istio takes the oldest policy that selects a pod, as a whole: put all
 * exceptions of one workload into one construct.
 *
 * Where auto mTLS is off, clients in the mesh go on sending what their rules say;
 * a DISABLE exception then needs a `ServiceClientTls` with `ClientTls.disable()`.
 */
export class WorkloadMtlsException extends Construct {
  /** The PeerAuthentication. */
  public readonly policy: ApiObject;

  private readonly mode: MtlsMode;
  private readonly wholeWorkload: boolean;
  private readonly ports: PortModes;

  constructor(scope: Construct, id: string, props: WorkloadMtlsExceptionProps) {
    super(scope, id);
    const state = begin(this, props);
    const { rootNamespace, clusterDomain } = state.facts(this);
    const workload = requireWorkload(this, props.workload);
    const annotations = exceptionAnnotations(this, props);
    this.mode = requireEnum(this, 'mode', props.mode ?? MtlsMode.PERMISSIVE, MtlsMode, [MtlsMode.PERMISSIVE, MtlsMode.DISABLE]);
    const namespace = requireWorkloadNamespace(this, props, workload, rootNamespace);
    this.wholeWorkload = props.ports === undefined;
    const ports = requireArray(this, 'ports', props.ports ?? [], 'WorkloadPort');
    if (!this.wholeWorkload && ports.length === 0) {
      fail(this, "supply at least one port in 'ports', got []; to exempt all ports leave 'ports' out");
    }
    const spec: PolicySpec = { selector: { matchLabels: workload._matchLabels(this, 'workload') } };
    if (this.wholeWorkload) {
      spec.mtls = { mode: this.mode };
    }
    this.ports = new PortModes(this, spec, workload, namespace, clusterDomain);
    ports.forEach((port, i) => this.ports.add(`ports[${i}]`, port, this.mode));
    this.policy = writePolicy(this, 'Resource', props.apiVersion, objectMetadata(props.metadata, nameFromId(this), namespace, annotations), spec);
    state.defer(this, () => {
      const index = AppIndex.of(this, this);
      const faults = [...workload._faults(this, 'workload', index), ...this.ports.faults(index)];
      if (this.mode === MtlsMode.DISABLE) {
        faults.push(...ambientFaults(index, namespace, workload._workloads(this, 'workload', namespace, index)));
      }
      return faults;
    });
  }

  /**
   * Adds a workload port to the exception.
   *
   * An error where the exception is for the whole workload.
   *
   * @param port the workload port
   */
  public addPort(port: WorkloadPort): void {
    if (this.wholeWorkload) {
      fail(this, "the exception is for the whole workload already; give 'ports' to limit it to ports");
    }
    this.ports.add('port', port, this.mode);
  }
}
