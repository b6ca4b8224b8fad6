import { ApiObject, App, Chart, JsonPatch, Lazy, Yaml } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import fc from 'fast-check';
import { plainJson } from '../../src/collect/plain-object';
import { useFastJson } from '../../src/validate/fast-json';

const key = fc.oneof(fc.string(), fc.constantFrom('a', 'b', 'metadata', '10', '9', 'constructor', 'toString', 'resolve', 'value', '__proto__'));
const leaf = fc.oneof(
  fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constantFrom(null, undefined, NaN, '', [], {}),
  fc.constant(Lazy.any({ produce: () => 'made' })), fc.constant({ resolve: () => 'token' }), fc.constant(new Date(0)), fc.constant(Object.create(null)),
);
const value = fc.letrec(tie => ({
  any: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(key, tie('any'), { maxKeys: 4 })),
})).any;
const labels = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.constant(Lazy.any({ produce: () => 'made' }) as unknown as string)), { maxKeys: 3 });

function made(props: object): ApiObject {
  return new ApiObject(new Chart(new App(), 'chart', { labels: { chart: 'yes' } }), 'object', { apiVersion: 'v1', kind: 'Thing', ...props });
}

describe('what is written of an object of plain data', () => {
  it('is what cdk8s writes, key by key in the same order, or is left to cdk8s', () => {
    let plain = 0;
    fc.assert(fc.property(fc.dictionary(key.filter(one => one !== 'apiVersion' && one !== 'kind' && one !== 'metadata'), value, { maxKeys: 4 }),
      labels, labels, fc.option(fc.string(), { nil: undefined }), (fields, ours, theirs, namespace) => {
        let object: ApiObject;
        try {
          object = made({ ...fields, metadata: { namespace, labels: ours, annotations: theirs } });
        } catch {
          return; // cdk8s itself does not take it.
        }
        const fast = plainJson(object);
        if (fast === undefined) return;
        plain++;
        expect(JSON.stringify(fast)).toBe(JSON.stringify(object.toJson()));
        expect(Yaml.stringify(fast)).toBe(Yaml.stringify(object.toJson()));
      }), { numRuns: 2000 });
    expect(plain).toBeGreaterThan(100);
  });

  it('is left to cdk8s where there is something to resolve, to patch or to drop', () => {
    const patched = made({ spec: { a: 1 } });
    patched.addJsonPatch(JsonPatch.replace('/spec/a', 2));
    const finalized = made({ spec: { a: 1 } });
    finalized.metadata.addFinalizers('x');
    for (const object of [
      patched, finalized, made({ spec: Lazy.any({ produce: () => 1 }) }), made({ spec: { a: undefined } }), made({ spec: new Date(0) }),
      made({ metadata: { labels: { a: Lazy.any({ produce: () => 'x' }) } } }), made({ metadata: { generation: 3 } }),
    ]) {
      expect(plainJson(object)).toBeUndefined();
    }
    expect(plainJson(made({ spec: { a: 1 } }))).toEqual({ apiVersion: 'v1', kind: 'Thing', metadata: expect.anything(), spec: { a: 1 } });
  });
});

describe('the shorter way', () => {
  const { toJson } = ApiObject.prototype;
  const yaml = (one: App): string => Yaml.stringify(...one.charts.flatMap(chart => Chart.of(chart).toJson() as unknown[]));

  function shop(props: ConstructorParameters<typeof App>[0] = {}): App {
    const one = new App(props);
    const chart = new Chart(one, 'shop', { namespace: 'shop' });
    new kplus.Deployment(chart, 'web', { containers: [{ image: 'web:1', portNumber: 8080 }] }).exposeViaService();
    new kplus.ConfigMap(chart, 'settings', { data: { b: '1', a: '2' } });
    new ApiObject(chart, 'policy', { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', spec: { mtls: { mode: 'STRICT' } } });
    return one;
  }

  it('changes nothing of what an app writes, and is gone afterwards', () => {
    const expected = yaml(shop());
    const fast = shop();
    const restore = useFastJson(fast);
    expect(ApiObject.prototype.toJson).not.toBe(toJson);
    expect(yaml(fast)).toBe(expected);
    restore();
    expect(ApiObject.prototype.toJson).toBe(toJson);
  });

  it('is not taken by an app with resolvers of its own, or with another order of keys', () => {
    useFastJson(shop({ resolvers: [{ resolve: () => undefined }] }));
    expect(ApiObject.prototype.toJson).toBe(toJson);
    process.env.CDK8S_DISABLE_SORT = '1';
    useFastJson(shop());
    delete process.env.CDK8S_DISABLE_SORT;
    expect(ApiObject.prototype.toJson).toBe(toJson);
  });
});
