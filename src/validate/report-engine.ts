import { writeFileSync } from 'fs';
import { IConstruct } from 'constructs';
import { AppState } from './app-state';
import { Survey, survey as lookAt } from './engine';
import { validationOf } from './install';
import { meshOfManifests } from './manifests-mesh';
import { Manifests, readManifests, readManifestText } from '../collect/manifests';
import { MeshSettings } from '../mesh/settings';
import { Picture } from '../report/picture/data';
import { pictureOf } from '../report/picture/picture';
import { drawPicture, formatOfFile, PICTURE_ENDINGS, PictureFormat } from '../report/picture/write';
import { RULES } from '../rules';
import { dedent } from '../rules/dedent';
import { runRules } from '../rules/run';

export { askConnections, askMode, callText, modeText, reasonText } from '../ask/questions';
export { WEIGHT } from '../report/picture/calls';
export { reasonsOf } from '../mesh/connection';

/*
 * Everything that a report needs, behind one door: it is loaded by the first
 * report, so that importing the library does not pay for it.
 */

/** A mesh as it was when somebody looked, and its picture, which is made when it is first asked for. */
export class Album {
  private drawn?: Picture;

  constructor(readonly survey: Survey) {}

  text(format: PictureFormat): string {
    const { mesh, sources, findings } = this.survey;
    return drawPicture(this.drawn ??= pictureOf(mesh, sources, findings), format);
  }

  write(path: string): void {
    const format = formatOfFile(path);
    if (format === undefined) {
      throw new Error(`MtlsReport.write: the ending of ${JSON.stringify(path)} names no format; allowed are ${PICTURE_ENDINGS.join(', ')}`);
    }
    writeFileSync(path, this.text(format));
  }
}

/** Looks at the app that a construct is in. */
export function albumOfApp(scope: IConstruct): Album {
  const state = AppState.of(scope);
  const validator = validationOf(state);
  const errors = validator?.deferredErrors() ?? [];
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return new Album(lookAt(state, { today: validator?.today, house: validator?.house ?? {}, acknowledgements: validator?.acknowledgements ?? [] }));
}

/** What is known beside manifests. */
export interface Beside {
  readonly settings?: MeshSettings;
  readonly today?: string;
}

export function albumOfYaml(yaml: string, beside: Beside): Album {
  return albumOfManifests(readManifestText(dedent(yaml), 'manifests'), beside);
}

export function albumOfFiles(paths: readonly string[], beside: Beside): Album {
  return albumOfManifests(readManifests(paths), beside);
}

function albumOfManifests(manifests: Manifests, { settings = {}, today }: Beside): Album {
  const { mesh, sources } = meshOfManifests(manifests, settings);
  return new Album({ mesh, sources, findings: runRules(mesh, RULES, { today, sources }) });
}
