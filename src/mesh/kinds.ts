/** The kinds that the model and the rules read, as `<api group>/<kind>`. */
export const Kinds = {
  PEER_AUTHENTICATION: 'security.istio.io/PeerAuthentication',
  DESTINATION_RULE: 'networking.istio.io/DestinationRule',
  SERVICE_ENTRY: 'networking.istio.io/ServiceEntry',
  SERVICE: '/Service',
} as const;
