import { deployment, Fields, istio, mesh, namespace } from './build';
import { reasonJson } from '../../src/mesh/decision';
import { MeshSettings } from '../../src/mesh/settings';

const INJECT = 'sidecar.istio.io/inject';

/** What carries the traffic of `sv/web`, given the labels of its namespace and of the pod; no namespace labels: no Namespace object. */
function plane(
  ofNamespace: Fields | undefined, ofPod: Fields = {}, settings: MeshSettings = {}, template: { annotations?: Fields; spec?: Fields } = {},
): string {
  const { model } = mesh([...ofNamespace === undefined ? [] : [namespace('sv', ofNamespace)], deployment('sv/web', ofPod, template)], settings);
  const { value, decidedBy } = model.dataPlane(model.inventory.workload('sv/web')!);
  const { object, field } = reasonJson(decidedBy);
  return `${value} by ${object} ${field}`;
}

describe('sidecars', () => {
  const POD = 'Deployment sv/web spec.template';
  const rows: readonly [string, Fields, Fields, string][] = [
    ['nobody asks', {}, {}, 'none by Namespace sv metadata.labels.istio-injection'],
    ['the namespace asks', { 'istio-injection': 'enabled' }, {}, 'sidecar by Namespace sv metadata.labels.istio-injection'],
    ['the namespace asks by revision', { 'istio.io/rev': 'default' }, {}, 'sidecar by Namespace sv metadata.labels["istio.io/rev"]'],
    ['the namespace belongs to another revision', { 'istio.io/rev': 'canary' }, {}, 'none by Namespace sv metadata.labels["istio.io/rev"]'],
    ['injection counts before the revision', { 'istio-injection': 'enabled', 'istio.io/rev': 'canary' }, {}, 'sidecar by Namespace sv metadata.labels.istio-injection'],
    ['the namespace refuses', { 'istio-injection': 'disabled' }, { [INJECT]: 'true' }, 'none by Namespace sv metadata.labels.istio-injection'],
    ['the pod refuses', { 'istio-injection': 'enabled' }, { [INJECT]: 'false' }, `none by ${POD}.metadata.labels["${INJECT}"]`],
    ['the pod asks', {}, { [INJECT]: 'true' }, `sidecar by ${POD}.metadata.labels["${INJECT}"]`],
    ['the pod asks by revision', {}, { 'istio.io/rev': 'default' }, `sidecar by ${POD}.metadata.labels["istio.io/rev"]`],
    ['the pod asks for another revision', {}, { 'istio.io/rev': 'canary', [INJECT]: 'true' }, `none by ${POD}.metadata.labels["istio.io/rev"]`],
    ['only "false" refuses', { 'istio-injection': 'enabled' }, { [INJECT]: 'no' }, 'sidecar by Namespace sv metadata.labels.istio-injection'],
  ];
  it.each(rows)('%s', (_, ofNamespace, ofPod, expected) => expect(plane(ofNamespace, ofPod, { revision: 'default' })).toBe(expected));

  it('are those of whatever revision the labels name, where nobody says which one the mesh has', () => {
    expect(plane({ 'istio.io/rev': 'canary' })).toBe('sidecar by Namespace sv metadata.labels["istio.io/rev"]');
    expect(plane({}, { 'istio.io/rev': 'canary' })).toBe(`sidecar by ${POD}.metadata.labels["istio.io/rev"]`);
    expect(plane({ 'istio-injection': 'enabled' })).toMatch(/^sidecar/);
    expect(plane({ 'istio-injection': 'disabled', 'istio.io/rev': 'canary' })).toMatch(/^none/);
    expect(plane({ 'istio.io/dataplane-mode': 'ambient', 'istio.io/rev': 'canary' })).toMatch(/^ambient/);
    expect(plane(undefined, { 'istio.io/rev': 'canary' }, { openWorld: true })).toMatch(/^sidecar/);
  });

  it('are refused by annotation, unless the label says otherwise', () => {
    const annotations = { [INJECT]: 'false' };
    expect(plane({ 'istio-injection': 'enabled' }, {}, {}, { annotations })).toBe(`none by ${POD}.metadata.annotations["${INJECT}"]`);
    expect(plane({ 'istio-injection': 'enabled' }, { [INJECT]: 'true' }, {}, { annotations })).toMatch(/^sidecar/);
  });

  it('are never on the host\'s network', () => {
    expect(plane({ 'istio-injection': 'enabled' }, {}, {}, { spec: { hostNetwork: true } })).toBe(`none by ${POD}.spec.hostNetwork`);
  });

  it('are never in the system\'s namespaces', () => {
    const { model } = mesh([namespace('kube-system'), deployment('kube-system/dns')]);
    expect(model.inventory.workload('kube-system/dns')!.dataPlane.value).toBe('none');
  });

  it('of a named revision do not answer to istio-injection', () => {
    const settings = { revision: 'canary' };
    expect(plane({ 'istio.io/rev': 'canary' }, {}, settings)).toMatch(/^sidecar/);
    expect(plane({}, { 'istio.io/rev': 'canary' }, settings)).toMatch(/^sidecar/);
    expect(plane({ 'istio-injection': 'enabled' }, {}, settings)).toMatch(/^none/);
    expect(plane({}, { [INJECT]: 'true' }, settings)).toMatch(/^none/);
  });
});

describe('ambient', () => {
  const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };
  it('captures by namespace or by pod, unless the mesh is said to have no ambient', () => {
    expect(plane(AMBIENT, {}, { ambient: true })).toMatch(/^ambient by Namespace/);
    expect(plane({}, AMBIENT, { ambient: true })).toMatch(/^ambient by Deployment/);
    expect(plane(AMBIENT, { 'istio.io/dataplane-mode': 'none' }, { ambient: true })).toMatch(/^none/);
    expect(plane(AMBIENT)).toMatch(/^ambient by Namespace/);
    expect(plane(AMBIENT, {}, { ambient: false })).toMatch(/^none/);
  });

  it('leaves pods with a sidecar alone, and those on the host\'s network', () => {
    expect(plane({ ...AMBIENT, 'istio-injection': 'enabled' }, {}, { ambient: true })).toMatch(/^sidecar/);
    expect(plane(AMBIENT, {}, { ambient: true }, { spec: { hostNetwork: true } })).toMatch(/^none/);
  });
});

describe('a namespace that is not in the input', () => {
  it('has no labels in a closed world', () => expect(plane(undefined)).toMatch(/^none by Deployment sv\/web metadata.namespace/));

  it('is unknown in an open one, unless the pod speaks for itself', () => {
    const open = { openWorld: true };
    expect(plane(undefined, {}, open)).toBe('unknown by Deployment sv/web metadata.namespace');
    expect(plane(undefined, { [INJECT]: 'true' }, open)).toMatch(/^sidecar/);
    expect(plane(undefined, { [INJECT]: 'false' }, open)).toMatch(/^none/);
    expect(plane(undefined, {}, open, { spec: { hostNetwork: true } })).toMatch(/^none/);
    expect(plane({}, {}, open)).toMatch(/^none/);
  });
});

describe('what stands for pods', () => {
  it('is every kind of workload', () => {
    const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [] } };
    const objects = [
      ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map(kind => ({ apiVersion: 'apps/v1', kind, metadata: { name: kind }, spec: { template } })),
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'Job' }, spec: { template } },
      { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'CronJob' }, spec: { jobTemplate: { spec: { template } } } },
      { apiVersion: 'v1', kind: 'Pod', ...template, metadata: { name: 'Pod', ...template.metadata } },
    ];
    const found = mesh(objects).model.inventory.workloads;
    expect(found.map(({ key }) => key).sort()).toEqual(objects.map(({ kind }) => `default/${kind}`).sort());
    expect(found.every(one => one.label('app') === 'x')).toBe(true);
  });

  it('is listed once in a cluster export, which holds what the workloads make', () => {
    const owned = (kind: string, name: string, owner: string, ownerName: string): Fields => ({
      apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1', kind, metadata: { namespace: 'sv', name, ownerReferences: [{ kind: owner, name: ownerName, controller: true }] },
    });
    const objects = [deployment('sv/web'), owned('ReplicaSet', 'web-1', 'Deployment', 'web'), owned('Pod', 'web-1-a', 'ReplicaSet', 'web-1'), owned('Pod', 'lone', 'ReplicaSet', 'gone')];
    expect(mesh(objects).model.inventory.workloads.map(({ key }) => key).sort()).toEqual(['sv/lone', 'sv/web']);
  });

  it('is a machine with a certificate when it has a service account', () => {
    const { model } = mesh([istio('WorkloadEntry sv/vm', { address: '10.0.0.1', serviceAccount: 'vm', labels: { app: 'x' } }), istio('WorkloadEntry sv/bare', { address: '10.0.0.2' })]);
    expect(model.inventory.workload('sv/vm')!.dataPlane.value).toBe('sidecar');
    expect(model.inventory.workload('sv/bare')!.dataPlane.value).toBe('none');
    expect(model.inventory.workloads).toEqual([]);
  });
});
