import { Fields, rule, web } from './build';

const PLAIN = 'plaintext to PERMISSIVE: plaintext';
const MTLS = 'istio-mtls to PERMISSIVE: mtls';
const TLS = 'tls to PERMISSIVE: fail';
const LB: Fields = { loadBalancer: { simple: 'ROUND_ROBIN' } };
const FQDN = 'web.sv.svc.cluster.local';
const tls = (mode: string): Fields => ({ tls: { mode } });
const policy = (trafficPolicy: unknown): Fields => ({ trafficPolicy });
const exportTo = (...names: string[]): Fields => ({ exportTo: names });
const forClients = (app: string): Fields => ({ workloadSelector: { matchLabels: { app } } });
const port = (number: number, more: Fields): Fields => ({ port: { number }, ...more });

describe('which rule holds for a client', () => {
  const rows: readonly [string, readonly unknown[], string][] = [
    ['none: auto mTLS', [], MTLS],
    ['one of the service\'s namespace', [rule('sv/r', 'web', 'DISABLE')], PLAIN],
    ['a short host is resolved where the rule is, not where the client is', [rule('cl/r', 'web', 'DISABLE')], MTLS],
    ['a host with a dot is not expanded', [rule('sv/r', 'web.sv', 'DISABLE')], MTLS],
    ['one of the client\'s namespace beats a more specific one of the service\'s', [rule('cl/r', '*.local', 'ISTIO_MUTUAL'), rule('sv/r', FQDN, 'DISABLE')], MTLS],
    ['one of the root namespace', [rule('istio-system/r', '*.local', 'DISABLE')], PLAIN],
    ['the service\'s namespace beats the root', [rule('istio-system/r', FQDN, 'DISABLE'), rule('sv/r', '*.sv.svc.cluster.local', 'ISTIO_MUTUAL')], MTLS],
    ['the longest wildcard', [rule('sv/a', '*.local', 'DISABLE'), rule('sv/b', '*.svc.cluster.local', 'ISTIO_MUTUAL'), rule('sv/c', '*', 'DISABLE')], MTLS],
    ['a wildcard within a label', [rule('sv/a', '*b.sv.svc.cluster.local', 'DISABLE')], PLAIN],
    ['a private rule of the service\'s namespace is not seen, a wider one is', [rule('sv/a', FQDN, 'ISTIO_MUTUAL', exportTo('.')), rule('sv/b', '*.local', 'DISABLE')], PLAIN],
    ['the best host is not for us, and wider ones are not tried', [rule('sv/a', FQDN, 'SIMPLE', exportTo('other')), rule('sv/b', '*.local', 'DISABLE')], MTLS],
    ['… but the root namespace is', [rule('sv/a', FQDN, 'SIMPLE', exportTo('other')), rule('istio-system/b', '*.local', 'DISABLE')], PLAIN],
    ['a rule for other clients does not count', [rule('cl/a', FQDN, 'DISABLE', forClients('other'))], MTLS],
    ['a rule for this client does', [rule('cl/a', FQDN, 'DISABLE', forClients('client'))], PLAIN],
    ['a rule with a selector is never exported', [rule('sv/a', FQDN, 'DISABLE', forClients('client'))], MTLS],
    ['an empty selector selects every client of the namespace', [rule('cl/a', FQDN, 'DISABLE', { workloadSelector: {} })], PLAIN],
    ['a rule without a host is nothing', [rule('sv/a', '', 'DISABLE')], MTLS],
  ];
  it.each(rows)('%s', (_, rules, expected) => {
    expect(web(rules)).toBe(expected);
    expect(web([...rules].reverse())).toBe(expected);
  });
});

describe('rules of one host and namespace', () => {
  const rows: readonly [string, readonly unknown[], string][] = [
    ['the policy is the first there is', [rule('sv/a', 'web'), rule('sv/b', 'web', 'DISABLE')], PLAIN],
    ['the policy is taken whole: tls of the second is lost', [rule('sv/a', 'web', undefined, policy(LB)), rule('sv/b', 'web', 'DISABLE')], MTLS],
    ['the older comes first', [
      rule('sv/a', 'web', 'DISABLE', {}, { creationTimestamp: '2025-01-01T00:00:00Z' }), rule('sv/b', FQDN, 'ISTIO_MUTUAL', {}, { creationTimestamp: '2024-01-01T00:00:00Z' }),
    ], MTLS],
    ['a private rule is merged into one for other clients, and lost', [rule('cl/a', FQDN, 'SIMPLE', forClients('other')), rule('cl/b', FQDN, 'DISABLE', exportTo('.'))], MTLS],
    ['a rule for clients without a policy takes the private one\'s', [rule('cl/a', FQDN, undefined, forClients('client')), rule('cl/b', FQDN, 'DISABLE', exportTo('.'))], PLAIN],
    ['a public rule beside one for other clients is kept', [rule('cl/a', FQDN, 'SIMPLE', forClients('other')), rule('cl/b', FQDN, 'DISABLE')], PLAIN],
    ['a rule exported to more is kept', [rule('cl/a', FQDN, 'SIMPLE', forClients('other')), rule('cl/b', FQDN, 'DISABLE', exportTo('.', 'x'))], PLAIN],
    ['of rules with different exports the last wins', [rule('cl/a', FQDN, 'ISTIO_MUTUAL'), rule('cl/b', FQDN, 'DISABLE', exportTo('*'))], PLAIN],
    ['a third is kept because the second differs', [rule('cl/a', FQDN, 'ISTIO_MUTUAL'), rule('cl/b', FQDN, 'SIMPLE', exportTo('*')), rule('cl/c', FQDN, 'DISABLE')], PLAIN],
  ];
  it.each(rows)('%s', (_, rules, expected) => {
    expect(web(rules)).toBe(expected);
    expect(web([...rules].reverse())).toBe(expected);
  });

  it('add their subsets, the first of a name', () => {
    const subset = (name: string, mode: string): Fields => ({ name, labels: { version: 'v1' }, trafficPolicy: tls(mode) });
    const rules = [
      rule('sv/a', 'web', undefined, { subsets: [subset('one', 'DISABLE')] }), rule('sv/b', 'web', undefined, { subsets: [subset('one', 'SIMPLE'), subset('two', 'SIMPLE')] }),
    ];
    expect(web(rules, {}, `${FQDN}/one`)).toBe(PLAIN);
    expect(web(rules, {}, `${FQDN}/two`)).toBe(TLS);
  });
});

describe('what a rule says for a service port and a subset', () => {
  const withSubset = (top: unknown, own?: unknown): unknown => rule('sv/r', 'web', undefined, { trafficPolicy: top, subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: own }] });
  const rows: readonly [string, unknown, string, string?][] = [
    ['a port entry is found by service port', rule('sv/r', 'web', undefined, policy({ portLevelSettings: [port(80, tls('DISABLE')), port(8080, tls('SIMPLE'))] })), PLAIN],
    ['the first entry of a port counts', rule('sv/r', 'web', undefined, policy({ portLevelSettings: [port(80, tls('DISABLE')), port(80, tls('SIMPLE'))] })), PLAIN],
    ['an entry without tls: DISABLE still holds for the endpoints', rule('sv/r', 'web', undefined, policy({ ...tls('DISABLE'), portLevelSettings: [port(80, LB)] })), PLAIN],
    ['an entry without tls: SIMPLE becomes plaintext', rule('sv/r', 'web', undefined, policy({ ...tls('SIMPLE'), portLevelSettings: [port(80, LB)] })), PLAIN],
    ['a block without mode is DISABLE', rule('sv/r', 'web', undefined, policy({ tls: {} })), PLAIN],
    ['… also when it says something else', rule('sv/r', 'web', undefined, policy({ tls: { sni: 'x.example.com' } })), PLAIN],
    ['a policy without tls is no policy for TLS', rule('sv/r', 'web', undefined, policy(LB)), MTLS],
    ['a subset without policy inherits', withSubset(tls('DISABLE')), PLAIN, 'v1'],
    ['a subset with its own tls', withSubset(tls('SIMPLE'), tls('ISTIO_MUTUAL')), MTLS, 'v1'],
    ['a subset with something else inherits tls', withSubset(tls('DISABLE'), LB), PLAIN, 'v1'],
    ['a subset\'s port entry replaces everything, but the endpoints keep the rule\'s mode', withSubset(tls('SIMPLE'), { portLevelSettings: [port(80, LB)] }), PLAIN, 'v1'],
    ['a subset below a rule without policy', withSubset(undefined, tls('DISABLE')), PLAIN, 'v1'],
  ];
  it.each(rows.map(([name, one, expected, subset = '']): [string, unknown, string, string] => [name, one, expected, subset]))('%s', (_, one, expected, subset) => {
    expect(web([one], {}, `${FQDN}/${subset}`)).toBe(expected);
  });

  it('offers a subset only the endpoints with its labels', () => {
    expect(web([rule('sv/r', 'web', undefined, { subsets: [{ name: 'v2', labels: { version: 'v2' } }] })], {}, `${FQDN}/v2`)).toBe('');
  });
});
