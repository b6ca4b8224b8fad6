import { writeFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App, Chart, Include, JsonPatch, Lazy, Size, YamlOutputType } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { collectApp } from '../../src/collect/app';
import { MeshObject } from '../../src/mesh/object';
import { temporaryFolder } from '../temporary-folder';

const policy = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' };

function collected(build: (chart: Chart, app: App) => void, app = new App()): MeshObject[] {
  build(new Chart(app, 'c', { namespace: 'shop', labels: { team: 'web' } }), app);
  return collectApp(app, { isRead: () => true }).objects;
}

describe('collecting an app', () => {
  it('sees raw objects, those of cdk8s-plus and those that Include reads, each once', () => {
    const file = join(temporaryFolder('include'), 'policy.yaml');
    writeFileSync(file, 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: included}\nspec: {mtls: {mode: STRICT}}\n');
    const objects = collected(chart => {
      new ApiObject(chart, 'raw', { ...policy, metadata: { name: 'raw' }, spec: { mtls: {} } });
      new kplus.Deployment(chart, 'web', { containers: [{ image: 'web', portNumber: 8080, resources: { memory: { limit: Size.mebibytes(64) } } }] });
      new Include(chart, 'include', { url: file });
    });
    expect(objects.map(object => `${object.origin.place} ${object.kind}`)).toEqual([
      'c/raw PeerAuthentication', 'c/web/Resource Deployment', 'c/include/included-peerauthentication PeerAuthentication',
    ]);
    expect(objects[1].body).toMatchObject({ spec: { template: { spec: { containers: [{ image: 'web' }] } } } });
  });

  it('reads what toJson writes, whatever the object is made of', () => {
    const key = fc.string({ maxLength: 6 });
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined),
      fc.string().map(text => Lazy.any({ produce: () => text })));
    const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
      tree: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(key, tie('tree'), { maxKeys: 3 })),
    }));
    const texts = fc.dictionary(key, fc.oneof(fc.string(), fc.constant(undefined) as fc.Arbitrary<any>), { maxKeys: 3 });
    fc.assert(fc.property(fc.dictionary(key, tree, { maxKeys: 4 }), texts, texts, fc.boolean(), (spec, labels, annotations, patched) => {
      const app = new App();
      const chart = new Chart(app, 'c', { namespace: 'shop', labels: { team: 'web' } });
      const object = new ApiObject(chart, 'o', { ...policy, metadata: { labels, annotations }, spec } as any);
      if (patched) {
        object.addJsonPatch(JsonPatch.add('/metadata/name', 'patched'));
      }
      let json: any;
      try {
        json = object.toJson();
      } catch {
        return; // cdk8s refuses the object itself.
      }
      const [mine] = collectApp(app, { isRead: () => true }).objects;
      expect(JSON.parse(JSON.stringify(mine.body))).toEqual(JSON.parse(JSON.stringify(json)));
      expect([mine.name, mine.namespace]).toEqual([json.metadata.name, json.metadata.namespace]);
      expect(mine.metadata).toEqual(json.metadata);
    }), { numRuns: 300 });
  });

  it('follows JSON patches, also those that change the identity', () => {
    const [object] = collected(chart => {
      const raw = new ApiObject(chart, 'raw', { ...policy, metadata: { name: 'a' }, spec: {} });
      raw.addJsonPatch(JsonPatch.replace('/metadata/namespace', 'billing'), JsonPatch.add('/spec/mtls', { mode: 'STRICT' }));
    });
    expect([object.title, object.spec]).toEqual(['PeerAuthentication billing/a', { mtls: { mode: 'STRICT' } }]);
  });

  it('follows resolvers of the user', () => {
    const app = new App({
      resolvers: [{ resolve: context => context.value === 'MODE' && context.replaceValue('STRICT') }],
    });
    const [object] = collected(chart => new ApiObject(chart, 'raw', { ...policy, spec: { mtls: { mode: 'MODE' } } }), app);
    expect(object.spec).toEqual({ mtls: { mode: 'STRICT' } });
  });

  it('expands a List into its items', () => {
    const objects = collected(chart => new ApiObject(chart, 'list', {
      apiVersion: 'v1', kind: 'List', items: [{ ...policy, metadata: { name: 'a' } }, 'junk', { ...policy, metadata: { name: 'b' } }],
    }));
    expect(objects.map(object => object.name)).toEqual(['a', 'b']);
  });

  it('keeps an object whose JSON cannot be made, with its identity', () => {
    const cycle: any = {};
    cycle.again = Lazy.any({ produce: () => cycle });
    const objects = collected(chart => {
      new ApiObject(chart, 'throws', { ...policy, metadata: { name: 'throws' }, spec: Lazy.any({ produce: () => { throw new Error('boom'); } }) });
      new ApiObject(chart, 'cycle', { ...policy, metadata: { name: 'cycle' }, spec: cycle });
    });
    expect(objects.map(object => [object.title, object.body])).toEqual([
      ['PeerAuthentication shop/throws', {}], ['PeerAuthentication shop/cycle', {}],
    ]);
  });

  it('makes no body of a kind that is not read before it is asked for one', () => {
    let produced = 0;
    const app = new App();
    new ApiObject(new Chart(app, 'c'), 'lazy', { ...policy, spec: Lazy.any({ produce: () => { produced++; return {}; } }) });
    const { objects: [object] } = collectApp(app);
    expect(produced).toBe(0);
    expect([object.body, object.body].length).toBe(2);
    expect(produced).toBe(1);
  });

  it('tells the file of each object where every object has one', () => {
    const files = (yamlOutputType: YamlOutputType) => collected(
      chart => new ApiObject(chart, 'o', { ...policy, metadata: { name: 'a:b' } }), new App({ yamlOutputType }),
    ).map(object => object.origin.outputFile);
    expect(files(YamlOutputType.FILE_PER_CHART)).toEqual([undefined]);
    expect(files(YamlOutputType.FILE_PER_RESOURCE)).toEqual(['PeerAuthentication.ab.k8s.yaml']);
    expect(files(YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE)).toEqual([expect.stringMatching(/^c.*\/PeerAuthentication\.ab\.k8s\.yaml$/)]);
  });
});

describe('the trace', () => {
  const chart = () => new Chart(new App(), 'c');
  const trace = (one: Chart, key = 'security.istio.io/PeerAuthentication') => collectApp(one.node.root, { isRead: each => each === key, isTraced: true }).trace!;
  const traceOf = (spec: unknown) => {
    const one = chart();
    new ApiObject(one, 'o', { ...policy, spec } as any);
    return trace(one);
  };

  it('is equal while nothing changes', () => {
    const one = chart();
    new ApiObject(one, 'o', { ...policy, spec: { mtls: { mode: 'STRICT' } } });
    expect(trace(one).equals(trace(one))).toBe(true);
  });

  it('differs for any two bodies that differ', () => {
    const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
      tree: fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), fc.boolean(), fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.string({ maxLength: 3 }), tie('tree'), { maxKeys: 3, noNullPrototype: true })),
    }));
    const spec = fc.dictionary(fc.string({ maxLength: 3 }), tree, { maxKeys: 3, noNullPrototype: true });
    fc.assert(fc.property(spec, spec, (a, b) => (JSON.stringify(a) === JSON.stringify(b)) === traceOf(a).equals(traceOf(b))));
    for (const [a, b] of [
      [{ a: 'b', c: 'd' }, { a: 'b:c', d: '' }], [{ a: [[], ['b']] }, { a: [['b'], []] }], [{ a: 1 }, { a: '1' }], [{ a: ['b'] }, { a: { b: 'b' } }],
    ]) {
      expect(traceOf(a).equals(traceOf(b))).toBe(false);
    }
  });

  it('does not look at bodies that are not read', () => {
    const one = chart();
    const spec = { mtls: { mode: 'STRICT' } };
    new ApiObject(one, 'o', { ...policy, spec });
    const before = trace(one, 'other');
    spec.mtls.mode = 'DISABLE';
    expect(trace(one, 'other').equals(before)).toBe(true);
  });

  it('is missing where an object has content that no JSON has', () => {
    expect(traceOf({ weight: NaN })).toBeUndefined();
  });
});
