import { CallFacts } from '../../mesh/connection';
import { ReasonJson } from '../../mesh/decision';
import { Outcome } from '../../mesh/server/outcome';
import { ServerMode } from '../../mesh/server/server-mode';
import { DataPlane } from '../../mesh/workloads/data-plane';
import { Finding } from '../../rules/finding';

/*
 * The picture of a mesh as plain data. `report --format json` prints it as it
 * is, and every other format is drawn from it.
 */

/** A field that decides, and where it stands. */
export interface PictureReason extends ReasonJson {
  /** The file or the construct of the object; null for the mesh configuration and for what Istio does by itself. */
  readonly place: string | null;
  /** The line in the file, from 1; null where the place is none of a file. */
  readonly line: number | null;
}

/**
 * What a lock shows. `closed`: no plaintext gets in, but only mutual TLS of the
 * mesh, or at a gateway the TLS that its listeners ask for; `open`: plaintext
 * gets in; `unknown`: the input does not show it. Of calls, those are `closed`
 * that carry the mutual TLS of the mesh.
 */
export type Lock = 'closed' | 'open' | 'unknown';

/** A fact of the mesh. */
export interface PictureFact<T> {
  readonly value: T;
  /** The object and the field that state it, `given` for an option, a settings file or a construct; null for Istio's default. */
  readonly decidedBy: string | null;
}

/** The mesh as a whole. */
export interface PictureMesh {
  /** What sidecars accept where no narrower policy says otherwise. */
  readonly mode: ServerMode;
  readonly because: readonly PictureReason[];
  readonly autoMtls: PictureFact<boolean>;
  /** As `TLSV1_2`. */
  readonly minProtocolVersion: PictureFact<string>;
  readonly rootNamespace: PictureFact<string>;
  readonly trustDomain: PictureFact<string>;
  readonly ambient: PictureFact<boolean>;
}

export interface PictureNamespace {
  readonly name: string;
  /** The mode that the policy of the namespace sets; null where it sets none, or there is none. */
  readonly ownMode: ServerMode | null;
  /** What policies say for pods that no policy for single workloads selects. Without a proxy nobody enforces it. */
  readonly mode: ServerMode;
  /** What pods accept that say nothing themselves: it is open where they have no proxy, whatever the mode. */
  readonly lock: Lock;
  /** Whose mode it is where it is not the namespace's own: a policy, or Istio's default. */
  readonly inheritedFrom: string | null;
  readonly because: readonly PictureReason[];
  /** What carries the traffic of pods that say nothing themselves. */
  readonly dataPlane: DataPlane;
  readonly dataPlaneBecause: readonly PictureReason[];
  /** How many workloads have each data plane. */
  readonly workloads: Partial<Record<DataPlane, number>>;
  readonly findings: readonly string[];
}

/** What a workload port accepts. */
export interface PicturePort {
  /** The workload port; null stands for all others. */
  readonly port: number | null;
  /** Its name, or the service ports that lead to it; empty where nothing names it. */
  readonly names: readonly string[];
  /** The mode; `gateway` for a port whose listeners come from Gateway objects. */
  readonly mode: ServerMode | 'gateway';
  readonly lock: Lock;
  readonly because: readonly PictureReason[];
}

export interface PictureWorkload {
  /** `namespace/name`. */
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly place: string;
  readonly dataPlane: DataPlane;
  readonly dataPlaneBecause: readonly PictureReason[];
  readonly isGateway: boolean;
  readonly ports: readonly PicturePort[];
  readonly findings: readonly string[];
}

/** A call that the manifests show to be made, to one workload that answers. */
export interface PictureCall extends CallFacts {
  readonly id: string;
  readonly lock: Lock;
  readonly because: readonly PictureReason[];
  /** What shows that the call is made. */
  readonly shownBy: PictureReason | null;
  readonly findings: readonly string[];
}

/** A finding, with what of the picture it is about. */
export interface PictureFinding extends Finding {
  readonly id: string;
  readonly about: { readonly namespaces: readonly string[]; readonly workloads: readonly string[]; readonly calls: readonly string[] };
}

export interface Picture {
  /** Grows when a field changes its meaning or goes. */
  readonly version: 1;
  /** The facts of the mesh, as in the other JSON outputs. */
  readonly settings: object;
  readonly mesh: PictureMesh;
  readonly namespaces: readonly PictureNamespace[];
  readonly workloads: readonly PictureWorkload[];
  readonly calls: readonly PictureCall[];
  readonly findings: readonly PictureFinding[];
  readonly summary: {
    readonly objects: number;
    /** How many calls end in each way. */
    readonly outcomes: Partial<Record<Outcome, number>>;
    /** What could not be judged, and why; a sentence each. */
    readonly notJudged: readonly string[];
  };
}
