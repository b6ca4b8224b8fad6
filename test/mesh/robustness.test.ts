import { deployment, mesh, namespace, service } from './build';
import { JUNK, junkObjects as objects } from './junk';
import { connectionJson } from '../../src/mesh/connection';

describe('whatever the objects are made of, there are answers', () => {
  it.each(JUNK.map((value, index) => [index, value]))('junk %i', (_, value) => {
    for (const settings of [{}, { ambient: true }, { openWorld: true, ambient: true }]) {
      const { model } = mesh(objects(value), settings);
      for (const connection of model.connections()) {
        const json = connectionJson(connection);
        expect(json.because.length).toBeGreaterThan(0);
        expect(json.because.every(({ object, text }) => object !== '' && text !== '')).toBe(true);
      }
    }
  });
});

it('a name of JavaScript\'s is a name like any', () => {
  const name = '__proto__';
  const { model } = mesh([namespace(name), deployment(`${name}/constructor`), deployment(`${name}/toString`), service(`${name}/toString`)]);
  expect([...model.connections()].map(({ outcome }) => outcome.value)).toEqual(['mtls']);
});
