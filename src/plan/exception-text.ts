import { PortException } from './exceptions';
import { MtlsMode } from '../mesh/policies/peer-authentication';

/** The policy as YAML: whole, or where one selects the pods already what to add to it. */
export function exceptionYaml({ namespace, name, labels, ports, reason, existing }: PortException): string {
  const levels = `  portLevelMtls:\n${[...ports].map(([port, mode]) => `    "${port}": {mode: ${mode}}`).join('\n')}`;
  if (existing !== undefined) return `# in ${existing.title}, beside what it has\nspec:\n${levels}`;
  return [
    'apiVersion: security.istio.io/v1',
    'kind: PeerAuthentication',
    'metadata:',
    `  name: ${scalar(name)}`,
    `  namespace: ${scalar(namespace)}`,
    '  annotations:',
    `    cdk8s-istio-mtls/reason: ${JSON.stringify(reason)}`,
    'spec:',
    `  selector: {matchLabels: {${labels.map(([key, value]) => `${scalar(key)}: ${scalar(value)}`).join(', ')}}}`,
    levels,
  ].join('\n');
}

/** A text as YAML: plain where nothing else can be meant. */
export function scalar(text: string): string {
  return /^[a-z]([a-z0-9./-]*[a-z0-9])?$/i.test(text) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text) ? text : JSON.stringify(text);
}

/** The same with the constructs of this library. */
export function exceptionTypeScript({ namespace, name, labels, ports, reason, existing }: PortException): string {
  if (existing !== undefined) {
    return [
      `// policy is the WorkloadMtls that writes ${existing.title.replace(/\s+/g, ' ')}; a WorkloadMtlsException takes the port alone`,
      ...[...ports].map(([port, mode]) => `policy.addPort(WorkloadPort.number(${port}), MtlsMode.${mode});`),
    ].join('\n');
  }
  const selector = `{ ${labels.map(([key, value]) => `${quoted(key)}: ${quoted(value)}`).join(', ')} }`;
  const modes = new Set(ports.values());
  const [mode] = modes;
  const common = [`  workload: WorkloadSelector.labels(${selector}),`, `  namespace: ${quoted(namespace)},`];
  const lines = modes.size > 1
    // An exception has one mode for all its ports.
    ? [`new WorkloadMtls(this, ${quoted(name)}, {`, ...common, `  portLevelMtls: { ${[...ports].map(levelText).join(', ')} },`,
      `  metadata: { annotations: { 'cdk8s-istio-mtls/reason': ${quoted(reason)} } },`]
    : [`new WorkloadMtlsException(this, ${quoted(name)}, {`, ...common, `  ports: [${[...ports.keys()].map(port => `WorkloadPort.number(${port})`).join(', ')}],`,
      ...mode === 'PERMISSIVE' ? [] : [`  mode: MtlsMode.${mode},`], `  reason: ${quoted(reason)},`];
  return [...lines, '});'].join('\n');
}

function levelText([port, mode]: readonly [number, MtlsMode]): string {
  return `'${port}': MtlsMode.${mode}`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}'`;
}
