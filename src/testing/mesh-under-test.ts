import { IConstruct } from 'constructs';
import { collectApp } from '../collect/app';
import { Manifests, readManifests, readManifestText } from '../collect/manifests';
import { Mesh } from '../mesh/mesh';
import { SettingsSources } from '../mesh/mesh-config';
import { MeshSettings } from '../mesh/settings';
import { dedent } from '../rules/dedent';
import { AppState } from '../validate/app-state';
import { meshOfApp } from '../validate/engine';
import { meshOfManifests } from '../validate/manifests-mesh';

/** What a test knows of a mesh beside its manifests. */
export interface MeshUnderTestOptions {
  /** The facts of the mesh that the manifests do not state themselves. */
  readonly settings?: MeshSettings;
}

/** A mesh that a test asks about: an app, or manifests from wherever they come. */
export class MeshUnderTest {
  /**
   * The objects of an app, as they are now, with the facts that its `IstioMesh`
   * states. A construct stands for the whole app that it is in.
   */
  static ofApp(scope: IConstruct): MeshUnderTest {
    const { root } = scope.node;
    const { mesh, sources } = meshOfApp(AppState.of(root), collectApp(root).objects);
    return new MeshUnderTest(mesh, sources);
  }

  /** Manifests as text: YAML or JSON, several documents or a list. Common indentation does not matter. */
  static ofYaml(text: string, options: MeshUnderTestOptions = {}): MeshUnderTest {
    return fromManifests(readManifestText(dedent(text), 'manifests'), options);
  }

  /** Manifests in files and folders. */
  static ofFiles(paths: string | readonly string[], options: MeshUnderTestOptions = {}): MeshUnderTest {
    return fromManifests(readManifests(typeof paths === 'string' ? [paths] : paths), options);
  }

  /** The app or the mesh as a mesh. */
  static from(source: IConstruct | MeshUnderTest): MeshUnderTest {
    return source instanceof MeshUnderTest ? source : MeshUnderTest.ofApp(source);
  }

  constructor(
    /** @internal */
    readonly _mesh: Mesh,
    /** @internal */
    readonly _sources: SettingsSources,
  ) {}
}

function fromManifests(manifests: Manifests, { settings = {} }: MeshUnderTestOptions): MeshUnderTest {
  const { mesh, sources } = meshOfManifests(manifests, settings);
  return new MeshUnderTest(mesh, sources);
}
