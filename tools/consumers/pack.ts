import { execFileSync } from 'child_process';
import { ROOT } from '../rule-files';

/** What `npm pack` would put into the package, or has put. */
export interface Pack {
  readonly filename: string;
  /** Bytes of the tarball. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** The kinds of files that users need. */
const NEEDED = [
  /^(package\.json|README\.md|API\.md|LICENSE|\.jsii|testing\.(js|d\.ts))$/,
  /^lib\/.*(\.js|\.d\.ts)$/,
  // What the page of the report is made of, and the pages that findings name.
  /^lib\/report\/picture\/page\/page\.(css|html)$/,
  /^docs\/rules\/[\w.]+$/,
];
/** Packages that stand inside the package, as their authors publish them (ADR 0002). */
const BUNDLED = /^node_modules\/(argparse|commander|js-yaml)\//;

/** The files of the package that its users have no use for. */
export function unwanted({ files }: Pack): string[] {
  return files.map(({ path }) => path).filter(path => !BUNDLED.test(path) && !NEEDED.some(kind => kind.test(path)));
}

/** Packs the package, or without a destination only says what would be in it. */
export function npmPack(destination?: string): Pack {
  const place = destination === undefined ? ['--dry-run'] : ['--pack-destination', destination];
  const [pack] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', ...place], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })) as Pack[];
  return pack;
}
