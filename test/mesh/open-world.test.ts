import { connections, deployment, Fields, inShort, namespace, policy, service } from './build';
import { ConnectionJson } from '../../src/mesh/connection';

const SERVER: readonly Fields[] = [deployment('sv/web'), service('sv/web')];
const CLIENT: readonly Fields[] = [deployment('cl/client')];

function call(objects: readonly unknown[], settings = {}): ConnectionJson {
  return connections(objects, { openWorld: true, ...settings }).find(({ client }) => client === 'cl/client')!;
}

const texts = ({ because }: ConnectionJson): string[] => because.map(({ text }) => text);

it('a server that may have a sidecar is answered where it makes no difference', () => {
  const open = call([namespace('cl', {}), ...CLIENT, ...SERVER]);
  expect(inShort(open)).toBe('plaintext to unknown: plaintext');
});

it('an answer that hangs on the server says so, with the condition', () => {
  const open = call([namespace('cl', {}), ...CLIENT, ...SERVER, policy('sv/default', 'STRICT')]);
  expect(inShort(open)).toBe('plaintext to unknown: depends');
  expect(open.because[0]).toEqual({
    object: 'Deployment sv/web', field: 'metadata.namespace', text: 'Namespace sv is not in the input, so it is not known what carries the traffic of its pods',
  });
  expect(texts(open)).toEqual(expect.arrayContaining(['fail if namespace sv gives its pods sidecars', 'plaintext if namespace sv is not in the mesh']));
});

it('an answer that hangs on the client says so', () => {
  const open = call([namespace('sv'), ...CLIENT, ...SERVER, policy('sv/default', 'STRICT')]);
  expect(inShort(open)).toBe('unknown to STRICT: depends');
  expect(open.because[0].object).toBe('Deployment cl/client');
  expect(texts(open)).toEqual(expect.arrayContaining(['mtls if namespace cl gives its pods sidecars', 'fail if namespace cl is not in the mesh']));
});

it('one namespace has one answer for client and server', () => {
  const objects = [deployment('cl/client'), deployment('cl/web'), service('cl/web'), policy('cl/default', 'STRICT')];
  const open = call(objects);
  expect(texts(open)).toEqual(expect.arrayContaining(['mtls if namespace cl gives its pods sidecars', 'plaintext if namespace cl is not in the mesh']));
});

it('names both where both are open', () => {
  const open = call([...CLIENT, ...SERVER, policy('sv/default', 'STRICT')]);
  expect(texts(open)).toEqual(expect.arrayContaining(['mtls if namespace cl gives its pods sidecars and namespace sv gives its pods sidecars']));
});

it('counts ambient among the possibilities where the mesh has it', () => {
  const open = call([namespace('cl', {}), ...CLIENT, ...SERVER, policy('sv/default', 'DISABLE')], { ambient: true });
  expect(inShort(open)).toBe('plaintext to unknown: plaintext');
});

it('is closed for what the input shows', () => {
  expect(inShort(call([namespace('cl'), namespace('sv'), ...CLIENT, ...SERVER]))).toBe('istio-mtls to PERMISSIVE: mtls');
});
