import { deployment, namespace } from './build';
import { fromBody } from '../../src/collect/body';
import { withShownFacts } from '../../src/mesh/shown-facts';

const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };
const objects = (...bodies: readonly object[]) => bodies.flatMap(body => fromBody(body, { place: 'x', isConstruct: false, judged: true }));

describe('a label that asks for ambient', () => {
  it.each([['a Namespace', namespace('shop', AMBIENT)], ['a pod template', deployment('shop/web', AMBIENT)]])('on %s shows that the mesh has ambient', (_, body) => {
    expect(withShownFacts({ rootNamespace: 'r' }, objects(body))).toEqual({ rootNamespace: 'r', ambient: true });
  });

  it('shows nothing against what was stated', () => {
    expect(withShownFacts({ ambient: false }, objects(namespace('shop', AMBIENT)))).toEqual({ ambient: false });
  });

  it('shows nothing where it says no', () => {
    expect(withShownFacts({}, objects(deployment('shop/web', { 'istio.io/dataplane-mode': 'none' }), namespace('shop')))).toEqual({});
  });
});
