import { fromBody } from './body';
import { FileOptions, readBytes, readFiles } from './files';
import { DocumentPlace, FileOrigin } from './locate';
import { Place } from './place';
import { HELM_TEMPLATE, Problem } from './problem';
import { readYaml } from './yaml';
import { asObject, asText, JsonObject, own } from '../mesh/json';
import { apiGroup, MeshObject } from '../mesh/object';

/** How manifests are read. */
export interface ManifestOptions extends FileOptions {
  /** False for objects that are only known to be present: nobody is accused for them. By default they are judged. */
  readonly judged?: boolean;
}

/** What was found in files. */
export interface Manifests {
  readonly objects: MeshObject[];
  /** What could not be read. Everything else counts all the same. */
  readonly problems: Problem[];
  /** How many files were read. */
  readonly files: number;
  /** How many documents they hold, those included that are no Kubernetes objects. */
  readonly documents: number;
}

/**
 * The Kubernetes objects in files and folders of YAML and JSON, and on the
 * standard input (`-`).
 *
 * Other documents (Helm values, kustomizations) are passed over. Nothing in a
 * file makes this throw.
 */
export function readManifests(paths: readonly string[], options: ManifestOptions = {}): Manifests {
  const collector = new ManifestCollector(options.judged ?? true);
  readFiles(paths, options, place => collector.add(place), problem => collector.problems.push(problem));
  return collector;
}

/** The Kubernetes objects in files that somebody else has read. */
export function readManifestBytes(files: Iterable<{ readonly name: string; readonly bytes: Buffer }>): Manifests {
  const collector = new ManifestCollector(true);
  for (const { name, bytes } of files) readBytes(name, bytes, place => collector.add(place), problem => collector.problems.push(problem));
  return collector;
}

/** The Kubernetes objects in one text, for whoever has the text already. */
export function readManifestText(text: string, name: string, options: Pick<ManifestOptions, 'judged'> = {}): Manifests {
  const collector = new ManifestCollector(options.judged ?? true);
  collector.add(new Place(name, text));
  return collector;
}

class ManifestCollector implements Manifests {
  readonly objects: MeshObject[] = [];
  readonly problems: Problem[] = [];
  files = 0;
  documents = 0;

  constructor(private readonly judged: boolean) {}

  add(place: Place): void {
    const { documents, problems } = readYaml(place);
    this.files++;
    this.documents += documents.length;
    for (const document of documents) {
      const body = asObject(document.value);
      if (body) {
        this.addDocument(body, new DocumentPlace(place, document.start, document.end), problems);
      }
    }
    // In the order of the file: what is no object is found after what is no YAML.
    this.problems.push(...problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)));
  }

  private addDocument(body: JsonObject, document: DocumentPlace, problems: Problem[]): void {
    const apiVersion = asText(own(body, 'apiVersion')) ?? '';
    const kind = asText(own(body, 'kind')) ?? '';
    if (apiVersion === '' || kind === '') {
      // An object that lacks one of them is meant to be one; values of a chart have neither, and the file of a chart has no metadata.
      if (apiVersion !== kind && asObject(own(body, 'metadata'))) {
        problems.push({ file: document.place.name, ...document.locate(['metadata']), message: missing(apiVersion === '' ? 'apiVersion' : 'kind') });
      }
      return;
    }
    if (apiGroup(apiVersion) === 'kustomize.config.k8s.io') {
      return;
    }
    for (const object of fromBody(body, path => new FileOrigin(document, path, this.judged))) {
      if (object.kind === '' || object.apiVersion === '') {
        const steps = (object.origin as FileOrigin).prefix;
        problems.push({ file: document.place.name, ...document.locate(steps), message: missing(object.kind === '' ? 'kind' : 'apiVersion') });
      } else if (object.name.includes('{{') || object.namespace.includes('{{')) {
        problems.push({ file: document.place.name, ...object.origin.locate?.(['metadata', 'name']), message: HELM_TEMPLATE });
      } else {
        this.objects.push(object);
      }
    }
  }
}

function missing(field: string): string {
  return `an object without ${field}; add it, kubectl refuses the object`;
}
