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

describe('the facts of the mesh in the input', () => {
  it('are those of all objects that state some', () => {
    expect(settingsIn(objects(`${CONFIG}---\n${CONFIG.replace('name: istio,', 'name: istio-canary,').replace('enableAutoMtls: false', 'rootNamespace: r')}`)))
      .toEqual({ autoMtls: false, rootNamespace: 'r' });
  });

  it('are told with the object that states them', () => {
    expect(statementsIn(objects(`${CONFIG}---\n${AMBIENT_NAMESPACE}`)).map(({ object, path, settings }) => [object.title, path, settings]))
      .toEqual([['ConfigMap istio-system/istio', ['data', 'mesh'], { autoMtls: false }]]);
  });

  it('are nothing where the text is no YAML', () => {
    expect(settingsIn(objects('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata: {mesh: "a: ["}\n'))).toEqual({});
  });
});
