import { execFileSync } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { brotliDecompressSync } from 'zlib';
import { Browser, launch } from 'puppeteer-core';

/*
 * Chromium as an npm package brings it: compressed, with the libraries that a bare
 * machine lacks. It is unpacked once for each version, so that `npm ci` is all that
 * a machine needs. It is one for Linux on x64; elsewhere CHROME_PATH names another.
 */

const PACKAGE = join(dirname(require.resolve('@sparticuz/chromium')), '../..');

/** Where the unpacked browser is; several test runs may ask at once. */
function unpacked(): string {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const folder = join(tmpdir(), `cdk8s-istio-mtls-chromium-${version}-${process.getuid?.() ?? 0}`);
  if (existsSync(folder)) return folder;
  const own = mkdtempSync(`${folder}-`);
  const read = (name: string): Buffer => brotliDecompressSync(readFileSync(join(PACKAGE, 'bin', name)));
  writeFileSync(join(own, 'chromium'), read('chromium.br'), { mode: 0o755 });
  for (const name of ['al2023.tar.br', 'fonts.tar.br']) execFileSync('tar', ['-x', '-C', own], { input: read(name) });
  writeFileSync(join(own, 'fonts.conf'), '<?xml version="1.0"?>\n<fontconfig><dir prefix="relative">fonts</dir></fontconfig>\n');
  try {
    renameSync(own, folder);
  } catch {
    rmSync(own, { recursive: true }); // Another run was faster.
  }
  return folder;
}

/** Starts the browser. The caller closes it. */
export async function startBrowser(): Promise<Browser> {
  const own = process.env.CHROME_PATH;
  const folder = own === undefined ? unpacked() : dirname(own);
  return launch({
    executablePath: own ?? join(folder, 'chromium'),
    headless: 'shell',
    // Runs as root in containers too, and asks nobody anything.
    args: ['--no-sandbox', '--disable-setuid-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-gpu', '--font-render-hinting=none'],
    env: own !== undefined ? process.env : {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'lib'),
      // A machine without any fonts gets those of the package.
      ...existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') },
    },
  });
}
