import { MtlsMode } from '../mesh/policies/peer-authentication';

/** What the users of a mesh ask for beyond what works; everything is off unless asked for. */
export interface HousePolicy {
  /** The least that a workload port may accept; undefined for anything. */
  readonly floor?: MtlsMode;
  /** Whether there must be a mesh-wide PeerAuthentication. */
  readonly requireMeshPolicy?: boolean;
}
