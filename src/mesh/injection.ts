import { Reason } from './decision';
import { inCluster, MeshFacts } from './facts';
import { asList, asText, asWritten, at, FieldPath, own } from './json';
import { Kinds } from './kinds';
import { MeshObject } from './object';

/** Something that the installation of Istio switches on or off for the whole mesh. */
export interface Switch {
  readonly isOn: boolean;
  readonly reason: Reason;
}

/** What the input says about how sidecars are injected; undefined where it says nothing, and Istio's default holds. */
export interface InjectionFacts {
  /** Whether the agent answers the kubelet's probes on behalf of the application. Istio's default: yes. */
  readonly probeRewriting?: Switch;
  /** Whether the agent serves the application's metrics beside its own on 15020. Istio's default: yes. */
  readonly metricsMerging?: Switch;
  /** Whether the sidecar runs as an init container that goes on, before all others. By default it depends on the versions of Istio and Kubernetes. */
  readonly nativeSidecars?: Switch;
}

/** The kinds from which the facts are read. */
export const INJECTION_KINDS: readonly string[] = [Kinds.ISTIO_OPERATOR, Kinds.SAIL_ISTIO, Kinds.CONFIG_MAP, Kinds.DEPLOYMENT];

/** Reads the objects that Istio is installed with: those of istioctl and of the Sail operator, and what they make. */
export function injectionFacts(facts: Pick<MeshFacts, 'settings' | 'ofKind'>): InjectionFacts {
  const found: { -readonly [field in keyof InjectionFacts]: Switch } = {};
  const add = (field: keyof InjectionFacts, value: unknown, object: MeshObject, path: FieldPath): void => {
    const text = asWritten(value);
    if (value === undefined || (text !== 'true' && text !== 'false')) return;
    found[field] ??= { isOn: text === 'true', reason: { object, field: path, text: `${String(path[path.length - 1])} is ${text}` } };
  };
  const addValues = (values: unknown, object: MeshObject, path: FieldPath): void => {
    const rewrite = ['sidecarInjectorWebhook', 'rewriteAppHTTPProbe'];
    const native = ['pilot', 'env', 'ENABLE_NATIVE_SIDECARS'];
    const merge = ['meshConfig', 'enablePrometheusMerge'];
    add('probeRewriting', at(values, ...rewrite), object, [...path, ...rewrite]);
    add('nativeSidecars', at(values, ...native), object, [...path, ...native]);
    add('metricsMerging', at(values, ...merge), object, [...path, ...merge]);
  };
  for (const kind of [Kinds.ISTIO_OPERATOR, Kinds.SAIL_ISTIO]) {
    for (const object of inCluster(facts, kind)) {
      addValues(own(object.spec, 'values'), object, ['spec', 'values']);
      add('metricsMerging', at(object.spec, 'meshConfig', 'enablePrometheusMerge'), object, ['spec', 'meshConfig', 'enablePrometheusMerge']);
    }
  }
  for (const object of facts.ofKind(Kinds.CONFIG_MAP)) {
    if (/^istio-sidecar-injector(-|$)/.test(object.name)) addValues(parsed(at(object.body, 'data', 'values')), object, ['data', 'values']);
    else if (/^istio(-|$)/.test(object.name)) add('metricsMerging', topLevel(asText(at(object.body, 'data', 'mesh')), 'enablePrometheusMerge'), object, ['data', 'mesh', 'enablePrometheusMerge']);
  }
  for (const object of facts.ofKind(Kinds.DEPLOYMENT)) {
    if (!/^istiod(-|$)/.test(object.name)) continue;
    asList(at(object.spec, 'template', 'spec', 'containers')).forEach((container, index) => asList(own(container, 'env')).forEach((variable, place) => {
      if (own(variable, 'name') !== 'ENABLE_NATIVE_SIDECARS') return;
      add('nativeSidecars', own(variable, 'value'), object, ['spec', 'template', 'spec', 'containers', index, 'env', place, 'value']);
    }));
  }
  return found;
}

/** The chart writes its values as JSON. */
function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A scalar at the top level of YAML, which is all that the mesh configuration holds it in. */
function topLevel(text: string | undefined, key: string): string | undefined {
  return text === undefined ? undefined : new RegExp(`^["']?${key}["']?[ \\t]*:[ \\t]*["']?(true|false)["']?[ \\t]*(#.*)?$`, 'm').exec(text)?.[1];
}
