import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifestText } from '../../src/collect/manifests';
import { Mesh } from '../../src/mesh/mesh';
import { MeshSettings, resolveSettings } from '../../src/mesh/settings';
import { RULES } from '../../src/rules';
import { caller, destinationRule, namespace, object, pod, policy, service, strict, world } from '../../src/rules/examples';
import { Severity } from '../../src/rules/finding';
import { HousePolicy } from '../../src/rules/house-policy';
import { runRules } from '../../src/rules/run';

/*
 * What docs/guide/kiali.md says about our side, a manifest for each claim.
 */

interface Case {
  /** The code of Kiali that the world is about. */
  readonly kiali: string;
  readonly name: string;
  readonly yaml: string;
  /** All that our rules say: `MTLS201` at the object to change. */
  readonly ours: readonly string[];
  readonly settings?: MeshSettings;
  readonly house?: HousePolicy;
}

const OFF: MeshSettings = { autoMtls: false };
const WIDE = '"*.bookinfo.svc.cluster.local"';

const tls = (mode: string): string => `trafficPolicy: {tls: {mode: ${mode}}}`;
const meshRule = (mode: string): string => destinationRule('istio-system', 'default', `{host: "*.local", ${tls(mode)}}`);
const wideRule = (mode: string): string => destinationRule('bookinfo', 'default', `{host: ${WIDE}, ${tls(mode)}}`);
/** The API server has no proxy, whatever the wildcard says (MTLS222 asks for it). */
const API_SERVER = destinationRule('istio-system', 'api-server', `{host: kubernetes.default.svc.cluster.local, ${tls('DISABLE')}}`);
const ANY_SUBSET = 'subsets: [{name: v1, labels: {app: reviews}}]';

/** productpage calls reviews; both have sidecars. */
function bookinfo(...more: readonly string[]): string {
  return world(namespace('bookinfo'), caller('bookinfo', 'productpage', 'reviews:80'), pod('bookinfo', 'reviews'), service('bookinfo', 'reviews'), ...more);
}

function allow(source: string): string {
  return object('security.istio.io/v1', 'AuthorizationPolicy', 'bookinfo', 'reviews',
    `{selector: {matchLabels: {app: reviews}}, action: ALLOW, rules: [{from: [{source: ${source}}]}]}`);
}

/** A policy that takes less than its parent, and says why. */
function optOut(namespaceName: string, mode: string): string {
  return policy(namespaceName, 'default', `{mtls: {mode: ${mode}}}`).replace('namespace:', 'annotations: {cdk8s-istio-mtls/reason: on purpose}, namespace:');
}

const CASES: readonly Case[] = [
  { kiali: 'KIA0105', name: 'names of callers where the server takes no mTLS', yaml: bookinfo(policy('bookinfo', 'default', '{mtls: {mode: DISABLE}}'), allow('{namespaces: [bookinfo]}')), ours: ['MTLS601 AuthorizationPolicy bookinfo/reviews'] },
  { kiali: 'KIA0105', name: 'a mode that is UNSET inherits STRICT', yaml: bookinfo(strict('istio-system'), policy('bookinfo', 'default', '{mtls: {mode: UNSET}}'), allow('{namespaces: [bookinfo]}')), ours: [] },
  { kiali: 'KIA0105', name: 'callers are told to use mTLS, and the mesh is PERMISSIVE', yaml: bookinfo(policy('istio-system', 'default', '{mtls: {mode: PERMISSIVE}}'), wideRule('ISTIO_MUTUAL'), allow('{namespaces: [bookinfo]}')), ours: [] },

  { kiali: 'KIA0204', name: 'a rule without tls beside one of the mesh', settings: OFF, yaml: bookinfo(meshRule('ISTIO_MUTUAL'), API_SERVER, destinationRule('bookinfo', 'reviews', `{host: reviews, ${ANY_SUBSET}}`)), ours: ['MTLS209 DestinationRule bookinfo/reviews'] },
  { kiali: 'KIA0204', name: 'auto mTLS does what the rule of the mesh asks for', yaml: bookinfo(meshRule('ISTIO_MUTUAL'), API_SERVER, destinationRule('bookinfo', 'reviews', `{host: reviews, ${ANY_SUBSET}}`)), ours: [] },
  {
    kiali: 'KIA0204',
    name: 'the host is outside the mesh',
    yaml: bookinfo(meshRule('ISTIO_MUTUAL'), API_SERVER,
      object('networking.istio.io/v1', 'ServiceEntry', 'bookinfo', 'wikipedia', '{hosts: [www.wikipedia.org], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}]}'),
      destinationRule('bookinfo', 'wikipedia', '{host: www.wikipedia.org, trafficPolicy: {loadBalancer: {simple: RANDOM}}}')),
    ours: [],
  },

  { kiali: 'KIA0205', name: 'without a policy the mesh takes mTLS', settings: OFF, yaml: bookinfo(meshRule('ISTIO_MUTUAL'), API_SERVER), ours: [] },
  { kiali: 'KIA0205', name: 'the house wants a policy', settings: OFF, house: { requireMeshPolicy: true }, yaml: bookinfo(meshRule('ISTIO_MUTUAL'), API_SERVER), ours: ['MTLS702 DestinationRule istio-system/api-server'] },
  { kiali: 'KIA0206', name: 'without a policy the namespace takes mTLS', settings: OFF, yaml: bookinfo(wideRule('ISTIO_MUTUAL')), ours: [] },

  { kiali: 'KIA0207', name: 'plaintext to a STRICT namespace', yaml: bookinfo(strict('bookinfo'), wideRule('DISABLE')), ours: ['MTLS201 DestinationRule bookinfo/default'] },
  { kiali: 'KIA0207', name: 'plaintext to a single STRICT service, which Kiali does not see', yaml: bookinfo(strict('bookinfo'), destinationRule('bookinfo', 'reviews', `{host: reviews, ${tls('DISABLE')}}`)), ours: ['MTLS201 DestinationRule bookinfo/reviews'] },
  { kiali: 'KIA0207', name: 'the STRICT namespace is another', yaml: bookinfo(policy('bookinfo', 'default', '{mtls: {mode: PERMISSIVE}}'), wideRule('DISABLE'), namespace('ratings'), pod('ratings', 'ratings'), strict('ratings')), ours: [] },

  { kiali: 'KIA0208', name: 'plaintext for the namespace of a STRICT mesh', yaml: bookinfo(strict('istio-system'), wideRule('DISABLE')), ours: ['MTLS201 DestinationRule bookinfo/default'] },
  { kiali: 'KIA0208', name: 'plaintext for all of a STRICT mesh', yaml: bookinfo(strict('istio-system'), meshRule('DISABLE')), ours: ['MTLS201 DestinationRule istio-system/default'] },
  { kiali: 'KIA0208', name: 'a namespace that opts out on both sides', yaml: bookinfo(strict('istio-system'), optOut('bookinfo', 'DISABLE'), wideRule('DISABLE'), namespace('ratings'), pod('ratings', 'ratings')), ours: [] },

  { kiali: 'KIA0401', name: 'nobody sends mTLS to a STRICT mesh', settings: OFF, yaml: bookinfo(strict('istio-system')), ours: ['MTLS205 PeerAuthentication istio-system/default'] },
  { kiali: 'KIA0401', name: 'a rule for each service does as well as one for all', settings: OFF, yaml: bookinfo(strict('istio-system'), destinationRule('bookinfo', 'reviews', `{host: reviews, ${tls('ISTIO_MUTUAL')}}`)), ours: [] },
  { kiali: 'KIA0501', name: 'nobody sends mTLS to a STRICT namespace', settings: OFF, yaml: bookinfo(strict('bookinfo')), ours: ['MTLS205 PeerAuthentication bookinfo/default'] },
  { kiali: 'KIA0501', name: 'the wildcard may have another shape', settings: OFF, yaml: bookinfo(strict('bookinfo'), API_SERVER, destinationRule('istio-system', 'default', `{host: "*.svc.cluster.local", ${tls('ISTIO_MUTUAL')}}`)), ours: [] },

  { kiali: 'KIA0505', name: 'mTLS to a namespace that takes none', yaml: bookinfo(policy('bookinfo', 'default', '{mtls: {mode: DISABLE}}'), wideRule('ISTIO_MUTUAL')), ours: ['MTLS203 DestinationRule bookinfo/default'] },
  { kiali: 'KIA0506', name: 'mTLS to a mesh that takes none', yaml: bookinfo(policy('istio-system', 'default', '{mtls: {mode: DISABLE}}'), meshRule('ISTIO_MUTUAL'), API_SERVER), ours: ['MTLS203 DestinationRule istio-system/default'] },

  { kiali: 'KIA0002', name: 'two policies for one namespace', yaml: bookinfo(strict('bookinfo'), policy('bookinfo', 'other', '{mtls: {mode: PERMISSIVE}}')), ours: ['MTLS103 PeerAuthentication bookinfo/other'] },
  { kiali: 'KIA0002', name: 'an empty selector is none', yaml: bookinfo(strict('bookinfo'), policy('bookinfo', 'other', '{selector: {}, mtls: {mode: PERMISSIVE}}')), ours: ['MTLS103 PeerAuthentication bookinfo/other'] },
  {
    kiali: 'KIA0003',
    name: 'two policies for one workload',
    yaml: bookinfo(policy('bookinfo', 'a', '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}}'), policy('bookinfo', 'b', '{selector: {matchLabels: {app: reviews}}, mtls: {mode: PERMISSIVE}}')),
    ours: ['MTLS104 PeerAuthentication bookinfo/b'],
  },
  {
    kiali: 'KIA0003',
    name: 'the workload that both match is in another namespace',
    yaml: bookinfo(
      pod('bookinfo', 'ratings', { labels: 'tier: back' }),
      policy('bookinfo', 'a', '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}}'), policy('bookinfo', 'b', '{selector: {matchLabels: {tier: back}}, mtls: {mode: STRICT}}'),
      namespace('other'), pod('other', 'reviews', { labels: 'tier: back' }),
    ),
    ours: [],
  },
  { kiali: 'KIA0004', name: 'a selector that nothing has', yaml: bookinfo(policy('bookinfo', 'old', '{selector: {matchLabels: {app: gone}}, mtls: {mode: STRICT}}')), ours: ['MTLS107 PeerAuthentication bookinfo/old'] },
  { kiali: 'KIA0004', name: 'a selector in the root namespace, where it would be ignored anyway', yaml: bookinfo(policy('istio-system', 'reviews', '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}}')), ours: ['MTLS102 PeerAuthentication istio-system/reviews'] },
  {
    kiali: 'KIA0005',
    name: 'clients need a rule that is exported to a namespace that is not theirs',
    settings: OFF,
    yaml: world(
      namespace('web'), caller('web', 'productpage', 'reviews.bookinfo'), namespace('bookinfo'), pod('bookinfo', 'reviews'), service('bookinfo', 'reviews'), strict('bookinfo'),
      destinationRule('bookinfo', 'reviews', `{host: reviews, exportTo: [bookinfo, wbe], ${tls('ISTIO_MUTUAL')}}`)),
    ours: ['MTLS234 DestinationRule bookinfo/reviews'],
  },
  { kiali: 'KIA0005', name: 'nobody needs the rule in the namespace that is not there', yaml: bookinfo(destinationRule('bookinfo', 'reviews', `{host: reviews, exportTo: [bookinfo, staging], ${ANY_SUBSET}}`)), ours: [] },

  {
    kiali: 'KIA0201',
    name: 'of two rules for one host the first loses the tls of the second',
    yaml: bookinfo(
      destinationRule('bookinfo', 'a', '{host: reviews, trafficPolicy: {loadBalancer: {simple: RANDOM}}}'), destinationRule('bookinfo', 'b', `{host: reviews, ${tls('ISTIO_MUTUAL')}}`)),
    settings: OFF,
    ours: ['MTLS209 DestinationRule bookinfo/a'],
  },
  {
    kiali: 'KIA0201',
    name: 'two rules for one host that Istio merges',
    yaml: bookinfo(
      destinationRule('bookinfo', 'a', `{host: reviews, ${tls('ISTIO_MUTUAL')}}`), destinationRule('bookinfo', 'b', `{host: reviews, ${ANY_SUBSET}}`)),
    ours: [],
  },
  { kiali: 'KIA0202', name: 'a host that is nobody\'s', yaml: bookinfo(destinationRule('bookinfo', 'reviews', `{host: reviews.bookinfo, ${tls('ISTIO_MUTUAL')}}`)), ours: ['MTLS216 DestinationRule bookinfo/reviews'] },
  { kiali: 'KIA0203', name: 'a subset that selects nothing', yaml: bookinfo(destinationRule('bookinfo', 'reviews', '{host: reviews, subsets: [{name: v9, labels: {version: v9}}]}')), ours: [] },
  { kiali: 'KIA0209', name: 'a subset without labels', yaml: bookinfo(destinationRule('bookinfo', 'reviews', '{host: reviews, subsets: [{name: all}]}')), ours: [] },
  {
    kiali: 'KIA0210',
    name: 'balancing and retries of a rule that only clients in ambient would use',
    yaml: bookinfo(destinationRule('bookinfo', 'reviews', '{host: reviews, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 3}}}')).replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient'),
    ours: [],
  },
  {
    kiali: 'KIA1107',
    name: 'a route to a subset that no rule defines',
    yaml: bookinfo(object('networking.istio.io/v1', 'VirtualService', 'bookinfo', 'reviews', '{hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v9}}]}]}')),
    ours: ['MTLS237 VirtualService bookinfo/reviews'],
  },
];

function said({ yaml, settings, house }: Case): string[] {
  const { objects, problems } = readManifestText(yaml, 'case');
  expect(problems).toEqual([]);
  return runRules(new Mesh(objects, resolveSettings(settings)), RULES, { house })
    .filter(({ severity }) => severity !== Severity.INFO).map(({ code, at }) => `${code} ${at.object}`);
}

it.each(CASES.map(one => [one.kiali, one.name, one] as const))('%s: %s', (_, __, one) => expect(said(one)).toEqual(one.ours));

it('the page names the rules of every code, and no others', () => {
  const page = readFileSync(join(__dirname, '../../docs/guide/kiali.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (KIA\d{4}(?:, KIA\d{4})*) \|.*$/gm)].map(([row, codes]) => ({ codes: codes.split(', '), rules: codesIn(row) }));
  expect(rows.flatMap(({ codes }) => codes).sort()).toEqual([...new Set(CASES.map(({ kiali }) => kiali))].sort());
  for (const { codes, rules } of rows) {
    const shown = CASES.filter(({ kiali }) => codes.includes(kiali)).flatMap(({ ours }) => ours.flatMap(codesIn));
    expect([codes, rules]).toEqual([codes, [...new Set(shown)].sort()]);
  }
  expect(codesIn(page).filter(code => !RULES.some(rule => rule.code === code))).toEqual([]);
});

function codesIn(text: string): string[] {
  return [...new Set(text.match(/MTLS\d{3}/g) ?? [])].sort();
}
