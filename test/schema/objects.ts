/** Builders of the objects that the schema's tests judge. */

export const METADATA = { name: 'example', namespace: 'shop' };

export function peerAuthentication(spec: unknown): object {
  return { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: METADATA, spec };
}

export function destinationRule(spec: unknown): object {
  return { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: METADATA, spec };
}

export function serviceEntry(spec: unknown): object {
  return { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata: METADATA, spec };
}

/** A DestinationRule for one host with this traffic policy. */
export function policy(trafficPolicy: unknown): object {
  return destinationRule({ host: 'reviews', trafficPolicy });
}

/** A text of that length. */
export function long(length: number): string {
  return 'x'.repeat(length);
}
