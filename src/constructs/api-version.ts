/**
 * API versions in which Istio serves PeerAuthentication.
 *
 * Their schemas are the same (`peerauthentications.security.istio.io.yaml` of
 * every release since 1.22).
 */
export enum SecurityApiVersion {
  /** Served since Istio 1.22. */
  V1 = 'security.istio.io/v1',

  /** Served since Istio 1.5, and still served. For meshes before 1.22. */
  V1BETA1 = 'security.istio.io/v1beta1',
}

/**
 * API versions in which Istio serves DestinationRule, ServiceEntry and Gateway.
 *
 * Their schemas are the same.
 */
export enum NetworkingApiVersion {
  /** Served since Istio 1.22. */
  V1 = 'networking.istio.io/v1',

  /** Served since Istio 1.5, and still served. For meshes before 1.22. */
  V1BETA1 = 'networking.istio.io/v1beta1',

  /** The first version, and still served. */
  V1ALPHA3 = 'networking.istio.io/v1alpha3',
}
