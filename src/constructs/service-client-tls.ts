import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { NetworkingApiVersion } from './api-version';
import { ClientTls } from './client-tls';
import { AppIndex } from './private/app-index';
import { begin } from './private/begin';
import { DestinationRuleSpec, TrafficPolicy, writeRule } from './private/destination-rule';
import { fail, show } from './private/errors';
import { requireExportTo } from './private/export-to';
import { chartOf, givenNamespace, nameFromId, objectMetadata } from './private/metadata';
import { PortTls } from './private/port-tls';
import { requireArray, requireBoolean, requireDnsLabel, requireInstance, requireLabels, requireObject } from './private/require';
import { ServicePort } from './service-port';
import { ServiceRef } from './service-ref';
import { SubsetTls } from './subset-tls';
import { WorkloadSelector } from './workload-selector';

/** Options of a `ServiceClientTls`. */
export interface ServiceClientTlsProps {
  /** The Service, or the host. */
  readonly service: ServiceRef;

  /**
   * The namespace in which the rule lives. Clients take the rule of their own
   * namespace first, then that of the Service's, then that of the root namespace.
   *
   * @default - the namespace of the chart, else that of the Service; an error
   * where there is none
   */
  readonly namespace?: string;

  /**
   * What clients send on the ports that `portTls` does not name.
   *
   * @default - auto mTLS decides
   */
  readonly tls?: ClientTls;

  /**
   * What clients send on single service ports. The keys are numbers of service ports (not of
   * workload ports), or their names, which are looked up in the Service.
   *
   * @default - `tls`
   */
  readonly portTls?: { [servicePort: string]: ClientTls };

  /**
   * Subsets of the Service's pods.
   *
   * @default - none
   */
  readonly subsets?: SubsetTls[];

  /**
   * The namespaces that see the rule: `*`, `.` for its own, or names.
   *
   * @default - the mesh's `defaultDestinationRuleExportTo`, which is all
   */
  readonly exportTo?: string[];

  /**
   * The clients that the rule is for, in the rule's own namespace.
   *
   * @default - all clients
   */
  readonly workloadSelector?: WorkloadSelector;

  /**
   * States that only gateways call the host by this rule. Allows a Secret in
   * `credentialName` without a `workloadSelector`, which sidecars would silently
   * replace by plaintext (`buildUpstreamClusterTLSContext`). Written to the
   * annotation `cdk8s-istio-mtls/gateways-only`.
   *
   * @default false
   */
  readonly gatewaysOnly?: boolean;

  /**
   * Metadata of the DestinationRule.
   *
   * @default - named after the construct's id, in lower case
   */
  readonly metadata?: ApiObjectMetadata;

  /**
   * The API version of the DestinationRule.
   *
   * @default NetworkingApiVersion.V1
   */
  readonly apiVersion?: NetworkingApiVersion;
}

/**
 * What clients send to a host: a DestinationRule with TLS settings.
 *
 * Istio does not merge the settings of a port, or of a subset, with those of the
 * rule: they replace them, and what they do not say is lost. Every port written
 * here therefore has TLS settings of its own, and a subset without any has those
 * of the rule. A rule that sets no TLS at all is an error at synth.
 *
 * With auto mTLS on, a Service in the mesh needs no such rule.
 */
export class ServiceClientTls extends Construct {
  /** The DestinationRule. */
  public readonly rule: ApiObject;

  private readonly service: ServiceRef;
  private readonly namespace: string;
  private readonly clusterDomain: string;
  private readonly spec: DestinationRuleSpec;
  private readonly policy: TrafficPolicy = {};
  private readonly ports: PortTls;
  private readonly subsetPorts: PortTls[] = [];
  private readonly subsetNames = new Set<string>();
  private readonly readsSecrets: boolean;
  private hasTls = false;

  constructor(scope: Construct, id: string, props: ServiceClientTlsProps) {
    super(scope, id);
    const state = begin(this, props);
    this.clusterDomain = state.facts(this).clusterDomain;
    this.service = requireInstance(this, 'service', props.service, ServiceRef, 'ServiceRef.of(service)');
    const host = this.service._host(this, 'service', this.clusterDomain);
    this.namespace = givenNamespace(this, props) ?? chartOf(this).namespace
      ?? this.service._nameAndNamespace(this, 'service', this.clusterDomain)?.namespace
      ?? fail(this, "no namespace is known; give 'namespace', or give the chart one");
    const selector = props.workloadSelector;
    const gatewaysOnly = props.gatewaysOnly !== undefined && requireBoolean(this, 'gatewaysOnly', props.gatewaysOnly);
    this.readsSecrets = selector !== undefined || gatewaysOnly;
    this.spec = { host };
    if (selector !== undefined) {
      requireInstance(this, 'workloadSelector', selector, WorkloadSelector, 'WorkloadSelector.labels({ … })')._check(this, 'workloadSelector');
      this.spec.workloadSelector = { matchLabels: selector._matchLabels(this, 'workloadSelector') };
    }
    if (props.exportTo !== undefined) {
      this.spec.exportTo = requireExportTo(this, props.exportTo, this.namespace, selector !== undefined);
    }
    this.ports = new PortTls(this, this.policy, this.service, this.clusterDomain);
    if (props.tls !== undefined) {
      this.policy.tls = this.tlsSpec('tls', props.tls);
      this.spec.trafficPolicy = this.policy;
    }
    for (const [port, tls] of Object.entries(requireObject(this, 'portTls', props.portTls ?? {}))) {
      this.addPort(`portTls['${port}']`, port, tls);
    }
    requireArray(this, 'subsets', props.subsets ?? [], 'SubsetTls').forEach((subset, i) => this.writeSubset(`subsets[${i}]`, subset));
    const annotations: { [key: string]: string } = gatewaysOnly ? { 'cdk8s-istio-mtls/gateways-only': 'true' } : {};
    this.rule = writeRule(this, 'Resource', props.apiVersion,
      objectMetadata(props.metadata, nameFromId(this), this.namespace, annotations), this.spec);
    state.defer(this, () => this.faults(AppIndex.of(this, this), selector));
  }

  /**
   * Gives one service port TLS settings of its own.
   *
   * An error where the port has some already.
   *
   * @param servicePort the service port
   * @param tls what clients send on it
   */
  public addPortTls(servicePort: ServicePort, tls: ClientTls): void {
    const port = requireInstance(this, 'servicePort', servicePort, ServicePort, 'ServicePort.number(80)');
    this.addPort('servicePort', port._key(this, 'servicePort'), tls);
  }

  /**
   * Adds a subset of the Service's pods.
   *
   * An error where a subset has the name already.
   *
   * @param subset the subset and its TLS settings
   */
  public addSubset(subset: SubsetTls): void {
    this.writeSubset('subset', subset);
  }

  private addPort(what: string, port: number | string, tls: ClientTls): void {
    this.ports.add(what, port, this.tlsSpec(what, tls));
    this.spec.trafficPolicy = this.policy;
  }

  private writeSubset(what: string, subset: SubsetTls): void {
    requireObject(this, what, subset);
    const name = requireDnsLabel(this, `${what}.name`, subset.name);
    if (this.subsetNames.has(name)) {
      fail(this, `'${what}.name' must differ from the names of the other subsets; got ${show(name)} again`);
    }
    const written: { name: string; labels?: object; trafficPolicy?: TrafficPolicy } = { name };
    if (subset.labels !== undefined) {
      written.labels = requireLabels(this, `${what}.labels`, subset.labels);
    }
    const policy: TrafficPolicy = {};
    const ports = new PortTls(this, policy, this.service, this.clusterDomain);
    if (subset.tls !== undefined) {
      policy.tls = this.tlsSpec(`${what}.tls`, subset.tls);
    }
    for (const [port, tls] of Object.entries(requireObject(this, `${what}.portTls`, subset.portTls ?? {}))) {
      const key = `${what}.portTls['${port}']`;
      ports.add(key, port, this.tlsSpec(key, tls));
    }
    if (policy.tls !== undefined || ports.size > 0) {
      written.trafficPolicy = policy;
    }
    this.subsetNames.add(name);
    this.subsetPorts.push(ports);
    this.spec.subsets = [...this.spec.subsets ?? [], written];
  }

  private tlsSpec(what: string, tls: ClientTls): unknown {
    requireInstance(this, what, tls, ClientTls, 'ClientTls.istioMutual()');
    const spec = tls._spec(this, what);
    tls._checkNamespace(this, what, this.namespace);
    if (tls._secret !== undefined && !this.readsSecrets) {
      fail(this, `'${what}' takes its certificates from Secret ${show(tls._secret)}, which sidecars cannot read for all clients: they would send plaintext; `
        + "give 'workloadSelector', or 'gatewaysOnly: true' where only gateways call the host");
    }
    this.hasTls = true;
    return spec;
  }

  private faults(index: AppIndex, selector: WorkloadSelector | undefined): string[] {
    const faults = [
      ...(selector?._faults(this, 'workloadSelector', index) ?? []),
      ...[this.ports, ...this.subsetPorts].flatMap(ports => ports.faults(index)),
    ];
    if (!this.hasTls) {
      faults.push("the rule sets no TLS; give at least one of 'tls', 'portTls' and 'subsets' with a 'tls'");
    }
    const [name, namespace, ...rest] = this.spec.host.split('.');
    if (namespace !== undefined && rest.length === 0 && index.service(namespace, name)) {
      faults.push(`'service' is ${show(this.spec.host)}, which Istio does not complete and so matches nothing; `
        + `write '${name}.${namespace}.svc.${this.clusterDomain}'`);
    }
    return faults;
  }
}
