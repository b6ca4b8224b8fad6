import { Aged, createdAt as creationOf } from '../age';
import { namespaceOf } from '../facts';
import { asObject, FieldPath, JsonObject, own } from '../json';
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
  note?: unknown;

  constructor(
    readonly object: MeshObject,
    readonly createdAt: number,
    /** Empty for the policy of a namespace or of the mesh. */
    readonly selector: Selector,
    /** Undefined for UNSET and for a missing mode, which inherit. */
    readonly mode: MtlsMode | undefined,
    /** The workload ports that the policy names, each once. */
    readonly ports: readonly PortMode[] | undefined,
  ) {}

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
  const spec = object.spec;
  const ports = asObject(own(spec, 'portLevelMtls'));
  return new PeerAuthentication(
    object, creationOf(object), selectorOf(own(asObject(own(spec, 'selector')), 'matchLabels')), modeIn(own(spec, 'mtls')), ports && portModes(ports),
  );
}

const NO_PORTS: readonly PortMode[] = [];
const PORT = /^\d{1,5}$/;
const MANY_NAMES = 1_000;

/** Thousands of policies name the same few ports. */
const numbers = new Map<string, number | undefined>();

/** The port of a field's name; undefined for what is none. */
function portNamed(name: string): number | undefined {
  if (numbers.has(name)) return numbers.get(name);
  if (numbers.size > MANY_NAMES) numbers.clear(); // Only junk has so many.
  const port = PORT.test(name) ? Number(name) : undefined;
  numbers.set(name, port);
  return port;
}

function portModes(ports: JsonObject): readonly PortMode[] {
  let modes: PortMode[] | undefined;
  let hasLeadingZero = false;
  for (const name in ports) {
    const port = portNamed(name);
    if (port === undefined || !Object.prototype.hasOwnProperty.call(ports, name)) continue;
    const level: PortMode = { port, mode: modeIn(ports[name]) };
    // Most name one port, and a list that grows takes room for seventeen.
    if (modes === undefined) modes = [level];
    else modes.push(level);
    hasLeadingZero ||= name.startsWith('0');
  }
  // Only leading zeros make one port of two names, of which the last counts.
  return hasLeadingZero ? [...new Map(modes!.map(one => [one.port, one])).values()] : modes ?? NO_PORTS;
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
  const mode = own(mtls, 'mode');
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? mode : undefined;
}
