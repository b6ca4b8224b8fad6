import { ApiObjectMetadata, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { fail, show } from './errors';
import { requireDnsLabel, requireObject } from './require';

/** The chart of a construct, or the one-line error. */
export function chartOf(owner: IConstruct): Chart {
  for (let scope: IConstruct | undefined = owner; scope; scope = scope.node.scope) {
    if (Chart.isChart(scope)) {
      return scope;
    }
  }
  return fail(owner, 'must be created inside a Chart, because it writes an object; create a Chart and pass it as the scope');
}

/**
 * A name from a construct's id: its words in lower case, joined by `-`.
 * `PaymentsException` gives `payments-exception`.
 */
export function nameFromId(owner: IConstruct): string {
  const name = owner.node.id
    .replace(/([a-z0-9])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return name || fail(owner, `no name can be made from the id ${show(owner.node.id)}; give one in 'metadata.name'`);
}

/** The namespace that a construct was given, in whichever place. */
export function givenNamespace(owner: IConstruct, props: { readonly namespace?: string; readonly metadata?: ApiObjectMetadata }): string | undefined {
  const namespace = props.namespace === undefined ? undefined : requireDnsLabel(owner, 'namespace', props.namespace);
  const other = props.metadata === undefined ? undefined : requireObject(owner, 'metadata', props.metadata).namespace;
  if (other === undefined) {
    return namespace;
  }
  requireDnsLabel(owner, 'metadata.namespace', other);
  if (namespace !== undefined && namespace !== other) {
    fail(owner, `'namespace' is ${show(namespace)} and 'metadata.namespace' is ${show(other)}; give one of the two`);
  }
  return other;
}

/** Refuses metadata that puts a second object of a construct into another namespace than the first. */
export function requireSameNamespace(owner: IConstruct, what: string, metadata: ApiObjectMetadata | undefined, namespace: string): void {
  const other = metadata === undefined ? undefined : requireObject(owner, what, metadata).namespace;
  if (other !== undefined && other !== namespace) {
    fail(owner, `'${what}.namespace' is ${show(other)}, and the rule counts for the namespace ${show(namespace)} only from there; leave it out`);
  }
}

/** The namespace that a construct was given, else that of its chart, else an error. */
export function requireNamespace(
  owner: IConstruct, props: { readonly namespace?: string; readonly metadata?: ApiObjectMetadata }, otherwise?: string,
): string {
  return givenNamespace(owner, props) ?? otherwise ?? chartOf(owner).namespace
    ?? fail(owner, "no namespace is known; give 'namespace', or give the chart one");
}

/** Metadata with the name and namespace decided. What the user wrote wins, save for the annotations that carry meaning. */
export function objectMetadata(
  given: ApiObjectMetadata | undefined, name: string, namespace?: string, annotations: { [key: string]: string } = {},
): ApiObjectMetadata {
  const all = { ...given?.annotations, ...annotations };
  return {
    ...given,
    name: given?.name ?? name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(Object.keys(all).length > 0 ? { annotations: all } : {}),
  };
}
