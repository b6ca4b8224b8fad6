import { Aged, createdAt as creationOf } from '../age';
import { namespaceOf } from '../facts';
import { asObject, FieldPath, Fields, JsonObject, own } from '../json';
import { Selector, selectorOf } from '../labels';
import { MeshObject } from '../object';

/** What a workload's proxy accepts on a port. */
export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** What a policy says about one workload port. */
export interface PortMode {
  readonly port: number;
  /** Undefined where the port inherits. */
  readonly mode?: MtlsMode;
}

/** A PeerAuthentication as the control plane reads it. */
export class PeerAuthentication implements Aged {
  /** What those who put policies together have worked out; a field is cheaper than a map of thousands. */
  note: unknown = undefined;
  private time: number | undefined = undefined;

  constructor(
    // In the order in which they are needed, so that what is asked for together lies together.
    /** Undefined for UNSET and for a missing mode, which inherit. */
    readonly mode: MtlsMode | undefined,
    /** The workload ports that the policy names, each once. */
    readonly ports: readonly PortMode[] | undefined,
    /** Empty for the policy of a namespace or of the mesh. */
    readonly selector: Selector,
    readonly object: MeshObject,
  ) {}

  /** Read when somebody asks: most policies select by a pair that no other has, and compete with none. */
  get createdAt(): number {
    return this.time ??= creationOf(this.object);
  }

  get namespace(): string {
    return namespaceOf(this.object);
  }

  /** Whether the field is there at all: ambient tells `selector: {}` from none. */
  get hasSelectorField(): boolean {
    return asObject(own(this.object.spec, 'selector')) !== undefined;
  }
}

/** The place of a policy's own mode. */
export const MODE: FieldPath = ['spec', 'mtls', 'mode'];

/** The place of a workload port's mode. */
export function portMode(workloadPort: number): FieldPath {
  return ['spec', 'portLevelMtls', String(workloadPort), 'mode'];
}

/** A policy as it is read; anything that the API server would refuse counts as missing. Each object is read once. */
export function peerAuthentication(object: MeshObject): PeerAuthentication {
  return (object.parsed ??= read(object)) as PeerAuthentication;
}

function read(object: MeshObject): PeerAuthentication {
  const spec = object.spec as Fields;
  const ports = asObject(spec?.portLevelMtls);
  return new PeerAuthentication(
    modeIn(spec?.mtls), ports && portModes(ports), selectorOf(asObject(spec?.selector)?.matchLabels), object,
  );
}

const NO_PORTS: readonly PortMode[] = [];
const PORT = /^\d{1,5}$/;
const MANY_NAMES = 1_000;

/** What can be said about the port of a field's name, each as a list of its own: thousands of policies say the same of the same few ports. */
type Sayings = ReadonlyMap<MtlsMode | undefined, readonly [PortMode]>;

const MODES: readonly (MtlsMode | undefined)[] = [undefined, 'STRICT', 'PERMISSIVE', 'DISABLE'];
const sayings = new Map<string, Sayings | undefined>();

/** Undefined for a name that is no port. */
function sayingsOf(name: string): Sayings | undefined {
  if (sayings.has(name)) return sayings.get(name);
  if (sayings.size > MANY_NAMES) sayings.clear(); // Only junk has so many.
  const found = PORT.test(name) ? new Map(MODES.map(mode => [mode, [{ port: Number(name), mode }] as const])) : undefined;
  sayings.set(name, found);
  return found;
}

function portModes(ports: JsonObject): readonly PortMode[] {
  let modes: readonly PortMode[] = NO_PORTS;
  let several: PortMode[] | undefined;
  let hasLeadingZero = false;
  for (const name in ports) {
    const found = sayingsOf(name);
    if (found === undefined || !Object.prototype.hasOwnProperty.call(ports, name)) continue;
    const level = found.get(modeIn(ports[name]))!;
    if (several !== undefined) several.push(level[0]);
    else modes = modes.length === 0 ? level : several = [modes[0], level[0]];
    hasLeadingZero ||= name.startsWith('0');
  }
  // Only leading zeros make one port of two names, of which the last counts.
  return hasLeadingZero ? [...new Map(modes.map(one => [one.port, one])).values()] : modes;
}

/** What a policy says about a workload port; undefined where it says nothing. Policies name few ports. */
export function portModeOf({ ports }: PeerAuthentication, workloadPort: number): PortMode | undefined {
  if (ports === undefined) return undefined;
  for (const level of ports) {
    if (level.port === workloadPort) return level;
  }
  return undefined;
}

function modeIn(mtls: unknown): MtlsMode | undefined {
  const mode = (mtls as Fields)?.mode;
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? mode : undefined;
}
