import { Testing } from 'cdk8s';
import { addShop } from './shop';
import { expectConnection, expectMode } from 'cdk8s-istio-mtls/testing';

const app = addShop(Testing.app());

test('the shop calls its customers with mutual TLS', () => {
  expectConnection(app, 'shop/web', 'customers', 80).toBe('mtls');
});

test('only the metrics of customers are open', () => {
  expectMode(app, 'shop/customers', 8080).toBe('STRICT');
  expectMode(app, 'shop/customers', 9090).toBe('PERMISSIVE');
});
