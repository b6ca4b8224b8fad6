/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { pathToFileURL } from 'url';
import { AxeResults } from 'axe-core';
import { BoundingBox, Browser, Page } from 'puppeteer-core';
import { startBrowser } from './browser';
import { largeMesh } from './large-mesh';
import { run } from '../cli/run';

/*
 * The page of the report in a real browser, opened from disk. Whatever a page
 * writes to the console, throws or asks a network for fails its test.
 */

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'page-')));
let browser: Browser;
let page: Page;
let complaints: string[] = [];

jest.setTimeout(60_000);

beforeAll(async () => { browser = await startBrowser(); });
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  complaints = [];
  page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 1000 });
  page.on('console', message => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', error => complaints.push(`error: ${String(error)}`));
  page.on('request', request => { if (!request.url().startsWith('file:')) complaints.push(`request: ${request.url()}`); });
  page.on('dialog', dialog => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

/** Writes a report and opens it; `hash` is what was chosen. */
async function open(args: readonly string[], stdin = '', hash = ''): Promise<void> {
  const file = join(folder, `report-${String(files++)}.html`);
  expect(run(['report', '--out', file, ...args], stdin)).toEqual({ code: 0, out: '', err: '' });
  await page.goto(pathToFileURL(file).href + hash);
}
let files = 0;

/** What is drawn can be focused too, which the browser's own `focus` does not know. */
const focus = (selector: string): Promise<void> => page.$eval(selector, element => (element as unknown as SVGElement).focus());

/** Clicks, and lets the page follow the address that this gives it. */
async function click(selector: string): Promise<void> {
  await page.click(selector);
  await settled();
}
const settled = (): Promise<void> => page.evaluate(() => new Promise<void>(resolve => { requestAnimationFrame(() => setTimeout(resolve)); }));

const openLab = (hash = ''): Promise<void> => open(['test/mesh/lab'], '', hash);
const text = (selector: string): Promise<string> => page.$eval(selector, element => (element as HTMLElement).innerText.replace(/\s+/g, ' ').trim());
/** The lines of the graph that are shown, as their titles say. */
const lines = (): Promise<string[]> => page.$$eval('.edge[data-edge]', edges => edges.filter(edge => getComputedStyle(edge).visibility !== 'hidden')
  .map(edge => edge.querySelector('title')!.textContent!).sort());
const rows = (table: string): Promise<string[]> => page.$$eval(`#${table} tbody`, bodies => bodies.flatMap(body =>
  body.hidden ? [] : [...body.rows].filter(row => !row.hidden).map(row => row.innerText.replace(/\s+/g, ' ').trim())));

const BROKEN = 'default/web-frontend → default/customers-v1: broken';

describe('the page of the lab', () => {
  it('shows the mesh, the broken call in red with its sign, and what the tables say', async () => {
    await openLab();
    expect(await text('#mesh')).toContain('Mode of the mesh PERMISSIVE no PeerAuthentication sets a mode, and Istio\'s default is PERMISSIVE');
    expect(await lines()).toEqual([
      BROKEN, 'istio-system/istio-ingressgateway → default/customers-v1: mTLS', 'istio-system/istio-ingressgateway → default/web-frontend: plaintext',
    ]);
    const broken = await page.$eval('.edge.fail', edge => ({
      colour: getComputedStyle(edge.querySelector('.line')!).stroke, sign: edge.querySelector('use')!.getAttribute('href'),
    }));
    expect(broken).toEqual({ colour: 'rgb(217, 38, 53)', sign: '#broken' });
    expect(await page.$eval('.edge.good use', use => use.getAttribute('href'))).toBe('#lock-closed');
    expect(await page.$eval('.edge.open use', use => use.getAttribute('href'))).toBe('#lock-open');
    expect(await rows('namespaces')).toEqual([
      'default STRICT STRICT its own sidecar 1 sidecar, 1 no proxy PeerAuthentication default/default, spec.mtls.mode: namespace default is STRICT MTLS206',
      'istio-system none no proxy policies say PERMISSIVE Istio\'s default no proxy 1 sidecar no PeerAuthentication sets a mode, and Istio\'s default is PERMISSIVE',
    ]);
    expect((await rows('workloads'))[0]).toBe(
      'default/customers-v1 Deployment, sidecar 3000 (customers:80), all others STRICT PeerAuthentication default/default, spec.mtls.mode: namespace default is STRICT MTLS206');
    expect(await text('#findings')).toContain('MTLS206 client-without-proxy-to-strict-server');
  });

  it('shows what decides a call on click, and leads to the finding and back', async () => {
    await openLab();
    await click('.edge.fail .mark');
    const details = await text('#details');
    expect(details).toContain('broken the call fails');
    expect(details).toContain('sends plaintext accepts STRICT (only mTLS) on workload port 3000');
    expect(details).toContain('PeerAuthentication default/default, spec.mtls.mode the server takes only mTLS: namespace default is STRICT');
    expect(details).toContain('test/mesh/lab/strict.yaml:4');
    expect(details).toContain('Known because Deployment default/web-frontend');
    await click('#details a[href="#finding-1"]');
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('finding-1');
    await click('#finding-1 a[href="#call-1"]');
    expect(await text('#details')).toContain('broken the call fails');
    await click('#finding-1 a[href="#workload-2"]');
    expect(await text('#details h3')).toBe('default/web-frontend');
    await click('#namespaces a[href="#namespace-1"]');
    expect(await text('#details h3')).toBe('Namespace default');
  });

  it('forgets what was chosen on a click beside it, and stays where it is', async () => {
    await page.setViewport({ width: 1440, height: 600 });
    await openLab('#call-1');
    await page.evaluate(() => document.getElementById('graph')!.scrollIntoView());
    const before = await page.evaluate(() => window.scrollY);
    const { x, y } = (await (await page.$('#graph'))!.boundingBox())!;
    await page.mouse.click(x + 5, y + 5);
    await settled();
    expect(await text('#details')).toContain('1 broken call');
    expect(await page.$$('.edge.on')).toEqual([]);
    expect(before).toBeGreaterThan(0);
    expect(await page.evaluate(() => [window.scrollY, location.hash])).toEqual([before, '']);
    await page.goBack();
    await settled();
    expect(await text('#details')).toContain('broken the call fails');
  });

  it('opens at what its address names', async () => {
    await openLab('#call-1');
    expect(await text('#details')).toContain('broken the call fails');
    expect(await page.$$eval('.edge.on', edges => edges.map(edge => edge.querySelector('title')!.textContent))).toEqual([BROKEN]);
  });

  it('can be used without a mouse', async () => {
    await openLab();
    await page.focus('#zoom-fit');
    await page.keyboard.down('Shift');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.up('Shift');
    const at = (): Promise<string | null> => page.evaluate(() => document.activeElement!.querySelector('title')?.textContent ?? null);
    const first = await at();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    expect(await at()).not.toBeNull();
    const seen = new Set([first]);
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft'] as const) {
      await page.keyboard.press(key);
      seen.add(await at());
    }
    expect([...seen].sort()).toEqual([
      'default/customers-v1, STRICT, sidecar, 1 finding', 'default/web-frontend, no proxy, 1 finding', 'istio-system/istio-ingressgateway, Gateway, sidecar',
    ]);
    await page.keyboard.press('Enter');
    await settled();
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('details');
    expect(await text('#details h3')).toMatch(/^(default|istio-system)\//);
    await page.keyboard.press('Escape');
    expect(await at()).not.toBeNull();
    // The table says the same, and its links do too.
    await page.focus('#calls-fold summary');
    await page.keyboard.press('Enter');
    expect(await rows('calls')).toHaveLength(3);
    await page.focus('#calls a[href="#call-1"]');
    await page.keyboard.press('Enter');
    await settled();
    expect(await text('#details')).toContain('broken the call fails');
  });

  it('filters by outcome, namespace and search', async () => {
    await openLab();
    await click('[data-outcome="mtls"]');
    await click('[data-outcome="plaintext"]');
    expect(await lines()).toEqual([BROKEN]);
    expect(await page.$eval('[data-outcome="mtls"]', chip => chip.getAttribute('aria-pressed'))).toBe('false');
    expect(await text('#shown')).toBe('1 of 3 calls');
    await click('#reset');
    expect(await lines()).toHaveLength(3);
    // A line that is not shown cannot be hit either.
    const { x, y, width, height } = (await (await page.$('.edge.good .hit'))!.boundingBox())!;
    const hit = (): Promise<boolean> => page.evaluate((left, top, wide, tall) => Array.from({ length: 400 }, (_, index) =>
      document.elementFromPoint(left + wide * (index % 20 + 0.5) / 20, top + tall * (Math.floor(index / 20) + 0.5) / 20))
      .some(element => element?.closest('.edge.good') != null), x, y, width, height);
    expect(await hit()).toBe(true);
    await click('[data-outcome="mtls"]');
    expect(await hit()).toBe(false);
    await click('#reset');
    await page.select('#namespace', 'istio-system');
    expect(await lines()).toEqual(['istio-system/istio-ingressgateway → default/customers-v1: mTLS', 'istio-system/istio-ingressgateway → default/web-frontend: plaintext']);
    expect(await rows('workloads')).toHaveLength(1);
    await click('#reset');
    await page.type('#search', 'customers');
    expect(await lines()).toEqual([BROKEN, 'istio-system/istio-ingressgateway → default/customers-v1: mTLS']);
    expect((await rows('workloads')).map(row => row.split(' ')[0])).toEqual(['default/customers-v1']);
  });

  it('is dark where the reader wants it dark, and light on paper', async () => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await openLab();
    const paper = (): Promise<string> => page.$eval('body', body => getComputedStyle(body).backgroundColor);
    expect(await paper()).toBe('rgb(15, 19, 23)');
    await page.emulateMediaType('print');
    expect(await paper()).toBe('rgb(255, 255, 255)');
  });

  it('prints the graph and every table, without what only a screen has', async () => {
    // As wide as A4.
    await page.setViewport({ width: 794, height: 1123 });
    await openLab('#call-1');
    await page.emulateMediaType('print');
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    const shown = (selector: string): Promise<boolean> => page.$eval(selector, element => element.getClientRects().length > 0);
    expect(await Promise.all(['#graph', '#calls', '#namespaces', '#workloads', '#findings', '#legend'].map(shown))).toEqual(Array(6).fill(true));
    expect(await Promise.all(['#details', '#search', '#zoom-in', 'nav'].map(shown))).toEqual(Array(4).fill(false));
    const wide = await page.evaluate(() => [...document.querySelectorAll('table')].map(table => table.scrollWidth <= document.body.clientWidth));
    expect(wide).toEqual([true, true, true]);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
  });

  it.each(['light', 'dark'])('has nothing that axe calls an obstacle, in the %s scheme', async scheme => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await openLab('#call-1');
    await page.evaluate(() => { (document.getElementById('calls-fold') as HTMLDetailsElement).open = true; });
    // Into the world of the browser's tools, where the page's own policy does not hold.
    const violations = await page.evaluate(`(() => { ${AXE}; return axe.run(); })()`) as AxeResults;
    expect(violations.violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ').slice(0, 300)}`)).toEqual([]);
  });

  it('fits a small screen', async () => {
    await page.setViewport({ width: 390, height: 800 });
    await openLab('#call-1');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});

describe('the graph', () => {
  const transform = (): Promise<string> => page.$eval('#graph > g', group => group.getAttribute('transform')!);
  const scale = async (): Promise<number> => Number(/scale\((.*)\)/.exec(await transform())![1]);
  const rectangle = async (selector: string): Promise<BoundingBox> => (await (await page.$(selector))!.boundingBox())!;
  const middle = async (selector: string): Promise<{ x: number; y: number }> => {
    const { x, y, width, height } = await rectangle(selector);
    return { x: x + width / 2, y: y + height / 2 };
  };
  /** Where no workload and no line is. */
  const corner = async (): Promise<{ x: number; y: number }> => {
    const { x, y, width, height } = await rectangle('#graph');
    return { x: x + width - 20, y: y + height - 20 };
  };
  const drag = async (from: { x: number; y: number }, dx: number, dy: number): Promise<void> => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + dx, from.y + dy, { steps: 4 });
    await page.mouse.up();
    await settled();
  };
  const wheel = async (at: { x: number; y: number }, deltaY: number, key?: 'Control' | 'Meta'): Promise<void> => {
    await page.mouse.move(at.x, at.y);
    if (key !== undefined) await page.keyboard.down(key);
    await page.mouse.wheel({ deltaY });
    await settled();
    if (key !== undefined) await page.keyboard.up(key);
  };

  it('is moved by dragging, which chooses nothing, wherever it begins', async () => {
    await openLab();
    for (const from of [await corner(), await middle('.node.bare'), await middle('.edge.fail .mark')]) {
      const before = await transform();
      const size = await scale();
      await drag(from, 60, -30);
      expect(await transform()).not.toBe(before);
      expect(await scale()).toBe(size);
    }
    expect(await page.evaluate(() => location.hash)).toBe('');
    expect(await text('#details')).toContain('1 broken call');
    await click('.edge.fail .mark');
    expect(await page.evaluate(() => location.hash)).toBe('#call-1');
    await drag(await corner(), -40, -20);
    expect(await page.evaluate(() => location.hash)).toBe('#call-1');
  });

  it('follows the pointer as far as it is dragged', async () => {
    await openLab();
    const before = await middle('.node.bare');
    await drag(before, 50, -20);
    const after = await middle('.node.bare');
    expect([after.x - before.x, after.y - before.y].map(Math.round)).toEqual([50, -20]);
  });

  it('zooms with the wheel only where Ctrl or the command key is held, around the pointer; else the page scrolls', async () => {
    await page.setViewport({ width: 1440, height: 600 });
    await openLab();
    const before = await transform();
    await wheel(await middle('#graph'), 40);
    await page.waitForFunction(() => window.scrollY > 0);
    expect(await transform()).toBe(before);
    for (const key of ['Control', 'Meta'] as const) {
      const at = await middle('.node.bare');
      const size = await scale();
      await wheel(at, -100, key);
      expect(await scale() / size).toBeCloseTo(Math.SQRT2);
      const now = await middle('.node.bare');
      expect([now.x, now.y].map(Math.round)).toEqual([at.x, at.y].map(Math.round));
    }
    const scrolled = await page.evaluate(() => window.scrollY);
    for (let turn = 0; turn < 8; turn++) await wheel(await middle('#graph'), -500, 'Control');
    expect(await scale()).toBe(2.5);
    for (let turn = 0; turn < 8; turn++) await wheel(await middle('#graph'), 500, 'Control');
    expect(await scale()).toBe(0.02);
    expect(await page.evaluate(() => window.scrollY)).toBe(scrolled);
  });

  it('zooms with keys and buttons, and fits again', async () => {
    await openLab();
    const fitted = await transform();
    const size = await scale();
    await focus('.node.bare');
    const zoomed: number[] = [];
    for (const key of ['+', '-', '-'] as const) {
      await page.keyboard.press(key);
      zoomed.push(await scale() / size);
    }
    expect(zoomed.map(factor => factor.toFixed(3))).toEqual(['1.300', '1.000', '0.769']);
    await page.keyboard.press('0');
    expect(await transform()).toBe(fitted);
    await click('#zoom-in');
    expect(await scale() / size).toBeCloseTo(1.4);
    await click('#zoom-out');
    await click('#zoom-out');
    expect(await scale() / size).toBeCloseTo(1 / 1.4);
    await click('#zoom-fit');
    expect(await transform()).toBe(fitted);
    // A double click is two clicks.
    const { x, y } = await corner();
    await page.mouse.click(x, y, { count: 2 });
    await settled();
    expect(await transform()).toBe(fitted);
  });

  it('is pinched and moved with two fingers; with one the page scrolls', async () => {
    await page.setViewport({ width: 800, height: 700, hasTouch: true });
    await openLab();
    const { x, y } = await middle('#graph');
    const fitted = await transform();
    const one = await page.touchscreen.touchStart(x - 40, y);
    await one.move(x - 10, y);
    await settled();
    expect(await transform()).toBe(fitted);
    await one.end();
    const size = await scale();
    const [left, right] = [await page.touchscreen.touchStart(x - 40, y), await page.touchscreen.touchStart(x + 40, y)];
    await left.move(x - 60, y);
    await right.move(x + 60, y);
    expect(await scale() / size).toBeCloseTo(1.5);
    const pinched = await middle('.node.bare');
    await left.move(x - 60, y + 30);
    await right.move(x + 60, y + 30);
    expect(await scale() / size).toBeCloseTo(1.5);
    const moved = await middle('.node.bare');
    expect([moved.x - pinched.x, moved.y - pinched.y].map(Math.round)).toEqual([0, 30]);
    await left.end();
    await right.end();
    expect(await page.evaluate(() => location.hash)).toBe('');
  });

  it('fits itself into a window of any size, until somebody has moved it', async () => {
    await openLab();
    const resized = async (width: number): Promise<string> => {
      await page.setViewport({ width, height: 1000 });
      // The observer of sizes is told between the layout and the frame.
      await settled();
      await settled();
      return transform();
    };
    const fitted = await transform();
    expect(await resized(1100)).not.toBe(fitted);
    expect(await resized(1440)).toBe(fitted);
    await drag(await corner(), -30, -30);
    const moved = await transform();
    expect(await resized(1100)).toBe(moved);
    await click('#zoom-fit');
    expect(await resized(1440)).toBe(fitted);
  });

  it('brings what was chosen into sight', async () => {
    await openLab();
    await drag(await corner(), -1200, -900);
    await page.evaluate(() => { location.hash = '#workload-2'; });
    await settled();
    const stage = await rectangle('#graph');
    const node = await middle('.node.on');
    expect(node.x > stage.x && node.x < stage.x + stage.width && node.y > stage.y && node.y < stage.y + stage.height).toBe(true);
    // What is in sight stays where it is.
    const before = await transform();
    await page.evaluate(() => { location.hash = '#call-1'; });
    await settled();
    expect(await transform()).toBe(before);
  });

  it('is whole again after printing', async () => {
    await openLab();
    const fitted = await transform();
    await click('#zoom-in');
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    expect(await page.$eval('#graph', graph => graph.hasAttribute('viewBox'))).toBe(true);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    expect(await page.$eval('#graph', graph => graph.hasAttribute('viewBox'))).toBe(false);
    expect(await transform()).toBe(fitted);
  });
});

it('asks for nothing but itself', async () => {
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));
  await openLab('#call-1');
  await click('[data-outcome="mtls"]');
  expect(asked).toEqual([page.url()]);
});

it('runs nothing that a manifest brings in', async () => {
  const evil = '</script><script>alert(1)</script><img src=x onerror=alert(2)><!--\\u2028';
  const yaml = readFileSync('test/mesh/lab/app.yaml', 'utf8').replaceAll('web-frontend', 'WEB').replaceAll(/(?<=name: )WEB\b/g, JSON.stringify(evil))
    .replace('labels: {istio-injection: enabled}', `labels: {istio-injection: ${JSON.stringify(evil)}}`);
  await open(['-'], yaml);
  expect(await page.$$eval('script', scripts => scripts.length)).toBe(2);
  expect(await page.$$eval('img', images => images.length)).toBe(0);
  expect((await rows('workloads')).join()).toContain('default/</script><script>alert(1)</script><img src=x onerror=alert(2)><!--');
  // What gets in all the same runs nothing, and fetches nothing.
  const answers: string[] = [];
  const failures: string[] = [];
  page.on('response', response => answers.push(response.url()));
  page.on('requestfailed', request => failures.push(request.url()));
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<img src="https://example.com/x.png" onerror="alert(3)"><style>@import "https://example.com/x.css";</style>');
    const script = document.createElement('script');
    script.textContent = 'alert(4)';
    document.body.append(script);
  });
  expect(await page.evaluate(() => fetch('https://example.com/').then(() => 'answered', () => 'refused'))).toBe('refused');
  expect(answers).toEqual([]);
  expect(failures.sort()).toEqual(['https://example.com/x.css', 'https://example.com/x.png']);
  const refused = complaints.splice(0).filter(complaint => !complaint.startsWith('request: '));
  expect(refused.filter(complaint => !/^console: .*Content Security Policy/.test(complaint))).toEqual([]);
  expect(refused.length).toBeGreaterThanOrEqual(4);
});

it('says so where there is nothing to draw', async () => {
  await open(['-'], 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n');
  expect(await text('#details')).toContain('The manifests show no calls between workloads.');
  expect(await text('#findings')).toBe('None.');
  expect(await rows('namespaces')).toHaveLength(1);
});

it('draws 500 workloads with 2,000 calls, and filters them', async () => {
  await open(['--closed-world', '-'], largeMesh(500));
  expect(await page.$$eval('.node[data-node]', nodes => nodes.length)).toBe(500);
  expect(await lines()).toHaveLength(2000);
  // So small that names cannot be read, the workload that the keyboard is at stands out.
  await focus('.node');
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate(() => getComputedStyle(document.activeElement!.querySelector('rect')!).stroke)).toBe('rgb(7, 87, 186)');
  await click('#calls-fold summary');
  expect(await rows('calls')).toHaveLength(100);
  expect(await text('#calls-more')).toBe('Show 1,900 more');
  await click('#calls-more');
  expect(await rows('calls')).toHaveLength(2000);
  expect(await text('#outcomes')).toBe('20 broken 85 plaintext 1,895 mTLS');
  await click('[data-outcome="mtls"]');
  await click('[data-outcome="plaintext"]');
  expect(await lines()).toHaveLength(20);
  await page.select('#namespace', 'team-18');
  expect((await lines()).every(line => line.includes('team-18/'))).toBe(true);
});

it('draws of a larger mesh what the filter leaves, and says so', async () => {
  await open(['--closed-world', '-'], largeMesh(1500));
  const counts = async (): Promise<number[]> => Promise.all(['.box', '.node[data-node]', '.edge[data-edge]'].map(one => page.$$eval(one, found => found.length)));
  const note = (): Promise<string | null> => page.$eval('#too-many', element => (element as HTMLElement).hidden ? null : element.textContent);
  const tooMany = '1,500 workloads and 6,000 lines are too many to draw at once: choose a namespace, search, or hide outcomes, and what is left is drawn.';
  expect([await counts(), await note()]).toEqual([[75, 0, 0], tooMany]);
  await page.select('#namespace', 'team-07');
  const left = await lines();
  expect(await text('#shown')).toBe(`${left.length} of 6,000 calls`);
  expect(left.length).toBeGreaterThan(60);
  expect(left.every(line => line.includes('team-07/'))).toBe(true);
  expect(await note()).toBeNull();
  const ends = new Set(left.flatMap(line => line.replace(/: \w+$/, '').split(' → ')));
  expect(await counts()).toEqual([75, ends.size, left.length]);
  // What was chosen is drawn too, and can be left with the keyboard.
  await click('#reset');
  await page.evaluate(() => { location.hash = '#call-1000'; });
  await settled();
  expect([await counts(), await note()]).toEqual([[75, 2, 1], tooMany]);
  await focus('.node');
  await page.keyboard.press('Escape');
  await settled();
  expect(await counts()).toEqual([75, 0, 0]);
  await click('[data-outcome="mtls"]');
  expect((await lines()).map(line => line.replace(/.*: /, '')).filter((word, index, words) => words.indexOf(word) === index).sort()).toEqual(['broken', 'plaintext']);
  expect((await counts())[2]).toBe((await lines()).length);
  // A printer gets what it can hold.
  await click('#reset');
  await page.emulateMediaType('print');
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  expect(await rows('calls')).toHaveLength(5000);
  expect(await text('#calls-more')).toBe('1,000 more: filter them before printing');
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await page.emulateMediaType();
  expect(await rows('calls')).toHaveLength(100);
  expect(await text('#calls-more')).toBe('Show 5,000 more of 5,900');
});

it('is the same, byte for byte, whatever the order of the manifests', () => {
  const documents = readFileSync('test/mesh/lab/app.yaml', 'utf8').split(/^---\n/m).concat(readFileSync('test/mesh/lab/strict.yaml', 'utf8'));
  const parts = documents.map((document, index) => {
    const file = join(folder, `part-${index}.yaml`);
    writeFileSync(file, document);
    return file;
  });
  for (const format of ['html', 'json', 'mermaid', 'dot']) {
    const [one, other] = [parts, [...parts].reverse()].map(list => run(['report', '--format', format, ...list]).out);
    expect(one.length).toBeGreaterThan(100);
    expect(other).toBe(one);
  }
});
