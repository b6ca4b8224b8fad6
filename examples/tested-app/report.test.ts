import { mkdtempSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Testing } from 'cdk8s';
import { AcceptedMode, CallOutcome, MtlsReport } from 'cdk8s-istio-mtls';
import { addShop } from './shop';

const report = MtlsReport.of(addShop(Testing.app()));

test('the shop calls its customers with mutual TLS', () => {
  report.expectConnection('shop/web', 'customers', 80, CallOutcome.MTLS);
  report.expectMode('shop/customers', 9090, AcceptedMode.PERMISSIVE);
});

test('the policy of the mesh decides it', () => {
  const { outcome, serverMode, because } = report.connection('shop/web', 'customers', 80);
  expect([outcome, serverMode]).toEqual([CallOutcome.MTLS, AcceptedMode.STRICT]);
  expect(because).toContain('PeerAuthentication istio-system/default (mesh/strict/Resource), spec.mtls.mode: the whole mesh is STRICT');
});

test('the picture can be kept with the build', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'shop-')), 'report.html');
  report.write(file);
  expect(readFileSync(file, 'utf8')).toContain('<h1>Mutual TLS of the mesh</h1>');
});
