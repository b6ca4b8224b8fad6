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

export const AMBIENT_POLICIES: Reference = {
  title: 'How istiod turns policies into those of ztunnel, convertedSelectorPeerAuthentications and convertPeerAuthentication',
  where: 'pilot/pkg/serviceregistry/ambient/authorization.go',
};

export const AMBIENT_POLICIES_PAGE: Reference = {
  title: 'Istio: PeerAuthentication in ambient',
  where: 'architecture/ambient/peer-authentication.md',
};
