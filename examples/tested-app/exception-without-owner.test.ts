import { Testing } from 'cdk8s';
import { exceptionWithoutOwner } from './exception-without-owner';
import { addShop } from './shop';
import { findingsIn, testRule } from 'cdk8s-istio-mtls/testing';

testRule(exceptionWithoutOwner, {
  valid: [{ name: 'the exception names its owner', yaml: exceptionWithoutOwner.examples.fixed }],
  invalid: [{
    name: 'the exception has a reason alone',
    yaml: exceptionWithoutOwner.examples.invalid,
    findings: [{ object: 'PeerAuthentication shop/metrics', what: 'the exception names no owner' }],
  }],
});

test('the shop keeps the rule', () => {
  expect(findingsIn(addShop(Testing.app()), [exceptionWithoutOwner])).toEqual([]);
});
