import { readFileSync } from 'fs';
import { didYouMean } from './nearest';
import { UsageError } from './terminal';
import { DocumentPlace } from '../collect/locate';
import { Place } from '../collect/place';
import { problemText } from '../collect/problem';
import { readYaml } from '../collect/yaml';
import { asObject } from '../mesh/json';
import { MeshSettings, OutboundTrafficMode, TlsVersion } from '../mesh/settings';

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
  exportDestinationRules: FLAG,
  openWorld: FLAG,
};

/** The facts of the mesh in a YAML file. */
export function readSettingsFile(file: string): MeshSettings {
  const place = new Place(file, readText(file));
  const { documents, problems } = readYaml(place);
  if (problems.length > 0) {
    throw new UsageError(problemText(problems[0]));
  }
  if (documents.length > 1) {
    throw new UsageError(`${file}: ${documents.length} documents; the settings of a mesh are one`);
  }
  const [document] = documents;
  if (document === undefined || document.value === null) {
    return {};
  }
  const settings = asObject(document.value);
  if (settings === undefined) {
    throw new UsageError(`${file}: the settings must be a mapping, as in "autoMtls: false"`);
  }
  const where = new DocumentPlace(place, document.start, document.end);
  for (const [name, value] of Object.entries(settings)) {
    const { line, column } = where.locate([name]);
    const problem = problemWith(name, value);
    if (problem !== undefined) {
      throw new UsageError(problemText({ file, line, column, message: problem }));
    }
  }
  return settings as MeshSettings;
}

function problemWith(name: string, value: unknown): string | undefined {
  if (!Object.hasOwn(KINDS, name)) {
    if (name === 'context') {
      return '"context" is no setting here; name the files or folders with --context';
    }
    const names = Object.keys(KINDS);
    return `unknown setting ${JSON.stringify(name)}${didYouMean(name, names) || `; the settings are ${names.join(', ')}`}`;
  }
  const { is, expected } = KINDS[name as keyof MeshSettings];
  return is(value) ? undefined : `${name} must be ${expected}, got ${JSON.stringify(value)}`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const { code } = error as { code?: string };
    throw new UsageError(code === 'ENOENT' ? `${file}: no such file; check the path given to --settings` : `${file}: cannot be read (${String(code)})`);
  }
}
