import { asList, asObject, asText, at, FieldPath, own } from '../json';
import { MeshObject } from '../object';
import { Address, readHostPort } from './address';
import { ConfigMaps } from './config-maps';
import { mentionsIn } from './mentions';
import { fillIn } from './variables';
import { templatePath } from '../workloads/pod-template';
import { Workload } from '../workloads/workload';

/** The annotation that lists calls of which nothing else tells. */
export const CALLS = 'cdk8s-istio-mtls/calls';

/** A host that a workload's manifests name, and where. */
export interface Mention {
  readonly address: Address;
  readonly object: MeshObject;
  readonly field: FieldPath;
  /** What names the host, as the subject of a sentence. */
  readonly who: string;
  /** The place of the init container that alone is told, where it is one. */
  readonly initContainer?: number;
}

/** The hosts that the manifests of one workload name: variables, arguments, ConfigMaps, annotation. */
export class PodMentions {
  static of(workload: Workload, configMaps: ConfigMaps): readonly Mention[] {
    const { found } = new PodMentions(workload, configMaps).read();
    return found;
  }

  private readonly found: Mention[] = [];
  private readonly path: FieldPath;
  private readonly spec: unknown;
  private initContainer?: number;

  private constructor(private readonly workload: Workload, private readonly configMaps: ConfigMaps) {
    this.path = [...templatePath(workload.object), 'spec'];
    this.spec = at(workload.object.body, ...this.path);
  }

  private read(): this {
    this.readAnnotations();
    const mounted = new Set<unknown>();
    for (const list of ['containers', 'initContainers']) {
      asList(own(this.spec, list)).forEach((container, index) => {
        this.initContainer = list === 'initContainers' ? index : undefined;
        this.readContainer(container, [...this.path, list, index]);
        for (const mount of asList(own(container, 'volumeMounts'))) mounted.add(own(mount, 'name'));
      });
    }
    // Which of the containers reads a volume's file is not looked at.
    this.initContainer = undefined;
    for (const volume of asList(own(this.spec, 'volumes'))) {
      if (mounted.has(own(volume, 'name'))) this.readVolume(volume);
    }
    return this;
  }

  private readAnnotations(): void {
    const places: readonly [string | undefined, FieldPath][] = [
      [this.workload.annotation(CALLS), [...templatePath(this.workload.object), 'metadata', 'annotations', CALLS]],
      [this.workload.object.annotation(CALLS), ['metadata', 'annotations', CALLS]],
    ];
    for (const [text, field] of places) {
      for (const item of (text ?? '').split(/[\s,]+/)) {
        const address = readHostPort(item);
        if (address !== undefined) this.found.push({ address, object: this.workload.object, field, who: `the annotation ${CALLS}` });
      }
    }
  }

  private readContainer(container: unknown, path: FieldPath): void {
    const variables = new Map<string, string>();
    for (const source of asList(own(container, 'envFrom'))) {
      const map = this.configMap(own(source, 'configMapRef'));
      const prefix = asText(own(source, 'prefix')) ?? '';
      for (const [key, text] of map === undefined ? [] : this.configMaps.entries(map)) {
        variables.set(prefix + key, text);
        this.readConfigMap(map!, key, text, key, false);
      }
    }
    asList(own(container, 'env')).forEach((variable, index) => {
      const name = asText(own(variable, 'name'));
      if (name !== undefined) this.readVariable(name, variable, variables, [...path, 'env', index]);
    });
    for (const list of ['command', 'args']) {
      let flag = '';
      asList(own(container, list)).forEach((item, index) => {
        if (typeof item !== 'string') return;
        this.add(mentionsIn(fillIn(item, variables), 'argument', flag), [...path, list, index], `the argument ${list}[${index}]`);
        flag = item.startsWith('-') && !item.includes('=') ? item : '';
      });
    }
  }

  private readVariable(name: string, variable: unknown, variables: Map<string, string>, path: FieldPath): void {
    const given = asText(own(variable, 'value'));
    if (given !== undefined) {
      const value = fillIn(given, variables);
      variables.set(name, value);
      this.add(mentionsIn(value, 'variable', name), [...path, 'value'], `the variable ${name}`);
      return;
    }
    const source = own(variable, 'valueFrom');
    if (at(source, 'fieldRef', 'fieldPath') === 'metadata.namespace') variables.set(name, this.workload.namespace);
    const reference = own(source, 'configMapKeyRef');
    const map = this.configMap(reference);
    const key = asText(own(reference, 'key')) ?? '';
    const text = asText(at(map?.body, 'data', key));
    if (map === undefined || text === undefined) return;
    variables.set(name, text);
    this.readConfigMap(map, key, text, name, false);
  }

  private readVolume(volume: unknown): void {
    const sources = [own(volume, 'configMap'), ...asList(at(volume, 'projected', 'sources')).map(source => own(source, 'configMap'))];
    for (const source of sources) {
      const map = this.configMap(source);
      if (map === undefined) continue;
      const items = asList(own(source, 'items')).map(item => own(item, 'key'));
      const keys = items.length > 0 ? new Set(items) : undefined;
      for (const [key, text] of this.configMaps.entries(map)) {
        if (keys === undefined || keys.has(key)) this.readConfigMap(map, key, text, key, true);
      }
    }
  }

  private readConfigMap(map: MeshObject, key: string, text: string, title: string, isFile: boolean): void {
    const addresses = this.configMaps.mentions(map, key, text, isFile && text.includes('\n') ? 'file' : 'variable', title);
    const who = `ConfigMap ${map.name}, which the pods ${isFile ? 'mount' : 'take variables from'},`;
    for (const address of addresses) this.found.push({ address, object: map, field: ['data', key], who, initContainer: this.initContainer });
  }

  private configMap(reference: unknown): MeshObject | undefined {
    const name = asText(own(asObject(reference), 'name'));
    return name === undefined ? undefined : this.configMaps.get(this.workload.namespace, name);
  }

  private add(addresses: readonly Address[], field: FieldPath, who: string): void {
    for (const address of addresses) this.found.push({ address, object: this.workload.object, field, who, initContainer: this.initContainer });
  }
}
