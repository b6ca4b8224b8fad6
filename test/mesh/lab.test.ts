import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { calls } from './build';

function lab(...files: string[]): string {
  return files.map(file => readFileSync(join(__dirname, 'lab', file), 'utf8')).join('\n---\n');
}

/** The three calls of the lab, whose outcomes are known from running it. */
function outcomes(yaml: string): string[] {
  const objects = loadAll(yaml).filter(Boolean);
  const gateway = 'istio-system/istio-ingressgateway';
  return [[gateway, 'web-frontend'], [gateway, 'customers'], ['default/web-frontend', 'customers']].map(([client, host]) => calls(objects, client, host, { openWorld: true }).join());
}

describe('the lab', () => {
  it('works as it is', () => {
    expect(outcomes(lab('app.yaml'))).toEqual([
      'default/web-frontend: plaintext to none: plaintext', 'default/customers-v1: istio-mtls to PERMISSIVE: mtls', 'default/customers-v1: plaintext to PERMISSIVE: plaintext',
    ]);
  });

  it('loses the call from outside the mesh when the namespace becomes STRICT', () => {
    expect(outcomes(lab('app.yaml', 'strict.yaml'))).toEqual([
      'default/web-frontend: plaintext to none: plaintext', 'default/customers-v1: istio-mtls to STRICT: mtls', 'default/customers-v1: plaintext to STRICT: fail',
    ]);
  });

  it('gets it back when the client joins the mesh', () => {
    const joined = lab('app.yaml', 'strict.yaml').replace(', sidecar.istio.io/inject: "false"', '');
    expect(outcomes(joined)).toEqual([
      'default/web-frontend: istio-mtls to STRICT: mtls', 'default/customers-v1: istio-mtls to STRICT: mtls', 'default/customers-v1: istio-mtls to STRICT: mtls',
    ]);
  });
});
