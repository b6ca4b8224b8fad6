import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { calls } from './build';
import { collectApp } from '../../src/collect/app';
import { examples, synthesize } from '../../tools/examples';
import { temporaryFolder } from '../temporary-folder';

function lab(...files: string[]): string {
  return files.map(file => readFileSync(join(__dirname, 'lab', file), 'utf8')).join('\n---\n');
}

/** The three calls of the lab, whose outcomes are known from running it. */
function outcomes(yaml: string): string[] {
  return outcomesOf(loadAll(yaml).filter(Boolean));
}

function outcomesOf(objects: readonly unknown[]): string[] {
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

  it('is the same when it is written with cdk8s-plus, read from the app itself', () => {
    const synth = jest.spyOn(App.prototype, 'synth');
    const { error, yaml } = synthesize(examples().find(example => example.name === 'lab')!, join(temporaryFolder('lab'), 'dist'));
    const [app] = synth.mock.instances as unknown as App[];
    expect(error).toBeUndefined();
    const objects = collectApp(app, { isRead: () => true }).objects.map(object => object.body);
    const strict = loadAll(lab('strict.yaml'));
    for (const more of [[], strict]) {
      expect(outcomesOf([...objects, ...more])).toEqual(outcomes(lab('app.yaml', ...more.length > 0 ? ['strict.yaml'] : [])));
      expect(outcomesOf([...loadAll(yaml), ...more])).toEqual(outcomesOf([...objects, ...more]));
    }
  });

  it.each([
    ['lab/joined', ['istio-mtls to STRICT: mtls', 'istio-mtls to STRICT: mtls', 'istio-mtls to STRICT: mtls']],
    ['lab/exception', ['plaintext to none: plaintext', 'istio-mtls to PERMISSIVE: mtls', 'plaintext to PERMISSIVE: plaintext']],
  ])('works again in the example %s', (name, expected) => {
    const yaml = readFileSync(join(__dirname, '../../examples', name, 'expected.k8s.yaml'), 'utf8');
    expect(outcomes(yaml).map(one => one.slice(one.indexOf(':') + 2))).toEqual(expected);
  });
});
