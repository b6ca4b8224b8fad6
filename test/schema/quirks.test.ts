import { QUIRKS } from './quirks';
import { acceptance } from '../../src/schema';

describe('the CRD and the webhook refuse exactly what Istio\'s refuse', () => {
  it.each(['nobody', 'crd', 'webhook', 'both'] as const)('refused by %s', who => {
    const quirks = QUIRKS.filter(({ refusedBy: expected }) => expected === who);
    expect(quirks.length).toBeGreaterThan(10);
    const others = quirks.filter(({ object }) => refusedBy(object) !== who).map(({ name, object }) => `${name}: ${refusedBy(object)}`);
    expect(others).toEqual([]);
  });
});

function refusedBy(object: object): string {
  const sources = new Set(acceptance(object)?.rejections.map(({ source }) => source));
  if (sources.size === 2) return 'both';
  return [...sources][0] ?? 'nobody';
}
