import { Reference } from './rule';

// References that several rules share. Paths are relative to the istio/istio repository.

export const PEER_AUTHENTICATION_CRD: Reference = {
  title: 'CRD rules of PeerAuthentication',
  where: 'manifests/charts/base/files/crd-all.gen.yaml (peerauthentications.security.istio.io)',
};

export const PEER_AUTHENTICATION_WEBHOOK: Reference = {
  title: 'istiod\'s webhook, ValidatePeerAuthentication',
  where: 'pkg/config/validation/validation.go',
};

export const CLIENT_TLS_WEBHOOK: Reference = {
  title: 'istiod\'s webhook, ValidateTLS',
  where: 'pkg/config/validation/agent/validation.go',
};

export const POLICY_ORDER: Reference = {
  title: 'How istiod orders and drops policies, addPeerAuthentication',
  where: 'pilot/pkg/model/authentication.go',
};

export const POLICY_COMPOSITION: Reference = {
  title: 'How istiod composes policies for a workload, ComposePeerAuthentication',
  where: 'pilot/pkg/security/authn/policy_applier.go',
};

export const POLICY_PORTS: Reference = {
  title: 'How istiod applies modes to target ports, buildInboundListeners',
  where: 'pilot/pkg/networking/core/listener_inbound.go',
};

export const CLIENT_TLS_CLUSTER: Reference = {
  title: 'How istiod turns tls settings into a cluster, buildUpstreamTLSSettings',
  where: 'pilot/pkg/networking/core/cluster_tls.go',
};

export const TLS_CONFIGURATION_PAGE: Reference = {
  title: 'Istio: Understanding TLS configuration',
  where: 'https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/',
};

export const PEER_AUTHENTICATION_PAGE: Reference = {
  title: 'Istio: PeerAuthentication',
  where: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
};

export const DESTINATION_RULE_PAGE: Reference = {
  title: 'Istio: DestinationRule, ClientTLSSettings',
  where: 'https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings',
};

export const RULE_LOOKUP: Reference = {
  title: 'How a client\'s proxy finds the rule for a host, destinationRule',
  where: 'pilot/pkg/model/push_context.go',
};

export const RULE_MERGE: Reference = {
  title: 'How rules of one host become one, mergeDestinationRule',
  where: 'pilot/pkg/model/destination_rule.go',
};

export const PORT_POLICY: Reference = {
  title: 'What a port entry replaces, GetPortLevelTrafficPolicy',
  where: 'pilot/pkg/networking/util/util.go',
};

export const AUTO_MTLS: Reference = {
  title: 'When clients use mTLS of their own accord, BestEffortInferServiceMTLSMode',
  where: 'pilot/pkg/model/push_context.go',
};

export const ENDPOINT_MTLS: Reference = {
  title: 'What clients are told of single endpoints, checkMtlsEnabled',
  where: 'pilot/pkg/xds/endpoints/mtls_checker.go',
};

export const SERVER_CHAINS: Reference = {
  title: 'What a sidecar takes in each mode, getFilterChainMatchOptions',
  where: 'pilot/pkg/networking/core/filterchain_options.go',
};

export const AMBIENT_POLICIES: Reference = {
  title: 'How istiod turns policies into those of ztunnel, convertedSelectorPeerAuthentications and convertPeerAuthentication',
  where: 'pilot/pkg/serviceregistry/ambient/authorization.go',
};

export const AMBIENT_POLICIES_PAGE: Reference = {
  title: 'Istio: PeerAuthentication in ambient',
  where: 'architecture/ambient/peer-authentication.md',
};
