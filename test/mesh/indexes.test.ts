import * as fc from 'fast-check';
import { Listed, Selector, SelectorIndex, selectsAll } from '../../src/mesh/labels';
import { HostIndex, isCovered, isWildcard } from '../../src/mesh/rules/host-index';

/** Something with labels that is as slow and as plain as can be. */
function labelled(labels: { readonly [name: string]: string }): Listed {
  return {
    label: name => labels[name],
    eachLabel: visit => Object.entries(labels).forEach(([name, value]) => visit(name, value)),
  };
}

describe('selectors are found without trying all of them', () => {
  const KEYS = ['app', 'version', 'tier', '__proto__', 'constructor', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6'];
  const value = fc.constantFrom('a', 'b', 'c');
  const record = (values: fc.Arbitrary<unknown>): fc.Arbitrary<Selector> =>
    // As JSON.parse makes it, to which __proto__ is a key like any other.
    fc.array(fc.tuple(fc.constantFrom(...KEYS), values), { maxLength: 4 })
      .map(pairs => JSON.parse(`{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)}`).join()}}`) as Selector);
  const selector = record(fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: fc.constantFrom(1, null, ['a']) })).filter(one => !selectsAll(one));
  const pods = record(value).map(one => one as { readonly [name: string]: string });

  it('the first, and all, as a look at each gives them', () => {
    fc.assert(fc.property(fc.array(selector, { maxLength: 30 }), fc.array(pods, { minLength: 1, maxLength: 10 }), (selectors, all) => {
      const entries = selectors.map((labels, rank) => ({ labels, rank }));
      const index = new SelectorIndex(entries, ({ labels }) => labels, (a, b) => a.rank - b.rank);
      for (const labels of all) {
        const expected = entries.filter(entry => Object.entries(entry.labels).every(([key, one]) => typeof one === 'string' && own(labels, key) === one));
        const found: number[] = [];
        index.all(labelled(labels), ({ rank }) => found.push(rank));
        expect(found.sort((a, b) => a - b)).toEqual(expected.map(({ rank }) => rank));
        expect(index.first(labelled(labels))?.rank).toBe(expected[0]?.rank);
      }
    }));
  });

  function own(labels: { readonly [name: string]: string }, key: string): string | undefined {
    return Object.prototype.hasOwnProperty.call(labels, key) ? labels[key] : undefined;
  }
});

describe('wildcards are found without trying all of them', () => {
  const host = fc.array(fc.constantFrom('a', 'b', 'web', 'svc'), { minLength: 1, maxLength: 5 }).map(labels => labels.join('.'));
  const pattern = fc.oneof(host, fc.tuple(fc.constantFrom('*', '*.', '*b.', '*eb.'), host).map(parts => parts.join('')), fc.constant('*'));

  it('the host itself, then from wildcard to wildcard what covers it, the longest first', () => {
    fc.assert(fc.property(fc.array(pattern, { maxLength: 20 }), pattern, (patterns, asked) => {
      const index = new HostIndex<string>();
      for (const one of patterns) index.set(one, one);
      const others = [...new Set(patterns)].filter(one => one !== asked && isWildcard(one) && isCovered(asked, one));
      const covering = others.sort((a, b) => b.length - a.length);
      const expected = patterns.includes(asked) ? [asked, ...covering] : covering;
      const found: string[] = [];
      for (let next = index.mostSpecific(asked); next !== undefined; next = index.wider(next)) found.push(next);
      expect(found).toEqual(expected);
    }));
  });
});
