import { expectConnection, MeshUnderTest } from 'cdk8s-istio-mtls/testing';

const namespaces = `
  apiVersion: v1
  kind: Namespace
  metadata: {name: shop, labels: {istio-injection: enabled}}
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: legacy}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: batch, namespace: legacy}
  spec: {template: {metadata: {labels: {app: batch}}, spec: {containers: [{name: batch}]}}}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: orders, namespace: shop}
  spec: {template: {metadata: {labels: {app: orders}}, spec: {containers: [{name: orders}]}}}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: orders, namespace: shop}
  spec: {selector: {app: orders}, ports: [{name: http, port: 80, targetPort: 8080}]}
`;

test('the batch job needs an exception before the mesh becomes STRICT', () => {
  const mesh = MeshUnderTest.ofYaml(`${namespaces}
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: default, namespace: istio-system}
  spec: {mtls: {mode: STRICT}}
  `);
  expectConnection(mesh, 'legacy/batch', 'orders.shop', 80).toBe('fail');
});

test('it is served without one as long as nothing is STRICT', () => {
  const mesh = MeshUnderTest.ofYaml(namespaces, { settings: { autoMtls: false } });
  expectConnection(mesh, 'legacy/batch', 'orders.shop', 80).toWork();
});
