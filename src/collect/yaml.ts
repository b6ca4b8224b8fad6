import { loadAll } from 'js-yaml';

/** The documents of a YAML text as plain data; empty documents are left out. Throws js-yaml's own error for bad YAML. */
export function yamlDocuments(text: string): unknown[] {
  return loadAll(text).filter(document => document !== null && document !== undefined);
}
