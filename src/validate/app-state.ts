import { IConstruct } from 'constructs';
import { MeshSettings, resolveSettings, ResolvedMeshSettings } from '../mesh/settings';

/**
 * A check that can only be made at synth, because it looks at objects that may
 * still change (a Deployment's ports, a namespace's labels).
 *
 * Returns one line per fault, without the construct's path, or nothing.
 */
export type DeferredCheck = () => readonly string[];

/** A construct that writes one stage of several, and can say what it would write in the others. */
export interface Staged {
  readonly construct: IConstruct;
  /** The stage that it writes. */
  readonly stage: string;
  /** All stages, in the order in which they follow each other. */
  readonly stages: readonly string[];
  /** The objects that it writes in a stage, as plain data. */
  readonly objectsOf: (stage: string) => readonly unknown[];
}

/** What the library knows about one app, shared by all of its constructs. */
export class AppState {
  /** The state of the app that holds a construct; made at first use. */
  static of(construct: IConstruct): AppState {
    const root = construct.node.root;
    let state = AppState.states.get(root);
    if (!state) {
      state = new AppState(root);
      AppState.states.set(root, state);
    }
    return state;
  }

  private static readonly states = new WeakMap<IConstruct, AppState>();

  /** Deferred checks with the construct that each one speaks for. */
  readonly deferred: { readonly construct: IConstruct; readonly check: DeferredCheck }[] = [];

  /** The constructs that write one stage of several. */
  readonly stages: Staged[] = [];

  /** Objects that count as present in the mesh but are not part of the app. */
  context: readonly unknown[] = [];

  /** The facts as they were stated, without the defaults. */
  stated: MeshSettings = {};

  private settings?: ResolvedMeshSettings;
  private settingsFrom?: IConstruct;
  private firstReader?: IConstruct;

  private constructor(readonly root: IConstruct) {}

  /**
   * The facts of the mesh, for a construct that is about to write something
   * that depends on them.
   */
  facts(reader: IConstruct): ResolvedMeshSettings {
    this.firstReader ??= reader;
    return this.currentFacts();
  }

  /** The facts as they stand, for those who only look (the validation). */
  currentFacts(): ResolvedMeshSettings {
    this.settings ??= resolveSettings();
    return this.settings;
  }

  /**
   * States the facts of the mesh.
   *
   * Throws when another construct has stated them already, or when a construct
   * has written something with the defaults before.
   */
  stateFacts(by: IConstruct, settings: MeshSettings): void {
    if (this.settingsFrom) {
      throw new Error(`${describe(by)}: an app describes one mesh, and ${describe(this.settingsFrom)} describes it already; keep one of the two`);
    }
    if (this.firstReader) {
      throw new Error(`${describe(by)}: ${describe(this.firstReader)} was created before and has used the default facts of the mesh; `
        + 'create the IstioMesh first');
    }
    this.settingsFrom = by;
    this.stated = settings;
    this.settings = resolveSettings(settings);
  }

  /** Registers a check that runs at synth and speaks for `construct`. */
  defer(construct: IConstruct, check: DeferredCheck): void {
    this.deferred.push({ construct, check });
  }
}

/** A construct as errors name it: `shop/legacy (WorkloadMtlsException)`. */
export function describe(construct: IConstruct): string {
  return `${construct.node.path || '(app)'} (${construct.constructor.name})`;
}
