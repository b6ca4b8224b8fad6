import { CallGroup } from '../../mesh/call-groups';
import { Connection } from '../../mesh/connection';
import { FieldPath } from '../../mesh/json';
import { MeshObject } from '../../mesh/object';
import { TlsSettings } from '../../mesh/rules/traffic-policy';

/** What a call suffers from: the rule that speaks about it, and the field to change. */
export interface Blame {
  readonly code: string;
  readonly at: MeshObject;
  readonly field: FieldPath;
  /** The others that decided. */
  readonly see: readonly MeshObject[];
  /** The tls block that would have cured the call, and does not count. */
  readonly lost?: TlsSettings;
}

/** One fault, with all calls that suffer from it. */
export interface Fault extends Blame {
  /** The calls, each answer once for all clients that get it. */
  readonly groups: readonly CallGroup[];
  /** The namespaces that must give their pods sidecars for this to happen, and are not in the input. */
  readonly ifInjected?: readonly string[];
}

/** One of the calls, to take the values from that a finding names. */
export function exampleOf({ groups }: Fault): Connection {
  return groups[0].connection;
}
