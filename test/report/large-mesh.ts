/** A mesh of some size as manifests: workloads in namespaces of twenty, each of which calls four others, most of them neighbours. */
export function largeMesh(workloads: number): string {
  const perNamespace = 20;
  const random = randomNumbers(11);
  const place = (workload: number): string => `team-${String(Math.floor(workload / perNamespace)).padStart(2, '0')}`;
  const name = (workload: number): string => `${TIERS[workload % TIERS.length]}-${workload}`;
  const manifests: string[] = [
    '{apiVersion: v1, kind: Namespace, metadata: {name: istio-system}}',
    '{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: default, namespace: istio-system}, spec: {mtls: {mode: STRICT}}}',
  ];
  for (let first = 0; first < workloads; first += perNamespace) {
    manifests.push(`{apiVersion: v1, kind: Namespace, metadata: {name: ${place(first)}, labels: {istio-injection: ${first === 0 ? 'disabled' : 'enabled'}}}}`);
    if (random(4) === 0) {
      manifests.push(`{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: default, namespace: ${place(first)}}, spec: {mtls: {mode: PERMISSIVE}}}`);
    }
  }
  for (let workload = 0; workload < workloads; workload++) {
    const called = new Set<number>();
    while (called.size < 4) {
      const first = workload - workload % perNamespace;
      const other = random(10) < 7 ? first + random(perNamespace) : random(workloads);
      if (other !== workload && other < workloads) called.add(other);
    }
    const env = [...called].map((other, index) => `{name: URL_${index}, value: "http://${name(other)}.${place(other)}"}`);
    const metadata = `{name: ${name(workload)}, namespace: ${place(workload)}}`;
    const labels = `{app: ${name(workload)}}`;
    manifests.push(
      `{apiVersion: apps/v1, kind: Deployment, metadata: ${metadata}, spec: {selector: {matchLabels: ${labels}}, template: {metadata: {labels: ${labels}}, `
      + `spec: {containers: [{name: app, image: app, ports: [{name: http, containerPort: 8080}], env: [${env.join(', ')}]}]}}}}`,
      `{apiVersion: v1, kind: Service, metadata: ${metadata}, spec: {selector: ${labels}, ports: [{name: http, port: 80, targetPort: 8080}]}}`,
    );
  }
  return manifests.join('\n---\n');
}

const TIERS = ['web', 'orders', 'stock', 'billing', 'search', 'mail', 'reports'];

/** Whole numbers below a limit that look random (Park and Miller's generator), the same ones for the same seed. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return limit => {
    state = state * 48_271 % 2_147_483_647;
    return Math.floor(state / 2_147_483_647 * limit);
  };
}
