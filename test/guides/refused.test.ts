import { parser as xml } from '@lezer/xml';
import { Block, blocksOf, read } from './blocks';
import { parse } from './grammar';
import { checkJudged } from './manifests';
import { workflowProblems } from './pipelines';
import { checkPromql } from './promql';
import { BLOCKS, runBlock, runnersOf, Tools } from './runners';
import { Ended } from './shell';
import { checkPom } from './xml';

/* What the tests of the guides would not let pass: they are worth as much as what they refuse. */

jest.setTimeout(60_000); // Compilers and shells, on a machine that does other things too.
const tools = new Tools();
afterAll(() => tools.remove());

const block = (language: string, text: string): Block => ({ page: 'page.md', line: 1, language, text, before: '' });

describe('a page', () => {
  it('with a block in a language that nothing runs fails', async () => {
    for (const language of ['', 'ruby', 'bash', 'json']) {
      expect(runnersOf(block(language, 'puts 1\n'))).toEqual([]);
      await expect(runBlock(block(language, 'puts 1\n'), tools)).rejects.toThrow(`page.md, line 1: a block in "${language}" has to be run by one of RUNNERS`);
    }
  });

  it('with YAML or TypeScript that is no file of this repository fails', () => {
    expect(runnersOf(block('yaml', 'kind: Service\n'))).toEqual([]);
    expect(runnersOf(block('ts', 'new App();\n'))).toEqual([]);
  });

  it.each(['  ```sh\n  npm ci\n  ```\n', '```sh\nnpm ci\n', '~~~\nnpm ci\n~~~\n', '```sh title\nnpm ci\n```\n'])('with a fence that is not read fails: %j', text => {
    expect(() => blocksOf('page.md', text)).toThrow(/^page\.md has \d fences for \d blocks/);
  });

  it('with a generated block that is stale fails', async () => {
    const [first] = BLOCKS.filter(({ origin }) => origin?.kind === 'run');
    await expect(runBlock({ ...first, text: first.text.replace('error', 'warning') }, tools)).rejects.toThrow('toBe');
  });
});

describe('a shell block fails', () => {
  let place: string;
  beforeAll(() => { place = tools.shell.workplace(false); });
  const run = (text: string): Ended => tools.shell.run(text, place);

  it.each([
    ['npx cdk8s-istio-mtls chekc manifests/', "unknown command 'chekc'", 2],
    ['npx cdk8s-istio-mtls check --strict manifests/', "unknown option '--strict'", 2],
    ['npx cdk8s-istio-mtls check nowhere/', 'nowhere', 2],
    ['npx cdk8s-istio-mtsl check manifests/', 'could not determine executable to run: cdk8s-istio-mtsl', 3],
    ['kubectl get --all-namespace -o yaml ns', 'unknown flag: --all-namespace of "kubectl get"', 3],
    ['kubectl get -A -o yml ns', 'unable to match a printer suitable for the output format "yml"', 3],
    ['kubectl get -A peerauthenticaton', 'the server doesn\'t have a resource type "peerauthenticaton"', 3],
    ["kubectl get pods -n shop -l app=order -o jsonpath='{.items[0].metadata.name}'", 'array index out of bounds', 3],
    ["kubectl get pods -n shop -o custom-columns='POD.metadata.name'", 'custom-columns are NAME:PATH', 3],
    ['kubectl rollout stat -n shop deployment/web', 'unknown command "rollout stat"', 3],
    ['kubectl rollout status -n shop deployment/wbe', 'Deployment "wbe" not found in namespace shop', 3],
    ['kubectl logs -n shop deployment/web -c istio-prox', 'container istio-prox is not valid', 3],
    ['kubectl delete -n shop peerauthentication strict', 'PeerAuthentication "strict" not found', 3],
    ['kubectl aply -f dist/', 'unknown command "aply" for "kubectl"', 3],
    ['kubectl apply -f nowhere/', 'ENOENT', 3],
    ['istioctl x describe pod web', 'unknown command "x"', 3],
    ['helm template nowhere', 'Chart.yaml file is missing in nowhere', 3],
    ['kustomize build overlays/test', 'unable to find a kustomization.yaml', 3],
    ['npm install cdk8s-istio-mtsl', '404: cdk8s-istio-mtsl is no package of ours', 3],
    ['npm install --dev cdk8s', 'unknown flag: --dev', 3],
    ['npm run bnech', 'Missing script: "bnech"', 3],
    ['npm run gen -- --chekc', 'npm run gen knows no option --chekc', 3],
    ['npm run cases -- test/cases/nothing.jsonl', 'there is no test/cases/nothing.jsonl', 3],
    ['gh api repos/owner/name/pulls/1', 'Not Found', 3],
    ['pip install cdk8s-istio-mtls', 'pip: command not found', 127],
    ['helm template nowhere | npx cdk8s-istio-mtls report --out report.html -', 'Chart.yaml file is missing', 3],
  ])('%s', (text, said, code) => {
    const ended = run(text);
    expect(ended.err).toContain(said);
    expect(ended.code).toBe(code);
  });

  it('where it leaves what the app does not write any more', () => {
    const [deleting] = BLOCKS.filter(({ text }) => /^kubectl delete -n default destinationrule/m.test(text));
    const { run: runShell } = runnersOf(deleting)[0];
    expect(() => runShell({ ...deleting, text: deleting.text.replace(/^kubectl delete -n default destinationrule default\n/m, '') }, tools)).toThrow('DestinationRule default/default');
  });
});

it.each([
  ['sum by (reporter) (rate(istio_request_total[10m]))'],
  ['sum by (workload) (rate(istio_requests_total[10m]))'],
  ['sum(rate(istio_requests_total{reporter="client"}[10m]))'],
  ['sum(rate(istio_requests_total{connection_security_policy="mtls"}[10m]))'],
  ['sum by reporter (rate(istio_requests_total[10m]))'],
  ['sum(rates(istio_requests_total[10m]))'],
])('the query %s fails', query => {
  expect(() => checkPromql(query)).toThrow();
});

it('a pom.xml fails that is not well-formed, or has another version', () => {
  const pom = read('test/consumers/java/pom.xml');
  expect(() => checkPom(pom)).not.toThrow();
  expect(() => parse(xml, pom.replace('</dependencies>', '</dependency>'))).toThrow(/cannot be parsed/);
  expect(() => checkPom(pom.replace('<version>2.68.12</version>', '<version>2.68.11</version>'))).toThrow('2.68.11');
});

it('a workflow fails that GitHub would not take', () => {
  const workflow = read('ci/github-workflow.yml');
  expect(workflowProblems(workflow)).toEqual([]);
  expect(workflowProblems(workflow.replace('runs-on', 'run-on')).join('\n')).toContain("Unexpected value 'run-on'");
});

it('manifests fail whose findings the page does not name', () => {
  const [shop] = BLOCKS.filter(({ origin }) => origin?.argument === 'docs/guide/check/shop.yaml');
  expect(() => checkJudged(shop)).not.toThrow();
  expect(() => checkJudged({ ...shop, text: shop.text.replace('spec:\n  selector: {matchLabels: {app: orders}}\n  mtls', 'spec:\n  portLevelMtls: {"8080": {mode: STRICT}}\n  mtls') })).toThrow('MTLS101');
});
