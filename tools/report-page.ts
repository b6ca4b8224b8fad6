/// <reference lib="dom" />
import { mkdirSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { pathToFileURL } from 'url';
import { Page } from 'puppeteer-core';
import { main } from '../src/cli/main';
import { startBrowser } from '../test/report/browser';
import { largeMesh } from '../test/report/large-mesh';

/*
 * Measures how the page of the report opens and filters in a browser, and with
 * --screenshots FOLDER takes pictures of it for people to look at.
 */

const ROUNDS = 7;
const folder = mkdtempSync(join(tmpdir(), 'report-page-'));

function write(name: string, args: readonly string[], stdin = ''): string {
  const file = join(folder, `${name}.html`);
  const start = performance.now();
  const code = main(['report', '--out', file, ...args], { out: () => undefined, err: text => process.stderr.write(text), stdin: () => stdin });
  if (code !== 0) throw new Error(`report ended with exit code ${code}`);
  print(`${name}: written`, [performance.now() - start]);
  return pathToFileURL(file).href;
}

function print(what: string, milliseconds: readonly number[]): void {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  process.stdout.write(`${what.padEnd(44)} ${sorted[Math.floor(sorted.length / 2)].toFixed(0).padStart(6)} ms${sorted.length > 1 ? `  (worst ${sorted[sorted.length - 1].toFixed(0)})` : ''}\n`);
}

/** From a change of a control to the next frame on the screen. */
async function change(page: Page, script: string): Promise<number> {
  return await page.evaluate(`new Promise(resolve => {
    const start = performance.now();
    ${script};
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  })`) as number;
}

const FILTERS: readonly (readonly [what: string, on: string, off: string])[] = [
  ['filter: outcome', 'document.querySelector("[data-outcome=mtls]").click()', 'document.getElementById("reset").click()'],
  ['filter: namespace', '{ const box = document.getElementById("namespace"); box.value = "team-07"; box.dispatchEvent(new Event("change")); }', 'document.getElementById("reset").click()'],
  ['filter: search', '{ const box = document.getElementById("search"); box.value = "orders-15"; box.dispatchEvent(new Event("input")); }', 'document.getElementById("reset").click()'],
  ['choice of a call', 'location.hash = "#call-1000"', 'location.hash = ""'],
];

async function measure(page: Page, url: string): Promise<void> {
  const opened: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await page.goto('about:blank');
    const start = performance.now();
    await page.goto(url);
    await page.evaluate('new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))');
    opened.push(performance.now() - start);
  }
  print('opened and drawn', opened);
  for (const fold of [false, true]) {
    if (fold) await change(page, 'document.getElementById("calls-fold").open = true');
    for (const [what, on, off] of FILTERS) {
      const [forth, back]: [number[], number[]] = [[], []];
      for (let round = 0; round < ROUNDS; round++) {
        forth.push(await change(page, on));
        back.push(await change(page, off));
      }
      print(`${what}${fold ? ', table open' : ''}`, forth);
      print(`${what}${fold ? ', table open' : ''}, undone`, back);
    }
  }
}

async function photograph(page: Page, to: string, name: string, url: string): Promise<void> {
  for (const [scheme, width, height, media] of [['light', 1440, 1000], ['dark', 1440, 1000], ['light', 390, 844], ['light', 1000, 1000, 'print']] as const) {
    await page.setViewport({ width, height });
    // Each of the two takes the other back.
    if (media === undefined) await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    else await page.emulateMediaType(media);
    await page.goto('about:blank');
    await page.goto(url);
    if (media === 'print') await page.evaluate('window.dispatchEvent(new Event("beforeprint"))');
    await page.screenshot({ path: join(to, `${name}-${media ?? `${scheme}-${width}`}.png`), fullPage: media === 'print' && name !== 'large' });
  }
}

async function run(args: readonly string[]): Promise<void> {
  const pictures = args[0] === '--screenshots' ? args[1] : undefined;
  const large = write('large', ['--closed-world', '-'], largeMesh(500));
  const lab = write('lab', ['test/mesh/lab']);
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1440, height: 1000 });
    await measure(page, large);
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      await photograph(page, pictures, 'large', large);
      await photograph(page, pictures, 'lab', `${lab}#call-1`);
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

void run(process.argv.slice(2));
