import { ApiObject, App, Chart, Names, YamlOutputType } from 'cdk8s';

/**
 * Tells the file that an app with one file per resource writes an object to.
 * Other output types put a whole chart in a file whose name is unique by its hash.
 */
export function outputFiles(app: App | undefined): (object: ApiObject) => string | undefined {
  if (app?.yamlOutputType === YamlOutputType.FILE_PER_RESOURCE) {
    return object => fileName(object) + app.outputFileExtension;
  }
  if (app?.yamlOutputType === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE) {
    const folders = new Map<Chart, string>();
    return object => {
      const chart = Chart.of(object);
      const folder = folders.get(chart) ?? Names.toDnsLabel(chart);
      folders.set(chart, folder);
      return `${folder}/${fileName(object)}${app.outputFileExtension}`;
    };
  }
  return () => undefined;
}

/** cdk8s drops every other character, and does not look whether the file is there already. */
function fileName(object: ApiObject): string {
  return `${object.kind}.${object.metadata.name}`.replace(/[^0-9a-zA-Z-_.]/g, '');
}
