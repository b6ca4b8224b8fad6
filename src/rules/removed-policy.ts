import { asList, asObject, asText, at, textEntries } from '../mesh/json';
import { MeshObject } from '../mesh/object';

/**
 * The PeerAuthentication that says what a Policy or MeshPolicy of
 * authentication.istio.io/v1alpha1 said, as YAML in a sentence. Its targets
 * were Services; a PeerAuthentication selects the labels of the workloads.
 */
export function policyRewrite(object: MeshObject, rootNamespace: string, services: readonly MeshObject[]): string {
  const mesh = object.kind === 'MeshPolicy';
  const namespace = mesh ? rootNamespace : object.namespace;
  const mode = modeOf(object.spec);
  const targets = asList(at(object.spec, 'targets'));
  const documents = targets.length === 0
    ? [document(object.name || 'default', namespace, [`mtls: {mode: ${mode}}`])]
    : targets.map(target => forTarget(target, namespace, mode, services));
  return `Write instead:\n${documents.join('\n---\n')}`;
}

/** `mtls: {}` meant STRICT; without peers the server took plaintext only. */
function modeOf(spec: unknown): string {
  for (const peer of asList(at(spec, 'peers'))) {
    const method = asObject(peer);
    if (method && Object.prototype.hasOwnProperty.call(method, 'mtls')) {
      const mode = asText(at(method, 'mtls', 'mode'));
      return mode === 'PERMISSIVE' || at(spec, 'peerIsOptional') === true ? 'PERMISSIVE' : 'STRICT';
    }
  }
  return 'DISABLE';
}

function forTarget(target: unknown, namespace: string, mode: string, services: readonly MeshObject[]): string {
  const name = asText(at(target, 'name')) ?? '';
  const service = services.find(one => one.name === name && one.namespace === namespace);
  const labels = textEntries(at(service?.spec, 'selector'));
  const selector = labels.length > 0
    ? labels.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(', ')
    : `# the labels of the workloads behind Service ${JSON.stringify(name)}`;
  const ports = asList(at(target, 'ports'));
  const spec = ports.length === 0
    ? [`mtls: {mode: ${mode}}`]
    : ['portLevelMtls:', ...ports.map(port => `  ${workloadPort(port, service)}: {mode: ${mode}}`)];
  return document(name || 'default', namespace, [
    labels.length > 0 ? `selector: {matchLabels: {${selector}}}` : `selector: {matchLabels: {}} ${selector}`,
    ...spec,
  ]);
}

/** The ports of a Policy were service ports, by number or name; portLevelMtls wants workload ports. */
function workloadPort(port: unknown, service: MeshObject | undefined): string {
  const number = at(port, 'number');
  const name = at(port, 'name');
  const declared = asList(at(service?.spec, 'ports')).find(one => (number === undefined ? at(one, 'name') === name : at(one, 'port') === number));
  const target = at(declared, 'targetPort') ?? at(declared, 'port');
  return typeof target === 'number'
    ? `"${target}"`
    : JSON.stringify(`<the workload port behind service port ${String(number ?? name ?? '?')}>`);
}

function document(name: string, namespace: string, spec: readonly string[]): string {
  return [
    'apiVersion: security.istio.io/v1',
    'kind: PeerAuthentication',
    `metadata: {name: ${scalar(name)}${namespace ? `, namespace: ${scalar(namespace)}` : ''}}`,
    'spec:',
    ...spec.map(line => `  ${line}`),
  ].join('\n');
}

/** Names of manifests can be anything; only plain ones are written without quotes. */
function scalar(name: string): string {
  return /^[a-z]([-a-z0-9.]*[a-z0-9])?$/.test(name) ? name : JSON.stringify(name);
}
