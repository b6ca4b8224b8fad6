import { deployment, mesh, namespace, policy } from './build';
import { Mesh } from '../../src/mesh/mesh';

const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };

describe('whether a mesh has ambient mode', () => {
  it('is told by its Namespaces and its pods, where nobody has said', () => {
    const settings = (...objects: readonly unknown[]) => {
      const { ambient, sidecarHbone } = mesh(objects).settings;
      return [ambient, sidecarHbone];
    };
    expect(settings(namespace('a'), deployment('a/web'))).toEqual([false, false]);
    expect(settings(namespace('a', AMBIENT), deployment('a/web'))).toEqual([true, true]);
    expect(settings(namespace('a'), deployment('a/web', AMBIENT))).toEqual([true, true]);
  });

  it('is as somebody has said, whatever the objects ask for', () => {
    expect(mesh([namespace('a', AMBIENT)], { ambient: false }).settings).toMatchObject({ ambient: false, sidecarHbone: false });
    expect(mesh([namespace('a', AMBIENT)], { sidecarHbone: false }).settings).toMatchObject({ ambient: true, sidecarHbone: false });
    expect(mesh([namespace('a')], { ambient: true }).settings).toMatchObject({ ambient: true, sidecarHbone: true });
  });

  it('stays as it is where objects are left out of a mesh', () => {
    const whole = mesh([namespace('a', AMBIENT), policy('a/default', 'STRICT')]);
    const part = new Mesh(whole.ofKind('security.istio.io/PeerAuthentication'), whole.settings);
    expect(part.settings).toMatchObject({ ambient: true, sidecarHbone: true });
  });
});

describe('the objects of a kind', () => {
  const key = 'apps/Deployment';
  const names = ['b/x', 'a/y', 'b/w', 'a/x', 'a/y'];
  const of = () => mesh(names.flatMap(name => [deployment(name), policy(name, 'STRICT')]));
  const titles = (objects: Iterable<{ readonly namespace: string; readonly name: string }>) => [...objects].map(({ namespace: place, name }) => `${place}/${name}`);

  it('come in order, by namespace and name', () => {
    expect(titles(of().ofKind(key))).toEqual(['a/x', 'a/y', 'a/y', 'b/w', 'b/x']);
    expect(of().ofKind('apps/DaemonSet')).toEqual([]);
  });

  it('come as they are given for those to whom the order does not matter, until somebody has put them in order', () => {
    const given = of();
    expect(titles(given.inAnyOrder(key))).toEqual(names);
    given.ofKind(key);
    expect(titles(given.inAnyOrder(key))).toEqual(titles(given.ofKind(key)));
  });

  it('are visited in the same order, a namespace never in two parts', () => {
    const parts = (one: Mesh) => {
      const found: string[] = [];
      one.byNamespace(key, (list, start, end) => found.push(titles(list.slice(start, end)).join()));
      return found;
    };
    const given = of();
    expect(parts(given)).toEqual(['a/x,a/y,a/y', 'b/w,b/x']);
    expect(parts(given)).toEqual(['a/x,a/y,a/y,b/w,b/x']);
    expect(titles(given.ofKind(key))).toEqual(['a/x', 'a/y', 'a/y', 'b/w', 'b/x']);
  });
});
