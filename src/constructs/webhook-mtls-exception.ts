import { ApiObject, ApiObjectMetadata, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { SecurityApiVersion } from './api-version';
import { MtlsMode } from '../mesh/mtls-mode';
import { AppIndex } from './private/app-index';
import { begin } from './private/begin';
import { fail, show } from './private/errors';
import { exceptionAnnotations } from './private/exception';
import { findObject } from './private/find-object';
import { nameFromId, objectMetadata } from './private/metadata';
import { ambientFaults, PolicySpec, requireWorkload, requireWorkloadNamespace, writePolicy } from './private/policy';
import { requireEnum, requireInstance } from './private/require';
import { DeclaredServicePort, listServicePorts, nameOfService, ServiceView } from './private/service-view';
import { CalledService, calledServices, WEBHOOK_KINDS } from './private/webhook-view';
import { ServicePort } from './service-port';
import { ServiceRef } from './service-ref';
import { WorkloadPort } from './workload-port';
import { WorkloadSelector } from './workload-selector';

/** Options of a `WebhookMtlsException`. */
export interface WebhookMtlsExceptionProps {
  /**
   * The ValidatingWebhookConfiguration, MutatingWebhookConfiguration, APIService or
   * CustomResourceDefinition (with a conversion webhook), or any construct that has
   * one. The Service that it calls, and its port, are read at synth.
   */
  readonly webhook: IConstruct;

  /** The workload that serves the webhook. */
  readonly workload: WorkloadSelector;

  /**
   * The workload port that serves the webhook.
   *
   * @default - the port behind the Service, which the app, or the context of the
   * IstioMesh, must then have
   */
  readonly workloadPort?: WorkloadPort;

  /**
   * What the port accepts: `PERMISSIVE` or `DISABLE`. Both let the API server's TLS
   * through; PERMISSIVE keeps mutual TLS with clients in the mesh, and exists in
   * ambient.
   *
   * @default MtlsMode.PERMISSIVE
   */
  readonly mode?: MtlsMode;

  /**
   * Why the exception is needed. Written to the annotation `cdk8s-istio-mtls/reason`.
   *
   * @default - a sentence that names the object
   */
  readonly reason?: string;

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
   * The namespace of the workload and the policy. Must be that of the Service.
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
 * Lets the Kubernetes API server call a webhook, or an aggregated API, in a STRICT
 * mesh.
 *
 * The API server has no proxy and sends TLS of its own. A STRICT port refuses it,
 * as it asks for a certificate of the mesh, and the cluster then rejects (or
 * silently lets pass) what the webhook should judge. The exception is for the one
 * port that serves the webhook.
 *
 * The Service's port must not be declared as HTTP (by its name, such as `http` or
 * `grpc`, or its `appProtocol`): the proxy then takes it for plaintext and refuses
 * TLS in every mode. Such a port is an error at synth.
 */
export class WebhookMtlsException extends Construct {
  /** The PeerAuthentication. */
  public readonly policy: ApiObject;

  private readonly webhook: ApiObject;
  private readonly workload: WorkloadSelector;
  private readonly workloadPort?: WorkloadPort;
  private readonly namespace: string;
  private readonly clusterDomain: string;
  private readonly lazyAsker = {};

  constructor(scope: Construct, id: string, props: WebhookMtlsExceptionProps) {
    super(scope, id);
    const state = begin(this, props);
    const { rootNamespace, clusterDomain } = state.facts(this);
    this.clusterDomain = clusterDomain;
    this.webhook = findObject(this, 'webhook', props.webhook, object => WEBHOOK_KINDS.includes(object.kind), WEBHOOK_KINDS.join(', '),
      'use WorkloadMtlsException for other callers');
    const workload = requireWorkload(this, props.workload);
    this.workload = workload;
    if (props.workloadPort !== undefined) {
      this.workloadPort = requireInstance(this, 'workloadPort', props.workloadPort, WorkloadPort, 'WorkloadPort.number(8443)');
      this.workloadPort._check(this, 'workloadPort', clusterDomain);
    }
    const mode = requireEnum(this, 'mode', props.mode ?? MtlsMode.PERMISSIVE, MtlsMode, [MtlsMode.PERMISSIVE, MtlsMode.DISABLE]);
    this.namespace = requireWorkloadNamespace(this, props, workload, rootNamespace);
    const reason = props.reason ?? `The Kubernetes API server, which has no proxy, calls this port (${this.webhook.kind} ${this.webhook.name}).`;
    const annotations = exceptionAnnotations(this, { ...props, reason });
    const spec: PolicySpec = {
      selector: { matchLabels: workload._matchLabels(this, 'workload') },
      portLevelMtls: Lazy.any({ produce: () => this.produce(mode) }),
    };
    this.policy = writePolicy(this, 'Resource', props.apiVersion, objectMetadata(props.metadata, nameFromId(this), this.namespace, annotations), spec);
    state.defer(this, () => {
      const index = AppIndex.of(this, this);
      const faults = [...workload._faults(this, 'workload', index), ...this.resolve(index).faults];
      if (mode === MtlsMode.DISABLE) {
        faults.push(...ambientFaults(index, this.namespace, workload._workloads(this, 'workload', this.namespace, index)));
      }
      return faults;
    });
  }

  private produce(mode: MtlsMode): unknown {
    const { ports, faults } = this.resolve(AppIndex.of(this.lazyAsker, this));
    if (faults.length > 0) {
      fail(this, faults.join('; '));
    }
    return Object.fromEntries([...ports].map(port => [`${port}`, { mode }]));
  }

  private resolve(index: AppIndex): { ports: Set<number>; faults: string[] } {
    const called = calledServices(index.json(this.webhook));
    const ports = new Set<number>();
    const faults: string[] = [];
    if (called.length === 0) {
      faults.push(`'webhook' is ${this.nameOfWebhook()}, which calls no Service`);
    }
    for (const service of called) {
      const found = this.portBehind(service, index);
      if (typeof found === 'string') {
        faults.push(found);
      } else {
        ports.add(found);
      }
    }
    return { ports, faults: [...new Set(faults)] };
  }

  private portBehind(called: CalledService, index: AppIndex): number | string {
    const place = `Service ${called.namespace}/${called.name}`;
    if (called.namespace !== this.namespace) {
      return `'webhook' calls ${place}, and the policy is in namespace ${show(this.namespace)}, where it can only select other pods; `
        + "give the 'namespace' of the Service";
    }
    const service = index.service(called.namespace, called.name);
    if (!service) {
      return this.workloadPort ? this.resolvePort(this.workloadPort, 'workloadPort', index)
        : `'webhook' calls port ${called.port} of ${place}, which the app does not have; give 'workloadPort', the port behind it`;
    }
    const servicePort = service.ports.find(port => port.number === called.port);
    if (!servicePort) {
      return `'webhook' calls port ${called.port} of ${place}, whose ports are ${listServicePorts(service.ports)}`;
    }
    if (isHttp(servicePort)) {
      return `'webhook' calls port ${called.port} of ${nameOfService(service)}, which is declared as HTTP (${declaration(servicePort)}), `
        + "so that the proxy refuses the API server's TLS in every mode; name the port 'https'";
    }
    const behind = this.resolvePort(WorkloadPort.behind(ServiceRef.named(called.name, called.namespace), ServicePort.number(called.port)), 'webhook', index);
    return this.workloadPort ? this.agreed(this.workloadPort, behind, service, index) : behind;
  }

  private agreed(given: WorkloadPort, behind: number | string, service: ServiceView, index: AppIndex): number | string {
    const number = this.resolvePort(given, 'workloadPort', index);
    return typeof number === 'number' && typeof behind === 'number' && number !== behind
      ? `'workloadPort' is ${number}, but 'webhook' calls ${nameOfService(service)}, whose workload port is ${behind}; leave 'workloadPort' out`
      : number;
  }

  private resolvePort(port: WorkloadPort, what: string, index: AppIndex): number | string {
    const { namespace, clusterDomain } = this;
    const workloads = this.workload._workloads(this, 'workload', namespace, index);
    const found = port._resolve({ owner: this, what, namespace, clusterDomain, workloads, index });
    return 'fault' in found ? found.fault : found.number;
  }

  private nameOfWebhook(): string {
    return `${this.webhook.kind} ${this.webhook.name}`;
  }
}

/** Whether Istio takes a port for HTTP: `appProtocol` counts before the name up to its first `-` (`ConvertProtocol`). */
function isHttp(port: DeclaredServicePort): boolean {
  const word = port.appProtocol ?? port.name?.split('-').slice(0, port.name.startsWith('grpc-web') ? 2 : 1).join('-') ?? '';
  return ['http', 'http2', 'grpc', 'grpc-web', 'kubernetes.io/h2c', 'kubernetes.io/ws'].includes(word.toLowerCase());
}

function declaration(port: DeclaredServicePort): string {
  return port.appProtocol === undefined ? `name '${port.name}'` : `appProtocol '${port.appProtocol}'`;
}
