import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { dirname, join, relative } from 'path';

const SRC = join(__dirname, '../src');

/** What each room may import: rooms of this library, and packages. docs/architecture.md explains the arrows. */
const ARROWS: { readonly [room: string]: readonly string[] } = {
  index: ['constructs', 'mesh', 'rules', 'validate'],
  constructs: ['mesh', 'validate', 'cdk8s', 'constructs-package'],
  validate: ['ask', 'collect', 'mesh', 'plan', 'report', 'rules', 'cdk8s', 'constructs-package', 'fs'],
  collect: ['mesh', 'cdk8s', 'constructs-package', 'js-yaml', 'fs', 'path', 'buffer', 'child_process'],
  ask: ['collect', 'mesh'],
  rules: ['mesh', 'schema'],
  plan: ['mesh', 'rules'],
  posture: ['mesh', 'rules'],
  report: ['mesh', 'plan', 'posture', 'rules', 'crypto', 'fs', 'path'],
  page: ['d3-path', 'd3-selection', 'd3-zoom'],
  cli: ['collect', 'mesh', 'plan', 'posture', 'report', 'rules', 'commander', 'fs', 'path', 'url', 'util'],
  testing: ['ask', 'collect', 'mesh', 'rules', 'validate', 'constructs-package', 'util'],
  schema: [],
  mesh: [],
};

interface Import {
  readonly file: string;
  /** The file that is imported, relative to src, or the name of a package. */
  readonly target: string;
  readonly isPackage: boolean;
}

function files(folder: string): string[] {
  return readdirSync(folder).map(name => join(folder, name)).flatMap(path => statSync(path).isDirectory() ? files(path) : [path]);
}

function importsOf(path: string): Import[] {
  const file = relative(SRC, path);
  return [...readFileSync(path, 'utf8').matchAll(/^(?:import|export)\s[^;]*?from\s+'([^']+)';|require\('([^']+)'\)/gms)].map(match => {
    const name = match[1] ?? match[2];
    if (!name.startsWith('.')) {
      return { file, target: name === 'constructs' ? 'constructs-package' : name, isPackage: true };
    }
    const base = join(dirname(path), name);
    const target = [base, `${base}.ts`, join(base, 'index.ts')].find(one => existsSync(one) && statSync(one).isFile());
    expect([file, name, target]).not.toContain(undefined);
    return { file, target: relative(SRC, target!), isPackage: false };
  });
}

/** The script of the report's page runs in browsers: a room in another house. */
const PAGE = 'report/picture/page/';
const roomOf = (file: string) => file.startsWith(PAGE) ? 'page' : file.includes('/') ? file.split('/')[0] : file.replace(/\.ts$/, '');
const IMPORTS = files(SRC).flatMap(importsOf);

describe('the architecture', () => {
  it('never copies a decision by spreading it, which would lose reasons that nobody has asked for yet', () => {
    const spreads = files(SRC).filter(path => /\{ \.\.\.[\w.]+, (value|because):/.test(readFileSync(path, 'utf8')));
    expect(spreads).toEqual([]);
  });

  it('has the rooms that the table names, and no others', () => {
    expect([...new Set(files(SRC).map(path => roomOf(relative(SRC, path))))].sort()).toEqual(Object.keys(ARROWS).sort());
  });

  it.each(Object.entries(ARROWS))('lets %s import only %j', (room, allowed) => {
    const targets = IMPORTS.filter(one => roomOf(one.file) === room)
      .map(one => one.isPackage ? one.target : roomOf(one.target))
      .filter(target => target !== room);
    expect([...new Set(targets)].filter(target => !allowed.includes(target))).toEqual([]);
  });

  it('has no arrow that nothing uses', () => {
    const used = new Set(IMPORTS.map(one => `${roomOf(one.file)} -> ${one.isPackage ? one.target : roomOf(one.target)}`));
    const declared = Object.entries(ARROWS).flatMap(([room, targets]) => targets.map(target => `${room} -> ${target}`));
    expect(declared.filter(arrow => !used.has(arrow))).toEqual([]);
  });

  it('has no circle of files', () => {
    const next = new Map<string, string[]>();
    for (const one of IMPORTS.filter(each => !each.isPackage)) {
      next.set(one.file, [...next.get(one.file) ?? [], one.target]);
    }
    const done = new Set<string>();
    const visit = (file: string, trail: string[]): void => {
      expect(trail.includes(file) ? [...trail, file] : []).toEqual([]);
      if (!done.has(file)) {
        (next.get(file) ?? []).forEach(target => visit(target, [...trail, file]));
        done.add(file);
      }
    };
    [...next.keys()].forEach(file => visit(file, []));
  });

  it('keeps every file under 400 lines', () => {
    const long = files(SRC).filter(path => readFileSync(path, 'utf8').split('\n').length > 400);
    expect(long.map(path => relative(SRC, path))).toEqual([]);
  });

  it('prints only where the validation and the command line print', () => {
    const printing = files(SRC).filter(path => /\bconsole\.|process\.(stdout|stderr)/.test(readFileSync(path, 'utf8')));
    expect(printing.map(path => relative(SRC, path))).toEqual(['cli/bin.ts', 'validate/validator.ts']);
  });
});
