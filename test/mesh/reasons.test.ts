import { calls, connections, deployment, Fields, PAIR, mesh, policy, rule, service, WEB } from './build';
import { reasonJson } from '../../src/mesh/decision';

/** The reasons of the call from `cl/client` to `sv/web`, as `object field`. */
function reasons(more: readonly unknown[], settings = {}): string[] {
  const [call] = connections([...PAIR, ...more], settings).filter(({ client, server }) => client === 'cl/client' && server === 'sv/web');
  return call.because.map(({ object, field }) => `${object} ${field}`.trim());
}

const MODE = 'spec.mtls.mode';
const RULE = 'DestinationRule sv/r spec.trafficPolicy';
const policyOf = (value: Fields): unknown => rule('sv/r', 'web', undefined, { trafficPolicy: value });

describe('every verdict names the field that decided it, that one first', () => {
  const rows: readonly [string, readonly unknown[], string[]][] = [
    ['nothing but defaults', [], ['MeshConfig enableAutoMtls', 'Istio']],
    ['plaintext to STRICT, and why it is plaintext', [policy('sv/default', 'DISABLE'), policy('sv/web', 'STRICT', 'web')], [
      `PeerAuthentication sv/web ${MODE}`, `PeerAuthentication sv/default ${MODE}`,
    ]],
    ['a rule against a policy', [policy('sv/default', 'STRICT'), rule('sv/r', 'web', 'DISABLE')], [`PeerAuthentication sv/default ${MODE}`, `${RULE}.tls.mode`]],
    ['tls without mode: the block itself', [policyOf({ tls: {} })], [`${RULE}.tls`, 'Istio']],
    ['a port entry', [policyOf({ portLevelSettings: [{ port: { number: 81 } }, { port: { number: 80 }, tls: { mode: 'DISABLE' } }] })], [`${RULE}.portLevelSettings[1].tls.mode`, 'Istio']],
    ['tls that a port entry hides from the client and not from the endpoints', [policyOf({ tls: { mode: 'SIMPLE' }, portLevelSettings: [{ port: { number: 80 }, loadBalancer: {} }] })], [
      `${RULE}.tls.mode`, 'MeshConfig enableAutoMtls', RULE, 'Istio',
    ]],
    ['credentials that a sidecar does not read', [policyOf({ tls: { mode: 'SIMPLE', credentialName: 'x' } })], [`${RULE}.tls.credentialName`, 'Istio']],
    ['identities', [policyOf({ tls: { mode: 'ISTIO_MUTUAL', subjectAltNames: ['x'] } })], [`${RULE}.tls.subjectAltNames`, `${RULE}.tls.mode`, 'Istio']],
    ['bytes that are not HTTP, and the port that is', [rule('sv/r', 'web', 'SIMPLE')], [`${RULE}.tls.mode`, 'Service sv/web spec.ports[0]', 'Istio']],
    ['a workload port', [policy('sv/web', 'STRICT', 'web', { 8080: 'DISABLE' })], [
      'PeerAuthentication sv/web spec.portLevelMtls.8080.mode', `PeerAuthentication sv/web ${MODE}`, 'MeshConfig enableAutoMtls',
    ]],
    ['policies that set nothing', [policy('sv/web', undefined, 'web'), policy('sv/default', 'UNSET'), policy('istio-system/default', 'STRICT')], [
      'MeshConfig enableAutoMtls', `PeerAuthentication istio-system/default ${MODE}`, `PeerAuthentication sv/web ${MODE}`, `PeerAuthentication sv/default ${MODE}`,
    ]],
  ];
  it.each(rows)('%s', (_, more, expected) => expect(reasons(more)).toEqual(expected));

  it('also what is in no object', () => expect(reasons([policy('sv/default', 'STRICT')], { autoMtls: false })).toEqual([`PeerAuthentication sv/default ${MODE}`, 'MeshConfig enableAutoMtls']));
});

describe('questions about single things', () => {
  it('clientTls says what a client is told, for a port and a subset', () => {
    const { model } = mesh([...PAIR, rule('sv/r', 'web', 'DISABLE', { subsets: [{ name: 'v1', labels: {}, trafficPolicy: { tls: { mode: 'SIMPLE' } } }] })]);
    const client = model.inventory.workload('cl/client')!;
    expect(model.clientTls(client, WEB, 80)!.value).toMatchObject({ sends: 'plaintext', isAuto: false });
    const subset = model.clientTls(client, WEB, 80, 'v1')!;
    expect(subset.value.sends).toBe('tls');
    expect(reasonJson(subset.decidedBy)).toMatchObject({ object: 'DestinationRule sv/r', field: 'spec.subsets[0].trafficPolicy.tls.mode' });
    expect(model.clientTls(client, WEB, 81)).toBeUndefined();
    expect(model.clientTls(client, 'nothing', 80)).toBeUndefined();
    expect(model.clientTls(client, WEB, 80, 'v2')).toBeUndefined();
  });

  it('connectionsOf follows one client only', () => {
    const { model } = mesh([...PAIR, deployment('cl/other'), service('cl/other')]);
    const found = [...model.connectionsOf(model.inventory.workload('cl/client')!)];
    expect(found.map(({ client, host }) => `${client.key} ${host}`)).toEqual(['cl/client other.cl.svc.cluster.local', 'cl/client web.sv.svc.cluster.local']);
  });

  it('connections come one by one: the first is there before the others are worked out', () => {
    const objects = [...PAIR, ...Array.from({ length: 50 }, (_, index) => deployment(`cl/c${index}`))];
    const { value } = mesh(objects).model.connections().next();
    expect(value).toMatchObject({ port: 80 });
    expect(calls(objects, 'cl/c7', 'web')).toHaveLength(1);
  });
});
