import { Cause, Decision, decide, Reason } from '../decision';
import { asObject, asText, JsonObject, own } from '../json';
import { compareText } from '../object';
import { SidecarPolicies } from '../policies/effective-policy';
import { BareMode, MergedRule, Subset } from '../rules/destination-rule';
import { asksForPassthrough, hasPortEntries, modeIn, modePath, ownTls, portPolicy, TlsMode, TlsSettings } from '../rules/traffic-policy';
import { Endpoint } from '../services/endpoints';
import { Service, ServicePort } from '../services/service';
import { ResolvedMeshSettings } from '../settings';

/** What a client's proxy is told to do for a host, before it looks at single endpoints. */
export interface ClientTls {
  readonly sends: 'plaintext' | 'istio-mtls' | 'tls';
  /** Auto mTLS: what `sends` says goes only to the endpoints that can take it. */
  readonly isAuto: boolean;
  /** The client connects to the address that the application chose, and knows nothing of the endpoint there. */
  readonly isOriginalDestination: boolean;
  /** The identities of which the server must have one; empty for any of the service's own. */
  readonly subjectAltNames: readonly string[];
  /** The name that the client asks for in the handshake, where the rule gives one. */
  readonly sni?: string;
  /** Istio could not build the settings and left the connection bare, HBONE included. */
  readonly isBroken: boolean;
  readonly rule?: MergedRule;
  readonly subset?: Subset;
}

/** What the answer depends on beside the rule. */
export interface ClientTlsContext {
  readonly settings: ResolvedMeshSettings;
  readonly policies: SidecarPolicies;
  readonly service: Service;
  readonly port: ServicePort;
  /** Gateways know the endpoints of headless services and may use `credentialName`. */
  readonly isGateway: boolean;
  /** The endpoints of the port; few answers need them. */
  endpoints(): readonly Endpoint[];
}

/**
 * The client's half of the answer: `buildUpstreamTLSSettings` and
 * `buildUpstreamClusterTLSContext` in pilot/pkg/networking/core/cluster_tls.go.
 */
export function judgeClientTls(context: ClientTlsContext, rule?: MergedRule, subset?: Subset): Decision<ClientTls> {
  const { service, port, isGateway } = context;
  const policy = portPolicy(rule, port.number, subset);
  const isOriginalDestination = (service.resolution === 'passthrough' && !isGateway)
    || (subset === undefined ? policy : portPolicy(rule, port.number)).isPassthrough
    || (subset !== undefined && (asksForPassthrough(subset.policy) || policy.isPassthrough));
  if (policy.tls !== undefined) {
    const { value, mode } = policy.tls;
    return new ExplicitTls(orderOf(value, mode, isGateway, rule), isOriginalDestination, rule!, policy.tls, subset);
  }
  const { value: isAuto, decidedBy, because } = judgeAuto(context, subset === undefined ? rule?.policy : subset.policy);
  const value: ClientTls = {
    sends: isAuto ? 'istio-mtls' : 'plaintext', isAuto, isOriginalDestination, subjectAltNames: NO_NAMES, isBroken: false, rule, subset,
  };
  if (rule?.policy === undefined) return { value, decidedBy, because };
  const text = `the rule sets no tls for port ${port.number}${subset === undefined ? '' : ` of subset ${subset.name}`}`;
  return { value, decidedBy, because: [...because, { object: rule.policy.object, field: rule.policy.path, text }] };
}

const NO_NAMES: readonly string[] = [];

/** What a rule tells sidecars whatever the port and the service, unless the service is passthrough; null where that differs. */
export function uniformClientTls(rule: MergedRule): Decision<ClientTls> | null {
  const { policy } = rule;
  if (policy?.bareMode !== undefined) return new ExplicitTls(BARE[policy.bareMode], false, rule);
  if (policy === undefined || hasPortEntries(policy)) return null;
  const tls = asObject(own(policy.value, 'tls'));
  return tls === undefined ? null : new ExplicitTls(orderOf(tls, modeIn(tls), false, rule), asksForPassthrough(policy), rule);
}

/** What a `tls` block makes a client do. */
interface Order {
  readonly sends: ClientTls['sends'];
  readonly isBroken?: boolean;
  readonly text: string;
  readonly cause: Cause;
  /** The field that says so, where it is not the mode; none for the block itself. */
  readonly field?: readonly string[];
}

const OFF: Order = { sends: 'plaintext', text: 'the rule switches TLS off', cause: 'rule-disable' };
const OFF_UNSAID: Order = { sends: 'plaintext', text: 'tls without a mode means DISABLE', cause: 'rule-without-mode', field: [] };
const MESH: Order = { sends: 'istio-mtls', text: 'the rule sends mesh certificates to every endpoint', cause: 'rule-istio-mutual' };
const NO_SECRET: Order = {
  sends: 'plaintext',
  text: 'a sidecar reads no secret for a rule without workloadSelector, and sends plaintext instead',
  cause: 'credential-on-sidecar',
  field: ['credentialName'],
};
const NO_CERTIFICATE: Order = {
  sends: 'plaintext',
  isBroken: true,
  text: 'MUTUAL without a certificate and a key cannot be built, and plaintext is sent instead',
  cause: 'certificates-missing',
};
/** By the mode that stands alone. */
const BARE: { readonly [mode in BareMode]: Order } = { DISABLE: OFF, ISTIO_MUTUAL: MESH };
const OWN_TLS: { readonly [mode in 'SIMPLE' | 'MUTUAL']: Order } = { SIMPLE: originate('SIMPLE'), MUTUAL: originate('MUTUAL') };

function originate(mode: string): Order {
  return { sends: 'tls', text: `the rule originates ${mode} TLS, which is not the mesh's`, cause: 'rule-own-tls' };
}

function orderOf(value: JsonObject, mode: TlsMode, isGateway: boolean, rule?: MergedRule): Order {
  switch (mode) {
    case 'DISABLE': return own(value, 'mode') === 'DISABLE' ? OFF : OFF_UNSAID;
    case 'ISTIO_MUTUAL': return MESH;
    default: {
      const credential = asText(own(value, 'credentialName')) ?? '';
      if (credential !== '' && !credential.startsWith('configmap://') && !isGateway && rule?.first.workloadSelector === undefined) return NO_SECRET;
      const lacksCertificate = mode === 'MUTUAL' && credential === '' && !(asText(own(value, 'clientCertificate')) && asText(own(value, 'privateKey')));
      return lacksCertificate ? NO_CERTIFICATE : OWN_TLS[mode];
    }
  }
}

/** What a `tls` block tells a client. A mesh has one for each of thousands of rules, so it is the answer and the decision in one. */
class ExplicitTls implements Decision<ClientTls>, ClientTls {
  private reasons?: readonly Reason[];

  /** @param given the block; the one of the rule itself where none is given */
  constructor(
    private readonly order: Order, readonly isOriginalDestination: boolean, readonly rule: MergedRule,
    private readonly given?: TlsSettings, readonly subset?: Subset) {}

  get value(): ClientTls {
    return this;
  }

  get sends(): ClientTls['sends'] {
    return this.order.sends;
  }

  get isAuto(): boolean {
    return false;
  }

  get isBroken(): boolean {
    return this.order.isBroken === true;
  }

  get subjectAltNames(): readonly string[] {
    const names = this.order === MESH ? own(this.tls.value, 'subjectAltNames') : undefined;
    return Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : NO_NAMES;
  }

  get sni(): string | undefined {
    return this.order === MESH ? asText(own(this.tls.value, 'sni')) || undefined : undefined;
  }

  get decidedBy(): Reason {
    return this.because[0];
  }

  get because(): readonly Reason[] {
    if (this.reasons === undefined) {
      const { tls, order: { field, text, cause } } = this;
      this.reasons = [{ object: tls.object, field: field === undefined ? modePath(tls) : [...tls.path, ...field], text, cause }];
    }
    return this.reasons;
  }

  private get tls(): TlsSettings {
    return this.given ?? ownTls(this.rule.policy!)!;
  }
}

const AUTO = decide(true, { field: ['enableAutoMtls'], text: 'no rule sets tls, so auto mTLS sends mesh certificates to endpoints that can take them', cause: 'auto' });

/** Whether auto mTLS is on for the service (`BestEffortInferServiceMTLSMode` in pilot/pkg/model/push_context.go). */
function judgeAuto(context: ClientTlsContext, policy: MergedRule['policy']): Decision<boolean> {
  const { settings, service, port, policies } = context;
  if (service.isExternal) {
    return decide(false, { object: service.object, field: ['spec', 'location'], text: 'hosts outside the mesh get no mTLS of their own accord', cause: 'external-host' });
  }
  if (!settings.autoMtls) {
    return decide(false, { field: ['enableAutoMtls'], text: 'auto mTLS is off, and no rule sets tls', cause: 'auto-off' });
  }
  if (service.resolution === 'passthrough' || asksForPassthrough(policy)) {
    const endpoints = context.endpoints();
    // Any of them decides; the first by name is named, so that the answer does not depend on the order of the input.
    const bare = endpoints.filter(({ tlsMode }) => tlsMode === 'disabled')
      .sort((a, b) => compareText(a.workload?.key ?? '', b.workload?.key ?? ''))[0];
    if (bare !== undefined || endpoints.length === 0) {
      const text = bare?.workload === undefined
        ? `the client cannot tell endpoints apart, and there is none that speaks mTLS on port ${port.number}`
        : `the client cannot tell the endpoints apart, and ${bare.workload.key} does not speak mTLS`;
      return decide(false, { ...passthroughPlace(service, policy), text, cause: 'bare-endpoint' }, ...bare?.workload?.dataPlane.because ?? []);
    }
  }
  const mode = policies.namespaceMode(service.namespace);
  if (mode.value === 'DISABLE') {
    const text = `auto mTLS looks at the namespace and not at single workloads: ${mode.decidedBy.text}`;
    return decide(false, { ...mode.decidedBy, text, cause: 'namespace-disabled' }, ...mode.because.slice(1));
  }
  return AUTO;
}

/** What makes a client connect to addresses without knowing the endpoints. */
function passthroughPlace(service: Service, policy: MergedRule['policy']): Pick<Reason, 'object' | 'field'> {
  if (service.resolution !== 'passthrough' && policy !== undefined) return { object: policy.object, field: [...policy.path, 'loadBalancer', 'simple'] };
  return { object: service.object, field: service.isKubernetes ? ['spec', 'clusterIP'] : ['spec', 'resolution'] };
}
