import { Reason } from '../decision';
import { asList, asObject, asText, FieldPath, Fields, JsonObject, own, textEntries } from '../json';
import { Kinds } from '../kinds';
import { MeshObject } from '../object';

/** Labels as they stand in an object. */
export type Labels = ReadonlyMap<string, string>;

/** The labels of an object's metadata. */
export function labelsOf(metadata: unknown): Labels {
  return new Map(textEntries(own(metadata, 'labels')));
}

/** Where each kind keeps the template of its pods. */
const TEMPLATES: { readonly [kind: string]: FieldPath } = {
  [Kinds.POD]: [],
  [Kinds.DEPLOYMENT]: ['spec', 'template'],
  [Kinds.STATEFUL_SET]: ['spec', 'template'],
  [Kinds.DAEMON_SET]: ['spec', 'template'],
  [Kinds.REPLICA_SET]: ['spec', 'template'],
  [Kinds.JOB]: ['spec', 'template'],
  [Kinds.CRON_JOB]: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The kinds whose objects stand for pods. */
export const POD_KINDS: readonly string[] = Object.keys(TEMPLATES);

/** Where the pods' template stands in an object. */
export function templatePath(object: MeshObject): FieldPath {
  return TEMPLATES[object.key] ?? [];
}

/** The pods' template in an object. */
export function templateIn(object: MeshObject): unknown {
  if (object.key === Kinds.POD) return object.body;
  const spec = object.spec as Fields;
  // The steps of the paths above: a loop over them takes twice as long, and every pod is read.
  return object.key === Kinds.CRON_JOB ? ((spec?.jobTemplate as Fields)?.spec as Fields)?.template : spec?.template;
}

/** What a proxy does that stands in the manifest itself: it is a gateway (`router`), a waypoint, or an application's sidecar. */
export type ProxyRole = 'sidecar' | 'router' | 'waypoint';

/** A proxy that stands in the manifest itself, and the field that says what it does. */
export interface OwnProxy {
  readonly role: ProxyRole;
  /** Below the spec of the pods. */
  readonly field: FieldPath;
}

/** What a workload's manifest says about its pods, before anything injects into them. */
export class PodTemplate {
  /** The labels of the template, of which only those count that are text. */
  readonly labels: JsonObject | undefined;

  constructor(readonly object: MeshObject) {
    this.labels = asObject(this.metadata?.labels);
  }

  private get metadata(): Fields {
    return (templateIn(this.object) as Fields)?.metadata as Fields;
  }

  /** Few ask for it, and after the labels. */
  private get spec(): unknown {
    return (templateIn(this.object) as Fields)?.spec;
  }

  private get path(): FieldPath {
    return templatePath(this.object);
  }

  /** A label of the template, where it is text. */
  ownLabel(name: string): string | undefined {
    return asText(this.labels?.[name]); // Nothing that is inherited is text.
  }

  /** Calls back for each label of the template. */
  eachOwnLabel(visit: (key: string, value: string) => void): void {
    for (const key in this.labels) {
      const value = own(this.labels, key);
      if (typeof value === 'string') visit(key, value);
    }
  }

  /** Whether the template has any annotations. Many have none, and a pod then need not be looked at for one. */
  get hasAnnotations(): boolean {
    return asObject(this.metadata?.annotations) !== undefined;
  }

  annotation(name: string): string | undefined {
    return asText(asObject(this.metadata?.annotations)?.[name]);
  }

  get hostNetwork(): boolean {
    return (this.spec as Fields)?.hostNetwork === true;
  }

  /**
   * The proxy that the manifest brings along: in gateways of `istioctl install` and of the Gateway API,
   * in pods that `istioctl kube-inject` has written, and in Pods as a cluster lists them. A container
   * of the name without such arguments only customizes the proxy that is injected.
   */
  get ownProxy(): OwnProxy | undefined {
    for (const list of ['containers', 'initContainers']) {
      const containers = asList(own(this.spec, list));
      for (let i = 0; i < containers.length; i++) {
        if (own(containers[i], 'name') !== 'istio-proxy') continue;
        const [command, role] = asList(own(containers[i], 'args'));
        if (command === 'proxy' && (role === 'sidecar' || role === 'router' || role === 'waypoint')) return { role, field: [list, i, 'args'] };
      }
    }
    return undefined;
  }

  get serviceAccount(): string {
    // The old name of the field is still accepted, and copied by the API server.
    return asText(own(this.spec, 'serviceAccountName')) || asText(own(this.spec, 'serviceAccount')) || 'default';
  }

  /** The number of a named container port, as Kubernetes' `FindPort` finds it. */
  containerPort(name: string): number | undefined {
    for (const container of asList(own(this.spec, 'containers'))) {
      for (const port of asList(own(container, 'ports'))) {
        const number = own(port, 'containerPort');
        if (own(port, 'name') === name && (own(port, 'protocol') ?? 'TCP') === 'TCP' && typeof number === 'number') return number;
      }
    }
    return undefined;
  }

  /** A reason that stands in a field of the object. */
  objectReason(field: FieldPath, text: string): Reason {
    return { object: this.object, field, text };
  }

  /** A reason that stands in a label of the template. */
  labelReason(name: string, text: string): Reason {
    return this.objectReason([...this.path, 'metadata', 'labels', name], text);
  }

  /** A reason that stands in an annotation of the template. */
  annotationReason(name: string, text: string): Reason {
    return this.objectReason([...this.path, 'metadata', 'annotations', name], text);
  }

  /** A reason that stands in a field of the pod's spec. */
  specReason(field: FieldPath, text: string): Reason {
    return this.objectReason([...this.path, 'spec', ...field], text);
  }
}
