import * as fc from 'fast-check';
import { WORKLOAD_SELECTOR } from '../../src/schema/common';
import { Shape } from '../../src/schema/notation';
import { isSound } from '../../src/schema/structural';

const labels = WORKLOAD_SELECTOR.fields.get('matchLabels')!;
const slow: Shape = Object.assign(Object.create(Shape.prototype), labels, { usual: undefined });

test('the quick test of labels holds only where the slow ones do, and for whatever is healthy in small', () => {
  const key = fc.oneof(fc.constantFrom('app', 'version', 'app.kubernetes.io/name', '', '*', 'a*', 'constructor', '__proto__'), fc.string({ maxLength: 5 }));
  const value = fc.oneof(
    fc.constantFrom<unknown>('', 'web', 'w*b', 'x'.repeat(63), 'x'.repeat(64), '\u{1f600}'.repeat(40), 1, null, undefined, {}, []),
    fc.string({ maxLength: 70 }),
  );
  let usual = 0;
  fc.assert(fc.property(fc.oneof(fc.dictionary(key, value, { maxKeys: 4 }), value), given => {
    expect(isSound(labels, given)).toBe(isSound(slow, given));
    usual += labels.usual!(given) ? 1 : 0;
  }), { numRuns: 2000 });
  expect(usual).toBeGreaterThan(50);
});
