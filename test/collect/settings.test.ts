import { fromBody } from '../../src/collect/body';
import { settingsIn, statementsIn } from '../../src/collect/settings';
import { yamlDocuments } from '../../src/collect/yaml';

const objects = (yaml: string) => yamlDocuments(yaml).flatMap(body => fromBody(body, { place: 'x', isConstruct: false, judged: true }));

const CONFIG = `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "enableAutoMtls: false"}
`;
const AMBIENT_NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}\n';
const template = (labels: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: ${labels}}}}
`;

describe('the facts of the mesh in the input', () => {
  it('outweigh what is given', () => {
    expect(settingsIn(objects(CONFIG), { autoMtls: true, rootNamespace: 'r' })).toEqual({ autoMtls: false, rootNamespace: 'r' });
  });

  it('are told with the object that states them', () => {
    expect(statementsIn(objects(`${CONFIG}---\n${AMBIENT_NAMESPACE}`)).map(({ object, path, settings }) => [object.title, path, settings]))
      .toEqual([['ConfigMap istio-system/istio', ['data', 'mesh'], { autoMtls: false }]]);
  });

  it('are nothing where the text is no YAML', () => {
    expect(settingsIn(objects('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata: {mesh: "a: ["}\n'))).toEqual({});
  });
});

describe('a label that asks for ambient', () => {
  it.each([
    ['a Namespace', AMBIENT_NAMESPACE],
    ['a pod template', template('{istio.io/dataplane-mode: ambient}')],
  ])('on %s implies that the mesh has ambient', (_, yaml) => {
    expect(settingsIn(objects(yaml))).toEqual({ ambient: true });
  });

  it('implies nothing against what is given', () => {
    expect(settingsIn(objects(AMBIENT_NAMESPACE), { ambient: false })).toEqual({ ambient: false });
  });

  it('implies nothing where it says no', () => {
    expect(settingsIn(objects(template('{istio.io/dataplane-mode: none}')))).toEqual({});
  });
});
