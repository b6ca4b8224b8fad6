import { Severity } from './finding';
import { Rule, RuleContext } from './rule';
import { Kinds } from '../mesh/kinds';
import { ObjectSettings } from '../mesh/mesh-config';
import { MeshObject } from '../mesh/object';
import { MeshSettings } from '../mesh/settings';

const WORLD = `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: istio-system}
      spec: {mtls: {mode: STRICT}}
      ---`;

export const rule: Rule = {
  code: 'MTLS902',
  name: 'settings-conflict',
  severity: Severity.WARNING,
  reads: [Kinds.CONFIG_MAP, Kinds.SAIL_ISTIO, Kinds.ISTIO_OPERATOR],
  summary: 'The mesh configuration in the input says otherwise than the settings that were given (IstioMesh, options of the command line).',
  why: 'What policies and rules mean hangs on these settings. Where the two disagree, the findings and what the constructs wrote are right for a mesh that is not yours.',
  fix: 'Correct one of the two: what IstioMesh states or the option says, or the mesh configuration.',
  references: [{ title: 'Mesh configuration and its defaults', where: 'pkg/config/mesh/mesh.go' }],
  examples: {
    settings: { autoMtls: true },
    invalid: `${WORLD}
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: istio, namespace: istio-system}
      data: {mesh: "enableAutoMtls: false"}
    `,
    fixed: `${WORLD}
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: istio, namespace: istio-system}
      data: {mesh: "enableAutoMtls: true"}
    `,
    valid: `${WORLD}
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: istio, namespace: istio-system}
      data: {mesh: "rootNamespace: istio-system"}
    `,
  },
  each(object, context) {
    const found = relevant(context).get(object);
    if (found === undefined) return;
    const { given } = context.sources;
    const differences = NAMES.filter(([name]) =>
      given[name] !== undefined && found.settings[name] !== undefined && given[name] !== found.settings[name]);
    if (differences.length === 0) return;
    const say = ([name, field]: Named): string =>
      `${field} is ${show(found.settings[name])} here, and ${name} was given as ${show(given[name])} (judged with ${show(context.settings[name])})`;
    context.report({
      at: object,
      field: found.path,
      what: differences.map(say).join('; '),
      fix: `Give ${differences.map(([name]) => `${name}: ${show(found.settings[name])}`).join(', ')}, or correct ${object.title}.`,
    });
  },
};

type Named = readonly [name: keyof MeshSettings, field: string];

/** The settings that mesh configuration can hold, and its names for them. */
const NAMES: readonly Named[] = [
  ['autoMtls', 'enableAutoMtls'],
  ['rootNamespace', 'rootNamespace'],
  ['trustDomain', 'trustDomain'],
  ['minProtocolVersion', 'meshMTLS.minProtocolVersion'],
  ['outboundTrafficMode', 'outboundTrafficPolicy.mode'],
  ['protocolDetectionTimeout', 'protocolDetectionTimeout'],
  ['exportDestinationRules', 'defaultDestinationRuleExportTo'],
  ['ambient', 'the ambient profile'],
];

/** The objects whose configuration is that of the control plane that was given: of its revision, where there are several. */
function relevant(context: RuleContext): ReadonlyMap<MeshObject, ObjectSettings> {
  return context.once(relevant, () => {
    const { found, given } = context.sources;
    const same = found.filter(one => revisionOf(one) === (given.revision ?? ''));
    const list = same.length > 0 || given.revision !== undefined ? same : found;
    return new Map(list.map(one => [one.object, one]));
  });
}

/** The revision that an object configures; empty for the default one. */
function revisionOf({ object, settings }: ObjectSettings): string {
  const named = object.key === Kinds.CONFIG_MAP ? object.name.replace(/^istio-?/, '')
    : settings.revision ?? (object.key === Kinds.SAIL_ISTIO ? object.name : '');
  return named === 'default' ? '' : named;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : String(value);
}
