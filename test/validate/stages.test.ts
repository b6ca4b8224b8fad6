import { readdirSync } from 'fs';
import { ApiObject, App, Chart } from 'cdk8s';
import { IstioMesh, IstioMeshProps, MtlsRollout, MtlsRolloutProps, RolloutStage } from '../../src/constructs';
import { MtlsValidation } from '../../src/validate';
import { deployment, Fields, namespace, policy, rule, service } from '../mesh/build';
import { temporaryFolder } from '../temporary-folder';

const calls = (host: string): Fields => ({ containers: [{ name: 'app', env: [{ name: 'TARGET', value: `http://${host}` }] }] });

/** `jobs/cron`, which is not in the mesh, calls `shop/web`, which is. */
const WORLD = [
  namespace('jobs', {}), deployment('jobs/cron', {}, { spec: calls('web.shop') }),
  namespace('shop'), deployment('shop/web'), service('shop/web'),
];

/** An app with a rollout and some objects. */
function app(props: MtlsRolloutProps, objects: readonly Fields[] = WORLD, facts: IstioMeshProps = {}): App {
  const made = new App({ outdir: temporaryFolder('synth') });
  const world = new Chart(made, 'world');
  objects.forEach((object, i) => new ApiObject(world, `object-${i}`, object as any));
  const mesh = new Chart(made, 'mesh');
  new IstioMesh(mesh, 'facts', facts);
  new MtlsRollout(mesh, 'rollout', props);
  return made;
}

/** What reaches stderr while an app is synthesized, and the error in which that ends. */
function synth(made: App, times = 1): { stderr: string; error: string } {
  const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  let error = '';
  try {
    for (let i = 0; i < times; i++) made.synth();
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  const stderr = write.mock.calls.map(call => String(call[0])).join('');
  write.mockRestore();
  return { stderr, error };
}

const { ONBOARD, NAMESPACES, MESH } = RolloutStage;

describe('what blocks the next stage', () => {
  it('is printed once, as a warning with the step as its condition', () => {
    const { stderr, error } = synth(app({ stage: ONBOARD, strictNamespaces: ['shop'] }), 2);
    expect(error).toBe('');
    expect(stderr).toMatch(/^warning MTLS206 client-without-proxy-to-strict-server\n    at    mesh\/rollout  \(PeerAuthentication shop\/default, spec.mtls.mode\)\n/);
    expect(stderr).toContain('\n    see   jobs/cron -> web.shop.svc.cluster.local:80\n');
    expect(stderr).toContain('\n    if    the stage of mesh/rollout becomes NAMESPACES\n');
    expect(stderr.match(/^warning/gm)).toHaveLength(1);
  });

  it('does not fail the synth where warnings do', () => {
    const made = app({ stage: ONBOARD, strictNamespaces: ['shop'] });
    MtlsValidation.install(made, { strict: true });
    expect(synth(made)).toEqual({ error: '', stderr: expect.stringContaining('warning MTLS206') });
  });

  it('is nothing where the stage breaks nothing', () => {
    expect(synth(app({ stage: ONBOARD, strictNamespaces: ['jobs'] }))).toEqual({ error: '', stderr: '' });
  });

  it('is what the mesh breaks, where no namespaces are named', () => {
    expect(synth(app({ stage: ONBOARD })).stderr).toContain('if    the stage of mesh/rollout becomes MESH\n');
  });

  it('keeps the namespaces that stay PERMISSIVE', () => {
    const at = (props: Partial<MtlsRolloutProps>) => synth(app({ stage: NAMESPACES, strictNamespaces: ['jobs'], ...props }));
    expect(at({})).toEqual({ error: '', stderr: expect.stringContaining('if    the stage of mesh/rollout becomes MESH\n') });
    expect(at({ permissiveNamespaces: [{ namespace: 'shop', reason: 'cron has no sidecar' }] })).toEqual({ error: '', stderr: '' });
  });

  it('is nothing after the last stage', () => {
    expect(synth(app({ stage: MESH }, [namespace('shop'), deployment('shop/web'), service('shop/web')]))).toEqual({ error: '', stderr: '' });
  });

  it('where auto mTLS is off, is what the rules of the stage break as well', () => {
    const world = [namespace('shop'), deployment('shop/web', {}, { spec: calls('db.data') }), namespace('data', {}), deployment('data/db'), service('data/db')];
    const { stderr, error } = synth(app({ stage: NAMESPACES, strictNamespaces: ['shop'] }, world, { autoMtls: false }));
    expect(error).toBe('');
    expect(stderr).toMatch(/^warning MTLS202 istio-mutual-to-workload-without-proxy\n    at    mesh\/rollout  \(DestinationRule istio-system\/default, spec.trafficPolicy.tls.mode\)\n/);
    expect(stderr).toContain('see   shop/web -> db.data.svc.cluster.local:80\n');
    expect(stderr.match(/^warning/gm)).toHaveLength(1);
  });

  it('is also what is wrong in that stage without a call that is known', () => {
    // In ambient a policy that sets only ports and inherits STRICT is lost: the exception would not be there.
    const world = [namespace('shop', { 'istio.io/dataplane-mode': 'ambient' }), deployment('shop/web'), service('shop/web'), policy('shop/metrics', undefined, 'web', { 8080: 'DISABLE' })];
    const { stderr, error } = synth(app({ stage: ONBOARD, strictNamespaces: ['shop'] }, world));
    expect(error).toBe('');
    expect(stderr).toMatch(/^warning MTLS402 port-exception-lost-in-ambient\n/);
    expect(stderr).toContain('\n    if    the stage of mesh/rollout becomes NAMESPACES\n');
    expect(synth(app({ stage: NAMESPACES, strictNamespaces: ['shop'] }, world)).error).toContain('error MTLS402');
  });

  it('is not what is known and accepted', () => {
    const made = app({ stage: ONBOARD, strictNamespaces: ['shop'] });
    MtlsValidation.of(made).acknowledge('MTLS206', { reason: 'cron is switched off before' });
    expect(synth(made).stderr).not.toContain('MTLS206 client');
  });
});

describe('a stage that breaks a known call', () => {
  it('does not synthesize, and is named', () => {
    const made = app({ stage: NAMESPACES, strictNamespaces: ['shop'] });
    const { stderr, error } = synth(made);
    expect(error).toContain('[mtls-validation] mesh/rollout (MtlsRollout): stage NAMESPACES breaks calls that work in stage ONBOARD (MTLS206): cure what the errors say before\n');
    expect(error).toContain('see   jobs/cron -> web.shop.svc.cluster.local:80\n');
    expect(readdirSync(made.outdir)).toEqual([]);
    // What the stage after it would break is said when this one can go out.
    expect(stderr).toBe('');
  });

  it('is the mesh, if no namespace is named', () => {
    expect(synth(app({ stage: MESH })).error).toContain('stage MESH breaks calls that work in stage ONBOARD (MTLS206): cure what the errors say before\n');
  });

  it('is refused also where the rule that sends plaintext is not part of the app', () => {
    const world = [namespace('shop'), deployment('shop/web'), service('shop/web'), namespace('jobs'), deployment('jobs/cron', {}, { spec: calls('web.shop') })];
    const context = [rule('shop/open', 'web.shop.svc.cluster.local', 'DISABLE')];
    const at = (stage: RolloutStage) => app({ stage, strictNamespaces: ['shop'] }, world, { context });
    expect(synth(at(ONBOARD)).stderr).toContain('warning MTLS201');
    const { error } = synth(at(NAMESPACES));
    expect(error).toContain('stage NAMESPACES breaks calls that work in stage ONBOARD (MTLS201): cure what the errors say before\n');
    expect(error).toContain('at    context[0]  (DestinationRule shop/open, spec.trafficPolicy.tls.mode)\n      see   mesh/rollout  (');
    expect(error).toContain('see   jobs/cron -> web.shop.svc.cluster.local:80\n');
    expect(MtlsValidation.check(at(NAMESPACES)).map(({ code, severity }) => [code, severity])).toEqual([['MTLS201', 'error']]);
    const accepted = at(NAMESPACES);
    MtlsValidation.of(accepted).acknowledge('MTLS201', { reason: 'the rule goes at the same time' });
    expect(synth(accepted).error).toBe('');
  });

  it('names no stage where the calls fail in the first one as well', () => {
    const world = [namespace('shop'), deployment('shop/web', {}, { spec: calls('db.data') }), namespace('data', {}), deployment('data/db'), service('data/db')];
    const { error } = synth(app({ stage: NAMESPACES, strictNamespaces: ['shop'] }, [...world, rule('data/db', 'db.data.svc.cluster.local', 'ISTIO_MUTUAL')]));
    expect(error).toContain('error MTLS202');
    expect(error).not.toContain('stage');
  });

  it('names no stage where the error is not about calls', () => {
    const { error } = synth(app({ stage: NAMESPACES, strictNamespaces: ['shop'] }, [namespace('shop'), policy('shop/other', 'STRICT')]));
    expect(error).toContain('MTLS103');
    expect(error).not.toContain('stage NAMESPACES');
  });
});
