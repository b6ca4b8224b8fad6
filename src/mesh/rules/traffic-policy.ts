import { asList, asObject, FieldPath, JsonObject, own } from '../json';
import { MeshObject } from '../object';
import { MergedRule, POLICY, Subset, TrafficPolicy } from './destination-rule';

/** What a client's proxy does with TLS for a host. A block without a mode means DISABLE, the first of the enum. */
export type TlsMode = 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';

/** A `tls` block with the place where it stands. */
export interface TlsSettings {
  readonly object: MeshObject;
  readonly path: FieldPath;
  readonly value: JsonObject;
  readonly mode: TlsMode;
}

/** What a rule says about one service port, and about one subset there. */
export interface PortPolicy {
  readonly tls?: TlsSettings;
  /** Whether the client connects to the address that the application chose (`loadBalancer.simple: PASSTHROUGH`). */
  readonly isPassthrough: boolean;
}

/**
 * The policy of a rule for a service port: `GetPortLevelTrafficPolicy` and
 * `MergeSubsetTrafficPolicy` in pilot/pkg/networking/util/util.go.
 *
 * A port entry replaces everything beside it, so one without `tls` loses the
 * rule's `tls`. A subset inherits what it does not set, unless it has an entry
 * for the port, which again replaces everything.
 */
export function portPolicy(rule: MergedRule | undefined, servicePort: number, subset?: Subset): PortPolicy {
  const base = rule?.policy && atPort(rule.policy, servicePort);
  const narrow = subset?.policy && atPort(subset.policy, servicePort);
  const narrowTls = narrow && ownTls(narrow.policy);
  const narrowBalancer = narrow && balancer(narrow.policy);
  const replaces = narrow !== undefined && (narrow.isPortEntry || base === undefined);
  return {
    tls: narrowTls !== undefined || replaces ? narrowTls : base && ownTls(base.policy),
    isPassthrough: isPassthrough(narrowBalancer !== undefined || replaces ? narrowBalancer : base && balancer(base.policy)),
  };
}

/** Whether single ports have entries of their own in a policy. */
export function hasPortEntries(policy: TrafficPolicy): boolean {
  return asList(own(policy.value, 'portLevelSettings')).length > 0;
}

/**
 * The mode by which endpoints are judged: `tlsModeForDestinationRule` in
 * pilot/pkg/xds/endpoints/mtls_checker.go. It differs from the port policy: a
 * port entry without `tls` does not hide the rule's.
 */
export function endpointTls(rule: MergedRule | undefined, servicePort: number, subset?: Subset): TlsSettings | undefined {
  return (subset?.policy && anyTls(subset.policy, servicePort)) ?? (rule?.policy && anyTls(rule.policy, servicePort));
}

/** Whether a policy says anything, on any port, that auto mTLS looks at. */
export function changesTls(policy: TrafficPolicy | undefined): boolean {
  if (policy === undefined) return false;
  const says = (value: unknown): boolean => own(value, 'tls') !== undefined || own(own(value, 'loadBalancer'), 'simple') === 'PASSTHROUGH';
  return says(policy.value) || asList(own(policy.value, 'portLevelSettings')).some(says);
}

/** The entry of a policy for a service port, where it has one. */
export function portEntry(policy: TrafficPolicy | undefined, servicePort: number): TrafficPolicy | undefined {
  const found = policy && atPort(policy, servicePort);
  return found?.isPortEntry ? found.policy : undefined;
}

/** Whether the destination level of a policy asks for PASSTHROUGH, which is all that the check of endpoints looks at. */
export function asksForPassthrough(policy: TrafficPolicy | undefined): boolean {
  return policy !== undefined && isPassthrough(balancer(policy));
}

function balancer({ value }: TrafficPolicy): JsonObject | undefined {
  return asObject(own(value, 'loadBalancer'));
}

function isPassthrough(loadBalancer: JsonObject | undefined): boolean {
  return own(loadBalancer, 'simple') === 'PASSTHROUGH';
}

function atPort(policy: TrafficPolicy, servicePort: number): { readonly policy: TrafficPolicy; readonly isPortEntry: boolean } {
  const entries = asList(own(policy.value, 'portLevelSettings'));
  const index = entries.findIndex(entry => own(own(entry, 'port'), 'number') === servicePort);
  return index < 0
    ? { policy, isPortEntry: false }
    : { policy: { object: policy.object, path: [...policy.path, 'portLevelSettings', index], value: asObject(entries[index]) ?? {} }, isPortEntry: true };
}

function anyTls(policy: TrafficPolicy, servicePort: number): TlsSettings | undefined {
  const entries = asList(own(policy.value, 'portLevelSettings'));
  const index = entries.findIndex(entry => own(own(entry, 'port'), 'number') === servicePort && asObject(own(entry, 'tls')) !== undefined);
  return ownTls(index < 0 ? policy : { object: policy.object, path: [...policy.path, 'portLevelSettings', index], value: asObject(entries[index]) ?? {} });
}

// Thousands of rules have their tls in the same place.
const POLICY_TLS: FieldPath = [...POLICY, 'tls'];
const POLICY_TLS_MODE: FieldPath = [...POLICY_TLS, 'mode'];

/** The place of the mode of TLS settings. */
export function modePath({ path }: TlsSettings): FieldPath {
  return path === POLICY_TLS ? POLICY_TLS_MODE : [...path, 'mode'];
}

/** The `tls` of the destination level of a policy. */
export function ownTls({ object, path, value }: TrafficPolicy): TlsSettings | undefined {
  const tls = asObject(own(value, 'tls'));
  return tls === undefined ? undefined : { object, path: path === POLICY ? POLICY_TLS : [...path, 'tls'], value: tls, mode: modeIn(tls) };
}

/** The mode of a `tls` block. */
export function modeIn(tls: JsonObject): TlsMode {
  const mode = own(tls, 'mode');
  return mode === 'SIMPLE' || mode === 'MUTUAL' || mode === 'ISTIO_MUTUAL' ? mode : 'DISABLE';
}
