import { Chart, Testing } from 'cdk8s';
import { MeshStrictMtls, MtlsMode } from 'cdk8s-istio-mtls';
import { expectMode, findingsIn, Rule } from 'cdk8s-istio-mtls/testing';

const app = Testing.app();
const strict = new MeshStrictMtls(new Chart(app, 'mesh'), 'strict');
const rules: Rule[] = [];
console.log(`${findingsIn(app, rules).length} findings`);

// Only compiled. The second is an error, and so proves that types are found and are not `any`.
export function wrong(): void {
  expectMode(app, 'shop/web', 8080).toBe(MtlsMode.STRICT);
  // @ts-expect-error the policy is read-only
  strict.policy = undefined;
}
