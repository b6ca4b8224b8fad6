import type { Browser } from 'puppeteer-core';

/** Draws pictures as code hosts do, by Mermaid itself in a browser, and returns the lines of text in each. What cannot be parsed throws. */
export async function drawMermaid(browser: Browser, texts: readonly string[]): Promise<string[][]> {
  const page = await browser.newPage();
  try {
    await page.addScriptTag({ path: require.resolve('@mermaid-js/tiny') });
    return await page.evaluate(`(async () => {
      mermaid.initialize({ startOnLoad: false });
      const drawn = [];
      for (const text of ${JSON.stringify(texts)}) {
        document.body.innerHTML = (await mermaid.render('picture', text)).svg;
        drawn.push(document.body.innerText.split('\\n').map(line => line.trim()));
      }
      return drawn;
    })()`) as string[][];
  } finally {
    await page.close();
  }
}
