import { deployment, Fields, mesh, namespace } from './build';
import { MeshSettings } from '../../src/mesh/settings';
import { withShownFacts } from '../../src/mesh/shown-facts';
import { run } from '../cli/run';

const AMBIENT: Fields = { 'istio.io/dataplane-mode': 'ambient' };
const shown = (objects: readonly unknown[], stated: MeshSettings = {}): MeshSettings => withShownFacts(stated, mesh(objects).objects);

describe('ambient mode', () => {
  it('is shown by the label of a namespace or a pod', () => {
    expect(shown([namespace('shop', AMBIENT)])).toEqual({ ambient: true });
    expect(shown([deployment('shop/web', AMBIENT)], { autoMtls: false })).toEqual({ ambient: true, autoMtls: false });
  });

  it('is not shown by anything else', () => {
    expect(shown([namespace('shop'), deployment('shop/web')])).toEqual({});
    expect(shown([namespace('shop', { 'istio.io/dataplane-mode': 'none' })])).toEqual({});
    // The label of the Deployment itself is not that of its pods.
    expect(shown([{ ...deployment('shop/web'), metadata: { namespace: 'shop', name: 'web', labels: AMBIENT } }])).toEqual({});
  });

  it('is what was stated, where it was', () => {
    expect(shown([namespace('shop', AMBIENT)], { ambient: false })).toEqual({ ambient: false });
  });

  it('counts on the command line, and options outweigh it', () => {
    const yaml = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}\n';
    const ambient = (...args: string[]) => (JSON.parse(run(['connections', '--format', 'json', '-', ...args], yaml).out) as { settings: { ambient: boolean } }).settings.ambient;
    expect(ambient()).toBe(true);
    expect(ambient('--ambient', 'false')).toBe(false);
  });
});
