import { MeshObject } from '../mesh/object';

/** The annotation by which a manifest acknowledges findings: `MTLS302: reason`, several on lines of their own. */
export const ACKNOWLEDGE_ANNOTATION = 'cdk8s-istio-mtls/acknowledge';

/** A statement that a finding is known and accepted, with the reason. */
export interface Acknowledgement {
  /** The code of the rule; empty when the text of an annotation could not be read. */
  readonly code: string;
  readonly reason: string;
  /** The construct under which it holds, or the manifest that carries it. */
  readonly place: string;
  /** The object that carries the annotation; undefined for acknowledgements made in code. */
  readonly object?: MeshObject;
  /** What is wrong with the acknowledgement itself. */
  readonly fault?: string;
}

/** An acknowledgement with the number of findings that it silenced. */
export interface AcknowledgementUse {
  readonly acknowledgement: Acknowledgement;
  readonly used: number;
}

/** The acknowledgements that the objects carry as annotations. */
export function annotatedAcknowledgements(objects: readonly MeshObject[]): Acknowledgement[] {
  const found: Acknowledgement[] = [];
  for (const object of objects) {
    const text = object.annotation(ACKNOWLEDGE_ANNOTATION);
    if (text !== undefined) {
      found.push(...parse(text).map(part => ({ ...part, place: object.origin.place, object })));
    }
  }
  return found;
}

function parse(text: string): { code: string; reason: string; fault?: string }[] {
  // A new acknowledgement starts on a new line or after a semicolon that is followed by a code,
  // so that reasons may hold semicolons of their own.
  const parts = text.split(/\n|;(?=\s*MTLS\d)/).map(part => part.trim()).filter(part => part !== '');
  if (parts.length === 0) {
    return [{ code: '', reason: '', fault: 'it is empty' }];
  }
  return parts.map(part => {
    const colon = part.indexOf(':');
    const code = (colon < 0 ? part : part.slice(0, colon)).trim();
    const reason = colon < 0 ? '' : part.slice(colon + 1).trim();
    if (!/^MTLS\d{3}$/.test(code)) {
      return { code: '', reason, fault: `${JSON.stringify(code.slice(0, 60))} is not a code of a rule` };
    }
    return reason === '' ? { code, reason, fault: `${code} has no reason` } : { code, reason };
  });
}

/**
 * Whether a finding at `object` falls under the acknowledgement: the annotation
 * speaks for the object that carries it, code for a construct and all below it.
 */
export function covers(acknowledgement: Acknowledgement, code: string, object: MeshObject): boolean {
  if (acknowledgement.fault !== undefined || acknowledgement.code !== code) {
    return false;
  }
  if (acknowledgement.object) {
    return acknowledgement.object === object;
  }
  const { place, isConstruct } = object.origin;
  return acknowledgement.place === '' || (isConstruct && (place === acknowledgement.place || place.startsWith(`${acknowledgement.place}/`)));
}
