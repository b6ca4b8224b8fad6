import { readFileSync } from 'fs';
import { UsageError } from './terminal';
import { DocumentPlace } from '../collect/locate';
import { Place } from '../collect/place';
import { problemText } from '../collect/problem';
import { settingProblem } from '../collect/stated-settings';
import { readYaml } from '../collect/yaml';
import { asObject } from '../mesh/json';
import { MeshSettings } from '../mesh/settings';

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
    // The construct takes objects here; a file can only name files, and there is an option for that.
    const problem = name === 'context' ? '"context" is no setting here; name the files or folders with --context' : settingProblem(name, value);
    if (problem !== undefined) {
      throw new UsageError(problemText({ file, line, column, message: problem }));
    }
  }
  return settings as MeshSettings;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const { code } = error as { code?: string };
    throw new UsageError(code === 'ENOENT' ? `${file}: no such file; check the path given to --settings` : `${file}: cannot be read (${String(code)})`);
  }
}
