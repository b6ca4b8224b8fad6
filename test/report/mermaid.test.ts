import type { Browser } from 'puppeteer-core';
import { startBrowser } from './browser';
import { run } from '../cli/run';
import { drawMermaid } from '../guides/mermaid';

/* What Mermaid makes of the pictures, in a browser as code hosts use it. */

/** Names that Mermaid would take for its own words, for Markdown or for markup. Kubernetes allows few of them, and files hold anything. */
const NAMES = [
  'web', 'end', 'graph', 'subgraph', 'click', 'style', 'default', 'o-web', 'x-web', 'w1', '1.web', '1. web', '- web', 'web_a_b', '*web*', '`web`', '~web~',
  '#web', '#35;web', '"web"', 'web"]', 'web]; evil["x', '%%{init: {"securityLevel": "loose"}}%%', '<b>web</b>', '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>', 'javascript:alert(1)', 'a&amp;b', 'wéb 網', '(web)', '[/web/]', 'a@b', 'www.example.com', 'http://example.com',
];

/** The picture of a server of this name, which a caller without a proxy calls. */
function picture(name: string): string {
  const shop = (kind: string, more: object) => ({ kind, metadata: { name: 'web', namespace: 'shop' }, ...more });
  const pods = (labels: object, container: object) => ({ template: { metadata: { labels }, spec: { containers: [{ name: 'web', ...container }] } } });
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } },
    { apiVersion: 'apps/v1', ...shop('Deployment', { metadata: { name, namespace: 'shop' }, spec: pods({ app: 'web' }, {}) }) },
    { apiVersion: 'v1', ...shop('Service', { spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] } }) },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'batch', namespace: 'shop' },
      spec: pods({ 'sidecar.istio.io/inject': 'false' }, { args: ['http://web.shop:80'] }),
    },
  ];
  const { code, out, err } = run(['report', '--format', 'mermaid', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

let browser: Browser;
let drawn: string[][];
beforeAll(async () => {
  browser = await startBrowser();
  drawn = await drawMermaid(browser, NAMES.map(picture));
}, 60_000); // A browser, on a machine that does other things too.
afterAll(() => browser.close());

it.each(NAMES.map((name, i) => [name, i] as const))('shows the name %j as it is', (name, i) => {
  expect(drawn[i]).toEqual(expect.arrayContaining(['shop', name, 'batch', '🔓 plaintext']));
});

it('does not draw what is no picture', async () => {
  await expect(drawMermaid(browser, [picture('web').replace('"]', ']')])).rejects.toThrow(/Parse error|Lexical error/);
});
