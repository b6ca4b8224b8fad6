import { caller, destinationRule, namespace, pod, service, strict, world } from '../../../src/rules/examples';
import { Severity } from '../../../src/rules/finding';
import { rule } from '../../../src/rules/mtls201-plaintext-client-to-strict-server';
import { findingsOf } from '../../../src/testing/test-rule';

const DISABLE = destinationRule('shop', 'customers', '{host: customers.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}');
const shop = (host: string, ...more: readonly string[]): string =>
  world(caller('shop', 'web', host), pod('shop', 'customers'), service('shop', 'customers'), DISABLE, ...more);

const told = (yaml: string, settings = {}) => findingsOf(rule, yaml, { settings }).map(({ severity, condition }) => [severity, condition]);

describe('a fault between workloads whose Namespace is not in the input', () => {
  const condition = 'namespace shop, which is not in the input, gives its pods sidecars';

  it('is a warning with the condition, where the call is shown to be made', () => {
    expect(told(shop('customers', strict('shop')))).toEqual([[Severity.WARNING, condition]]);
  });

  it('is worth knowing where nobody is shown to call', () => {
    expect(told(shop('nobody', strict('shop')))).toEqual([[Severity.INFO, condition]]);
  });

  it('is worth knowing where only the policy of the mesh would make it one: who writes DISABLE may know that the server is outside', () => {
    expect(told(shop('customers', strict('istio-system')))).toEqual([[Severity.INFO, condition]]);
  });

  it('is an error where the Namespace is there, and none in a closed world without it', () => {
    expect(told(shop('customers', strict('shop'), namespace('shop')))).toEqual([[Severity.ERROR, undefined]]);
    expect(told(shop('customers', strict('shop')), { openWorld: false })).toEqual([]);
  });

  it('names all Namespaces that it hangs on', () => {
    const yaml = world(caller('front', 'web', 'customers.shop'), pod('shop', 'customers'), service('shop', 'customers'), DISABLE, strict('shop'));
    expect(told(yaml)).toEqual([[Severity.WARNING, 'namespaces front, shop, which are not in the input, give their pods sidecars']]);
    expect(told(world(yaml, namespace('front')))).toEqual([[Severity.WARNING, condition]]);
  });

  it('follows the revision of the mesh', () => {
    expect(told(shop('customers', strict('shop')), { revision: 'canary' })).toEqual([[Severity.WARNING, condition]]);
  });
});
