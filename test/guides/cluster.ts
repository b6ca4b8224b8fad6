import { existsSync, readFileSync, writeFileSync } from 'fs';
import { parseAllDocuments, stringify } from 'yaml';

/* A cluster that is a file of manifests: what the stand-in for kubectl reads and writes. */

export interface Thing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly spec?: any;
}

/** The names by which kubectl knows resources: plural, singular, short. Those of Istio are in its CRDs (manifests/charts/base/files/crd-all.gen.yaml). */
const KINDS: { readonly [kind: string]: readonly string[] } = {
  Namespace: ['namespaces', 'namespace', 'ns'],
  Pod: ['pods', 'pod', 'po'],
  Deployment: ['deployments', 'deployment', 'deploy'],
  StatefulSet: ['statefulsets', 'statefulset', 'sts'],
  DaemonSet: ['daemonsets', 'daemonset', 'ds'],
  CronJob: ['cronjobs', 'cronjob', 'cj'],
  Service: ['services', 'service', 'svc'],
  ConfigMap: ['configmaps', 'configmap', 'cm'],
  Ingress: ['ingresses', 'ingress', 'ing'],
  APIService: ['apiservices', 'apiservice'],
  PeerAuthentication: ['peerauthentications', 'peerauthentication', 'pa'],
  DestinationRule: ['destinationrules', 'destinationrule', 'dr'],
  ServiceEntry: ['serviceentries', 'serviceentry', 'se'],
};

/** The kind that kubectl takes a word for. */
export function kindOf(word: string): string {
  const kind = Object.keys(KINDS).find(one => KINDS[one].includes(word));
  if (kind === undefined) throw new Error(`error: the server doesn't have a resource type "${word}"`);
  return kind;
}

export function things(text: string): Thing[] {
  return parseAllDocuments(text).flatMap(document => {
    if (document.errors.length > 0) throw document.errors[0];
    const value = document.toJS() as Thing | null;
    return value === null ? [] : [value];
  });
}

export const idOf = ({ kind, metadata }: Thing): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

export class Cluster {
  public constructor(private readonly file: string) {}

  /** What is there, with a pod for each Deployment. */
  public all(): Thing[] {
    const stored = things(existsSync(this.file) ? readFileSync(this.file, 'utf8') : '');
    const pods = stored.filter(({ kind }) => kind === 'Deployment').map(({ metadata, spec }): Thing => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...spec.template.metadata, name: `${metadata.name}-5d8f7c9b6d-x2x9q`, namespace: metadata.namespace },
      spec: spec.template.spec,
    }));
    return [...stored, ...pods];
  }

  public find(kind: string, name: string, namespace = 'default'): Thing {
    const found = this.all().find(one => one.kind === kind && one.metadata.name === name && (one.metadata.namespace ?? 'default') === namespace);
    if (found === undefined) throw new Error(`Error from server (NotFound): ${kind} "${name}" not found in namespace ${namespace}`);
    return found;
  }

  /** Puts an object in the place of the one with its name, and returns kubectl's word for it. */
  public apply(thing: Thing): string {
    const others = this.stored().filter(one => idOf(one) !== idOf(thing));
    const isNew = others.length === this.stored().length;
    this.write([...others, thing]);
    return isNew ? 'created' : 'configured';
  }

  public delete(thing: Thing): void {
    this.write(this.stored().filter(one => idOf(one) !== idOf(thing)));
  }

  private stored(): Thing[] {
    return this.all().filter(({ kind }) => kind !== 'Pod');
  }

  private write(all: readonly Thing[]): void {
    writeFileSync(this.file, all.map(one => stringify(one)).join('---\n'));
  }
}

/** The values at a path as JSONPath and custom columns write it: `.items[0].metadata.name`, `.spec.containers[*].name`. */
export function valuesAt(value: unknown, path: string): unknown[] {
  if (!/^(\.[A-Za-z]+(\[(\d+|\*)\])?)+$/.test(path)) throw new Error(`error: unrecognized path ${path}`);
  const steps = path.match(/[A-Za-z]+|\[(\d+|\*)\]/g)!;
  return steps.reduce<unknown[]>((values, step) => values.flatMap(one => {
    if (step === '[*]') return one as unknown[] ?? [];
    const index = /^\[(\d+)\]$/.exec(step);
    const next = (one as Record<string, unknown> | undefined)?.[index?.[1] ?? step];
    if (index !== null && next === undefined) throw new Error(`error: array index out of bounds: index ${index[1]}`);
    return next === undefined ? [] : [next];
  }), [value]);
}
