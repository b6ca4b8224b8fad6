import { cpSync, mkdirSync } from 'fs';
import { join } from 'path';
import { checkRefused, checkShop, FOLDER, must, pacmak, run } from './steps';
import { ROOT } from '../rule-files';

const MODULE = 'github.com/cdk8s-istio-mtls/cdk8s-istio-mtls-go/cdk8sistiomtls';
const CDK8S = 'github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2';

/** What jsii's runtime for Go prints now and then when it ends: two of its goroutines wait for one process. */
const RUNTIME_NOISE = /Runtime process exited abnormally: waitid: no child processes/g;

/** Builds the module and an app, which finds the module through `replace`. */
export function go(folder: string, step: (text: string) => void): void {
  step('generating the module');
  const generated = pacmak('go', join(folder, 'built'), { codeOnly: true });
  // The module of cdk8s is generated from the npm package of the same version, as its authors do: proxies do not have every version of it.
  pacmak('go', join(folder, 'built'), { of: join(ROOT, 'node_modules/cdk8s'), codeOnly: true });

  step('building the module and an app with go build');
  const cwd = join(folder, 'app');
  cpSync(join(FOLDER, 'go'), cwd, { recursive: true });
  const env = { GOFLAGS: '-mod=mod', GOWORK: 'off' };
  must('go', ['mod', 'edit', `-replace=${MODULE}=${join(generated, 'cdk8sistiomtls')}`, `-replace=${CDK8S}=${join(generated, 'cdk8s')}`], { cwd, env });
  must('go', ['mod', 'tidy'], { cwd, env });
  mkdirSync(join(folder, 'bin'));
  must('go', ['build', '-o', join(folder, 'bin/'), MODULE, './...'], { cwd, env });
  must('go', ['vet', './...'], { cwd, env });

  step('running the apps');
  const program = (name: string) => {
    const place = join(folder, name);
    mkdirSync(place);
    const ran = run(join(folder, 'bin', name), [], { cwd: place });
    // The text of a panic has a tab before every line but the first.
    return { place, ran: { ...ran, err: ran.err.replace(RUNTIME_NOISE, '').replace(/^\t/gm, '') } };
  };
  const { place, ran } = program('shop');
  checkShop(place, ran);
  checkRefused('panic: Error: ', program('refused').ran);
}
