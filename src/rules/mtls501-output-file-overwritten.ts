import { Severity } from './finding';
import { Rule } from './rule';
import { MeshObject } from '../mesh/object';

export const rule: Rule = {
  code: 'MTLS501',
  name: 'output-file-overwritten',
  severity: Severity.ERROR,
  reads: ['*'],
  summary: 'An app that writes one file per resource would write two objects to one file.',
  why: 'cdk8s names the file after kind and name, without the namespace, and writes the second object over the first. What is applied lacks '
    + 'an object: often a PeerAuthentication named default, of another namespace, whose workloads then keep the mode of the mesh.',
  fix: 'Give one of the objects another metadata.name, or use a yamlOutputType that writes a file per chart or per app.',
  references: [{ title: 'cdk8s: App.synth, FILE_PER_RESOURCE', where: 'https://cdk8s.io/docs/latest/reference/cdk8s/typescript/#yamloutputtype' }],
  examples: {
    invalid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: STRICT}}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: billing}
      spec: {mtls: {mode: STRICT}}
    `,
    fixed: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: shop}
      spec: {mtls: {mode: STRICT}}
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: billing, namespace: billing}
      spec: {mtls: {mode: STRICT}}
    `,
    valid: `
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: web, namespace: shop}
      spec: {mtls: {mode: STRICT}}
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: web, namespace: shop}
      spec: {host: web, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
    `,
  },
  check(context) {
    if (!context.writesFiles) return;
    const byFile = new Map<string, MeshObject>();
    for (const object of context.everything()) {
      const file = object.origin.outputFile;
      if (file === undefined) {
        continue;
      }
      const first = byFile.get(file);
      if (!first) {
        byFile.set(file, object);
      } else if (first.identity !== object.identity) { // Two manifests of one identity are the fault of MTLS503.
        context.report({ at: object, see: [first], what: `${first.title} and ${object.title} are both written to ${JSON.stringify(file)}: one of them is lost` });
      }
    }
  },
};
