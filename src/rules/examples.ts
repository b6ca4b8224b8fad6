/*
 * The pieces of which the small worlds are made that rules show as examples: each
 * returns one YAML document in as few lines as a reader needs.
 */

/** Documents as one stream. */
export function world(...documents: readonly string[]): string {
  return documents.map(document => document.trim()).join('\n---\n');
}

/** A namespace whose pods get sidecars, unless other labels are given. */
export function namespace(name: string, labels = 'istio-injection: enabled'): string {
  return `
apiVersion: v1
kind: Namespace
metadata: {name: ${name}, labels: {${labels}}}`;
}

/** A pod with the label `app`, and what else of labels, annotations and spec is given. */
export function pod(namespaceName: string, name: string, { labels = '', annotations = '', spec = '' } = {}): string {
  const more = annotations === '' ? '' : `, annotations: {${annotations}}`;
  return `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespaceName}, labels: {app: ${name}${labels === '' ? '' : `, ${labels}`}}${more}}${spec === '' ? '' : `\nspec: ${spec}`}`;
}

/** A pod that names the host that it calls. */
export function caller(namespaceName: string, name: string, host: string, more: { labels?: string; annotations?: string } = {}): string {
  return pod(namespaceName, name, { ...more, spec: `{containers: [{name: ${name}, env: [{name: UPSTREAM, value: "${host}"}]}]}` });
}

/** A Service for the pods of its name, with service port 80 and workload port 8080, unless other fields are given. */
export function service(namespaceName: string, name: string, ports = '{name: http, port: 80, targetPort: 8080}', more = ''): string {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespaceName}}
spec: {selector: {app: ${name}}, ports: [${ports}]${more === '' ? '' : `, ${more}`}}`;
}

/** A PeerAuthentication. */
export function policy(namespaceName: string, name: string, spec: string): string {
  return `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ${name}, namespace: ${namespaceName}}
spec: ${spec}`;
}

/** The policy of a namespace, or of the mesh, that takes mTLS only. */
export function strict(namespaceName: string): string {
  return policy(namespaceName, 'default', '{mtls: {mode: STRICT}}');
}

/** A DestinationRule. */
export function destinationRule(namespaceName: string, name: string, spec: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ${name}, namespace: ${namespaceName}}
spec: ${spec}`;
}

/** Any other object. */
export function object(apiVersion: string, kind: string, namespaceName: string, name: string, spec: string): string {
  return `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespaceName}}
spec: ${spec}`;
}
