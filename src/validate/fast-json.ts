import { ApiObject, App, Chart } from 'cdk8s';
import { hasOnlyBuiltInResolvers, plainJson } from '../collect/plain-object';

/**
 * Lets `ApiObject.toJson()` take a shorter way for objects of plain data, until
 * the function that it returns is called.
 *
 * cdk8s asks three resolvers about every value of every object and copies it
 * twice, which is a sixth of a synth; for data that holds nothing to resolve, one
 * sorted copy gives the same. A synth is synchronous, so that nobody else sees
 * the method while it is another. Objects with patches, `Lazy`, classes or tokens in
 * them, apps with resolvers of their own, and versions of cdk8s that write the
 * probe otherwise go the usual way. ADR 0009 weighs this.
 */
export function useFastJson(app: App): () => void {
  if (process.env.CDK8S_DISABLE_SORT || !hasOnlyBuiltInResolvers(app) || !agrees()) return () => undefined;
  const { toJson } = ApiObject.prototype;
  ApiObject.prototype.toJson = function (this: ApiObject): unknown {
    return plainJson(this) ?? toJson.call(this);
  };
  return () => { ApiObject.prototype.toJson = toJson; };
}

let isAgreed: boolean | undefined;

/** Whether this version of cdk8s writes an object of plain data as we do; asked once. */
function agrees(): boolean {
  return isAgreed ??= writesAlike();
}

function writesAlike(): boolean {
  try {
    const probe = new ApiObject(new Chart(new App({ outdir: '.' }), 'probe', { labels: { z: '1', a: '2' } }), 'object', {
      kind: 'Probe',
      apiVersion: 'probe/v1',
      spec: { z: [{ b: 1, a: 'text' }, [], {}], empty: {}, list: [], 10: true, 9: false, nested: { deep: { y: -1.5, x: '' } } },
      data: { b: 'x', a: '' },
      metadata: { namespace: 'probe', name: 'probe', labels: { l: '1' }, annotations: { b: '2', a: '1' } },
    });
    return JSON.stringify(probe.toJson()) === JSON.stringify(plainJson(probe));
  } catch {
    return false;
  }
}
