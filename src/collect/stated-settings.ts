import { didYouMean } from './nearest';
import { isDuration, MeshSettings, OutboundTrafficMode, TlsVersion } from '../mesh/settings';

/** What a setting may be, and how that is said. */
interface Kind {
  readonly is: (value: unknown) => boolean;
  readonly expected: string;
}

const FLAG: Kind = { is: value => typeof value === 'boolean', expected: 'true or false' };
const NAME: Kind = { is: value => matches(value, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/), expected: 'a name of small letters, digits and "-"' };
const DOMAIN: Kind = { is: value => matches(value, /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/i), expected: 'a domain, such as cluster.local' };

function oneOf(values: object): Kind {
  const all = Object.values(values) as unknown[];
  return { is: value => all.includes(value), expected: all.join(' or ') };
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

/** The same names as the props of `IstioMesh`; the compiler holds the list against the type. */
const KINDS: { readonly [name in keyof Required<MeshSettings>]: Kind } = {
  autoMtls: FLAG,
  rootNamespace: NAME,
  trustDomain: DOMAIN,
  clusterDomain: DOMAIN,
  revision: NAME,
  minProtocolVersion: oneOf(TlsVersion),
  ambient: FLAG,
  sidecarHbone: FLAG,
  outboundTrafficMode: oneOf(OutboundTrafficMode),
  protocolDetectionTimeout: { is: value => typeof value === 'string' && isDuration(value), expected: 'a duration in seconds, such as 5s' },
  meshIssuedCertificates: { is: value => Array.isArray(value) && value.every(one => matches(one, /^\//)), expected: 'a list of absolute paths' },
  exportDestinationRules: FLAG,
  openWorld: FLAG,
};

/** What is wrong with a setting that a person wrote; undefined when nothing is. */
export function settingProblem(name: string, value: unknown, others: readonly string[] = []): string | undefined {
  if (!Object.hasOwn(KINDS, name)) {
    const names = [...Object.keys(KINDS), ...others];
    return `unknown setting ${JSON.stringify(name)}${didYouMean(name, names) || `; the settings are ${names.join(', ')}`}`;
  }
  const { is, expected } = KINDS[name as keyof MeshSettings];
  return is(value) ? undefined : `${name} must be ${expected}, got ${JSON.stringify(value)}`;
}
