import { deployment, Fields, mesh, namespace, policy } from './build';
import { reasonJson } from '../../src/mesh/decision';
import { MeshSettings } from '../../src/mesh/settings';

const OLD = { creationTimestamp: '2024-01-01T00:00:00Z' };
const NEW = { creationTimestamp: '2025-01-01T00:00:00Z' };

/** What `sv/web` accepts on workload port 8080, and what decided it. */
function mode(objects: readonly unknown[], port = 8080, settings?: MeshSettings, labels: Fields = {}): string {
  const { model } = mesh([namespace('sv'), deployment('sv/web', { version: 'v1', ...labels }), ...objects], settings);
  const { value, decidedBy } = model.serverMode(model.inventory.workload('sv/web')!, port);
  const { object, field } = reasonJson(decidedBy);
  return `${value} by ${object}${field && ` ${field}`}`;
}

describe('what a sidecar accepts', () => {
  const rows: readonly [string, readonly unknown[], string][] = [
    ['no policy means PERMISSIVE', [], 'PERMISSIVE by Istio'],
    ['the mesh policy', [policy('istio-system/default', 'STRICT')], 'STRICT by PeerAuthentication istio-system/default spec.mtls.mode'],
    ['the namespace beats the mesh', [policy('istio-system/default', 'STRICT'), policy('sv/default', 'DISABLE')], 'DISABLE by PeerAuthentication sv/default spec.mtls.mode'],
    ['the workload beats the namespace', [policy('sv/default', 'DISABLE'), policy('sv/web', 'STRICT', 'web')], 'STRICT by PeerAuthentication sv/web spec.mtls.mode'],
    ['UNSET inherits', [policy('istio-system/default', 'STRICT'), policy('sv/web', 'UNSET', 'web')], 'STRICT by PeerAuthentication istio-system/default spec.mtls.mode'],
    ['a missing mode inherits', [policy('sv/default', 'STRICT'), policy('sv/web', undefined, 'web')], 'STRICT by PeerAuthentication sv/default spec.mtls.mode'],
    ['an unknown mode inherits', [policy('sv/default', 'STRICT'), policy('sv/web', 'strict', 'web')], 'STRICT by PeerAuthentication sv/default spec.mtls.mode'],
    ['a selector in the root namespace is ignored', [policy('istio-system/web', 'STRICT', 'web')], 'PERMISSIVE by Istio'],
    ['the oldest wins as a whole, even if it sets nothing', [policy('sv/a', 'STRICT', undefined, undefined, NEW), policy('sv/b', undefined, undefined, undefined, OLD)], 'PERMISSIVE by Istio'],
    ['without timestamps the name decides', [policy('sv/b', 'STRICT'), policy('sv/a', 'DISABLE')], 'DISABLE by PeerAuthentication sv/a spec.mtls.mode'],
    ['no timestamp is older than any', [policy('sv/z', 'STRICT'), policy('sv/a', 'DISABLE', undefined, undefined, OLD)], 'STRICT by PeerAuthentication sv/z spec.mtls.mode'],
    ['a broken timestamp is none', [policy('sv/z', 'STRICT', undefined, undefined, { creationTimestamp: 'soon' }), policy('sv/a', 'DISABLE', undefined, undefined, OLD)], 'STRICT by PeerAuthentication sv/z spec.mtls.mode'],
    ['a port by its workload port', [policy('sv/web', 'STRICT', 'web', { 8080: 'DISABLE' })], 'DISABLE by PeerAuthentication sv/web spec.portLevelMtls.8080.mode'],
    ['a service port is no workload port', [policy('sv/web', 'STRICT', 'web', { 80: 'DISABLE' })], 'STRICT by PeerAuthentication sv/web spec.mtls.mode'],
    ['a port that is UNSET has the workload\'s mode', [policy('sv/web', 'STRICT', 'web', { 8080: 'UNSET' })], 'STRICT by PeerAuthentication sv/web spec.mtls.mode'],
    ['ports of a policy without selector are ignored', [policy('sv/default', 'STRICT', undefined, { 8080: 'DISABLE' })], 'STRICT by PeerAuthentication sv/default spec.mtls.mode'],
    ['two policies for one workload are not merged', [policy('sv/a', 'STRICT', 'web'), policy('sv/b', 'DISABLE', 'web', { 8080: 'DISABLE' })], 'STRICT by PeerAuthentication sv/a spec.mtls.mode'],
    ['a policy of another namespace does not count', [policy('other/default', 'STRICT'), policy('other/web', 'STRICT', 'web')], 'PERMISSIVE by Istio'],
    ['the last manifest of an object counts', [policy('sv/default', 'STRICT'), policy('sv/default', 'DISABLE')], 'DISABLE by PeerAuthentication sv/default spec.mtls.mode'],
  ];
  it.each(rows)('%s', (_, objects, expected) => {
    expect(mode(objects)).toBe(expected);
    // The last manifest of one object counts, so that order matters there and only there.
    if (!_.startsWith('the last manifest')) expect(mode([...objects].reverse())).toBe(expected);
  });

  it('takes the root namespace from the settings', () => {
    expect(mode([policy('istio-system/default', 'DISABLE'), policy('root/default', 'STRICT')], 8080, { rootNamespace: 'root' }))
      .toBe('STRICT by PeerAuthentication root/default spec.mtls.mode');
  });

  it('selects by the labels that injection adds', () => {
    const byLabel = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { namespace: 'sv', name: 'x' }, spec: { selector: { matchLabels: { 'security.istio.io/tlsMode': 'istio' } }, mtls: { mode: 'STRICT' } } };
    expect(mode([byLabel])).toBe('STRICT by PeerAuthentication sv/x spec.mtls.mode');
    expect(mode([byLabel], 8080, {}, { 'sidecar.istio.io/inject': 'false' })).toMatch(/^none by Deployment sv\/web/);
  });

  it('gives a workload of the root namespace the mesh policy only', () => {
    const { model } = mesh([namespace('istio-system'), deployment('istio-system/web'), policy('istio-system/a', 'STRICT'), policy('istio-system/web', 'DISABLE', 'web', { 8080: 'DISABLE' })]);
    expect(model.serverMode(model.inventory.workload('istio-system/web')!, 8080).value).toBe('STRICT');
  });

  it('knows the ports that do not pass the sidecar', () => {
    const at = (annotations: Fields, port: number): string => {
      const { model } = mesh([namespace('sv'), deployment('sv/web', {}, { annotations }), policy('sv/default', 'STRICT')]);
      return model.serverMode(model.inventory.workload('sv/web')!, port).value;
    };
    const prefix = 'traffic.sidecar.istio.io/';
    expect(at({ [`${prefix}excludeInboundPorts`]: '1, 8080' }, 8080)).toBe('none');
    expect(at({ [`${prefix}excludeInboundPorts`]: '1' }, 8080)).toBe('STRICT');
    expect(at({ [`${prefix}includeInboundPorts`]: '9090' }, 8080)).toBe('none');
    expect(at({ [`${prefix}includeInboundPorts`]: '*', [`${prefix}excludeInboundPorts`]: '8080' }, 8080)).toBe('none');
    expect(at({ [`${prefix}includeInboundPorts`]: '8080', [`${prefix}excludeInboundPorts`]: '8080' }, 8080)).toBe('STRICT');
    expect(at({}, 15020)).toBe('none');
  });
});
