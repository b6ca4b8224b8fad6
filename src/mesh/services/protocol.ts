/** What Istio takes the bytes of a port to be. `auto`: it looks at the first bytes. */
export type Protocol =
  'http' | 'http2' | 'grpc' | 'grpc-web' | 'http_proxy' | 'tcp' | 'https' | 'tls' | 'mongo' | 'redis' | 'mysql' | 'udp' | 'auto';

const NAMES: ReadonlySet<string> = new Set<Protocol>(
  ['http', 'http2', 'grpc', 'grpc-web', 'http_proxy', 'tcp', 'https', 'tls', 'mongo', 'redis', 'mysql', 'udp'],
);

/** The protocols that Kubernetes itself names in `appProtocol`. */
const KUBERNETES: ReadonlyMap<string, Protocol> = new Map([
  ['kubernetes.io/h2c', 'http2'], ['kubernetes.io/ws', 'http'], ['kubernetes.io/wss', 'https'],
]);

/** Ports on which servers speak first, so that Istio must not wait for the client's bytes: SMTP, DNS, MySQL, MongoDB. */
const SERVER_FIRST: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/** The protocol of a name as ServiceEntry ports carry it (`protocol.Parse` in pkg/config/protocol/instance.go). */
export function parseProtocol(name: string): Protocol {
  const lower = name.toLowerCase();
  return NAMES.has(lower) ? lower as Protocol : 'auto';
}

/**
 * The protocol of a Service port: `appProtocol`, else the part of the name
 * before the first hyphen, else by number (`ConvertProtocol` in
 * pkg/config/kube/conversion.go).
 */
export function portProtocol(servicePort: number, name: string, appProtocol: string | undefined): Protocol {
  const known = appProtocol === undefined ? undefined : KUBERNETES.get(appProtocol);
  if (known !== undefined) return known;
  const text = (appProtocol ?? name).toLowerCase();
  if (text.startsWith('grpc-web')) return 'grpc-web';
  const hyphen = text.indexOf('-');
  const protocol = parseProtocol(hyphen < 0 ? text : text.slice(0, hyphen));
  return protocol === 'auto' && SERVER_FIRST.has(servicePort) ? 'tcp' : protocol;
}

/** Whether Istio parses the port's bytes as HTTP, whatever they are. */
export function isHttp(protocol: Protocol): boolean {
  return protocol === 'http' || protocol === 'http2' || protocol === 'grpc' || protocol === 'grpc-web' || protocol === 'http_proxy';
}

/** Whether the applications are taken to speak HTTP: they are on ports that say so, and on those that say nothing. */
export function carriesHttp(protocol: Protocol): boolean {
  return isHttp(protocol) || protocol === 'auto';
}
