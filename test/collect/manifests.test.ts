import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { MALFORMED } from './malformed';
import { Manifests, readManifests, readManifestText } from '../../src/collect/manifests';
import { problemText } from '../../src/collect/problem';

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`;
const names = (manifests: Manifests) => manifests.objects.map(object => object.name);
const problems = (manifests: Manifests) => manifests.problems.map(problemText);

/** Writes files into a folder of their own, which is gone after the test. */
function inFolder(files: { readonly [path: string]: string | Buffer }, test: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    test(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('files', () => {
  it('of a folder are read with all folders in it, in the order of their names, whatever the file system says', () => {
    inFolder({
      'b.yaml': service('b'),
      'a/z.yml': service('z'),
      'a/y.YAML': service('yy'),
      'c.json': '{"apiVersion":"v1","kind":"Service","metadata":{"name":"c"}}',
      'readme.md': 'x',
      'a/node_modules/x.yaml': service('no'),
      '.git/x.yaml': service('no'),
    }, folder => {
      const read = readManifests([folder]);
      expect(names(read)).toEqual(['yy', 'z', 'b', 'c']);
      expect([read.files, read.documents, read.problems]).toEqual([4, 4, []]);
      expect(read.objects[0].origin).toMatchObject({ place: `${folder}/a/y.YAML`, isConstruct: false, judged: true });
    });
  });

  it('are named as the user named them', () => {
    expect(readManifests(['test/manifests/', './test/manifests']).objects.every(object => object.origin.place.startsWith('test/manifests/'))).toBe(true);
  });

  it('count once, however often they are named', () => {
    inFolder({ 'a.yaml': service('a') }, folder => {
      expect(names(readManifests([folder, join(folder, 'a.yaml'), `${folder}/../${folder.split('/').pop()}/a.yaml`]))).toEqual(['a']);
    });
  });

  it('that a user names are read whatever they are called', () => {
    inFolder({ 'node_modules/x.txt': service('x') }, folder => expect(names(readManifests([join(folder, 'node_modules/x.txt')]))).toEqual(['x']));
  });

  it('behind links are read, folders behind links are not', () => {
    inFolder({ 'a/a.yaml': service('a'), 'b/x.txt': '' }, folder => {
      symlinkSync('../a', join(folder, 'b/folder'));
      symlinkSync('..', join(folder, 'a/up'));
      symlinkSync('nowhere.yaml', join(folder, 'b/broken.yaml'));
      symlinkSync('x.txt', join(folder, 'b/link.yaml'));
      const read = readManifests([folder]);
      expect(names(read)).toEqual(['a']);
      expect(problems(read)).toEqual([`${folder}/b/broken.yaml: no such file or folder; check the path`]);
    });
  });

  it('may stand on the standard input', () => {
    const read = readManifests(['-', '-'], { stdin: () => `${service('a')}---\na: b: c\n` });
    expect(names(read)).toEqual(['a']);
    expect(read.objects[0].origin.place).toBe('(stdin)');
    expect(problems(read)[0]).toMatch(/^\(stdin\):6:5: bad indentation/);
  });

  it('that are missing are a problem each, and the others count', () => {
    inFolder({ 'a.yaml': service('a') }, folder => {
      const read = readManifests([`${folder}/none.yaml`, folder, `${folder}/a.yaml/b`]);
      expect(names(read)).toEqual(['a']);
      expect(problems(read)).toEqual([`${folder}/none.yaml`, `${folder}/a.yaml/b`].map(path => `${path}: no such file or folder; check the path`));
    });
  });

  it('that are no UTF-8 text, and those that are too large, are a problem each, and the others count', () => {
    inFolder({
      'bin.yaml': Buffer.from([0x61, 0x3a, 0, 0xff]),
      'nul.yaml': 'a: 1\nb: \0\n',
      'latin1.yaml': Buffer.from('a: 1\nb: caf\xe9\n', 'latin1'),
      'utf16.yaml': Buffer.from(`\ufeff${service('x')}`, 'utf16le'),
      'large.yaml': `${service('l')}#${'x'.repeat(2000)}`,
      'bom.yaml': `\ufeff${service('bom')}`,
      'replaced.yaml': service('"\ufffd"'),
      'empty.yaml': '',
    }, folder => {
      const read = readManifests([folder], { maxBytes: 2000 });
      expect(names(read)).toEqual(['bom', '\ufffd']);
      expect(read.objects[0].origin.locate?.(['apiVersion'])).toEqual({ line: 1, column: 1 });
      expect(problems(read).map(text => text.slice(folder.length + 1))).toEqual([
        'bin.yaml: a binary file (it holds NUL bytes); give YAML or JSON text',
        'large.yaml: larger than 0 MB; leave it out, or split it',
        'latin1.yaml:2: a character that is not UTF-8; save the file as UTF-8',
        'nul.yaml:2:4: a binary file (it holds NUL bytes); give YAML or JSON text',
        'utf16.yaml: this is UTF-16 text (PowerShell\'s ">" writes it); save it as UTF-8',
      ]);
    });
  });

  it('are told as they are read', () => {
    inFolder({ 'a.yaml': '', 'b.yaml': '' }, folder => {
      const seen: string[] = [];
      readManifests([folder], { onProgress: file => seen.push(file) });
      expect(seen).toEqual([`${folder}/a.yaml`, `${folder}/b.yaml`]);
    });
  });

  it('are read without loading cdk8s', () => {
    const program = `
      require('ts-node').register({ transpileOnly: true });
      require('./src/collect/manifests').readManifests(['test/manifests']);
      console.log(Object.keys(require.cache).filter(file => /node_modules.(cdk8s|constructs)./.test(file)).length);`;
    expect(execFileSync(process.execPath, ['-e', program], { cwd: join(__dirname, '../..'), encoding: 'utf8' })).toBe('0\n');
  });
});

describe('documents', () => {
  const read = (text: string) => readManifestText(text, 'f.yaml');

  it('of one file all count', () => {
    expect(names(read(`# first\n---\n${service('a')}---\n---\n# nothing\n---\n${service('b')}...\n${service('c')}`))).toEqual(['a', 'b', 'c']);
  });

  it('of a large file are read in pieces, with the right lines', () => {
    const many = Array.from({ length: 120_000 }, (_, i) => service(`s${i}`)).join('---\n');
    const all = read(`${many}---\na: b: c\n`);
    expect(all.objects.length).toBe(120_000);
    expect(all.objects[119_999].origin.locate?.(['metadata', 'name'])).toEqual({ line: 119_999 * 5 + 4, column: 3 });
    expect(all.problems[0].line).toBe(600_000 + 1);
  });

  it('may be JSON, also one object after the other', () => {
    const json = (name: string) => JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name } });
    expect(names(read(json('a')))).toEqual(['a']);
    const stream = read(`${json('a')}\n${json('b')}\n${JSON.stringify(JSON.parse(json('c')), null, 2)}\n`);
    expect(names(stream)).toEqual(['a', 'b', 'c']);
    expect(stream.objects.map(object => object.origin.locate?.(['kind'])?.line)).toEqual([1, 2, 5]);
  });

  it('that are lists stand for their items, List or not', () => {
    const list = read('apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n'
      + '- apiVersion: v1\n  kind: ServiceList\n  items:\n  - metadata: {name: b}\n');
    expect(list.objects.map(object => object.title)).toEqual(['Service a', 'Service b']);
    expect(list.objects[1].origin.locate?.(['metadata', 'name'])).toEqual({ line: 8, column: 16 });
    expect(names(read('apiVersion: security.istio.io/v1\nkind: PeerAuthenticationList\nitems:\n- metadata: {name: p}\n'))).toEqual(['p']);
    expect(names(read('apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: no-list}\n'))).toEqual(['no-list']);
    expect(problems(read('apiVersion: v1\nkind: List\nitems:\n- metadata: {name: x}\n'))).toEqual([
      'f.yaml:4:3: an object without kind; add it, kubectl refuses the object',
    ]);
  });

  it('that are no Kubernetes objects are counted, and nothing else', () => {
    const other = read('replicas: 2\nimage: {tag: x}\n---\napiVersion: v2\nname: chart\n---\n- 1\n---\ntext\n---\n'
      + 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n');
    expect([other.objects, other.problems, other.documents]).toEqual([[], [], 5]);
  });

  it('that lack kind or apiVersion, and mean to be objects, are a problem', () => {
    expect(problems(read('apiVersion: v1\nmetadata:\n  name: a\n'))).toEqual(['f.yaml:2:1: an object without kind; add it, kubectl refuses the object']);
    expect(problems(read('kind: Service\nmetadata:\n  name: a\n'))).toEqual([
      'f.yaml:2:1: an object without apiVersion; add it, kubectl refuses the object',
    ]);
  });

  it('of a cluster export are known and not judged', () => {
    expect(readManifestText(service('a'), 'f.yaml', { judged: false }).objects[0].origin.judged).toBe(false);
  });

  it('may close brackets and quotes where their key stands, as kubectl lets them', () => {
    const text = `apiVersion: v1\nkind: X\nmetadata: {\n  name: a,\n}\nspec:\n  a: [\n\t1,\n  2\n  ]\n  b: "x\n  y"\n  c: &c 3\n---\n${service('b')}`;
    const { objects, problems: wrong } = read(text);
    expect(wrong).toEqual([]);
    expect(objects[0].spec).toEqual({ a: [1, 2], b: 'x y', c: 3 });
    expect(objects[0].origin.locate?.(['spec', 'a', 1])).toEqual({ line: 9, column: 3 });
    expect(objects[0].origin.locate?.(['spec', 'c'])).toEqual({ line: 13, column: 3 });
    expect(objects[1].origin.locate?.(['metadata', 'name'])).toEqual({ line: 18, column: 3 });
    expect(problems(read('a: [\n1\n]\nb: 1\nb: 2\n'))).toEqual(['f.yaml:5:1: key "b" stands twice in one mapping; remove one of them']);
  });

  it('may begin with directives', () => {
    expect(names(read(`%YAML 1.1\n%TAG !k! tag:example.com,2026:\n---\n${service('!k!x a')}`))).toEqual(['a']);
  });
});

describe('problems', () => {
  it.each<[string, string]>([
    ['a key that is indented too much', '5:13: bad indentation of a mapping entry; align it with the keys beside it, and quote values that contain ": "'],
    ['a tab before a key', '4:1: a tab in the indentation; indent with spaces'],
    ['a tab with CRLF', '2:1: a tab in the indentation; indent with spaces'],
    ['a key that stands twice', '3:3: key "b" stands twice in one mapping; remove one of them'],
    ['a key that stands twice in JSON', '1:10: key "a" stands twice in one mapping; remove one of them'],
    ['a value in double braces', '2:10: this is a Helm template; run `helm template` first and read what it prints'],
    ['a condition in double braces', '1:3: this is a Helm template; run `helm template` first and read what it prints'],
    ['an include in double braces', '2:5: this is a Helm template; run `helm template` first and read what it prints'],
    ['an alias without an anchor', '1:4: alias "*x" has no anchor before it in this document; quote it where text is meant'],
    ['an alias inside its anchor', '2:6: alias "*a" stands inside its own anchor; write the value out'],
    ['aliases that multiply', '4:17: aliases multiply to too many values; write them out'],
    ['a double quote that is not closed', '2:1: bad indentation; indent this line more than the key it belongs to, or close the quote or bracket before it'],
    ['two colons on a line', '1:5: bad indentation of a mapping entry; align it with the keys beside it, and quote values that contain ": "'],
    ['text that begins with @', '1:4: text that begins with "@"; quote it'],
    ['brackets that nest too deep', '1:200: nested more than 200 levels deep; no Kubernetes object is'],
    ['a number that JSON does not have', '1:4: ".inf" is a number that JSON does not have; quote it where text is meant'],
    ['null as a key', '1:1: key "~" is no text; quote it'],
    ['a merge of a number', '1:9: "<<" merges mappings alone; give it an alias of a mapping, or a list of such aliases'],
    ['a tag that does not fit', '1:4: "x" does not fit its tag "!!int"; remove the tag'],
  ])('%s: %s', (name, problem) => {
    expect(problems(readManifestText(MALFORMED[name], 'f.yaml'))).toEqual([`f.yaml:${problem}`]);
  });

  it('of a template are told once', () => {
    const template = MALFORMED['a value in double braces'];
    expect(readManifestText([template, template, service('a'), template].join('---\n'), 'f.yaml')).toMatchObject({
      problems: [{ line: 2 }], objects: [{ name: 'a' }],
    });
  });

  it('of a template are told where its name alone is one', () => {
    expect(problems(readManifestText(service("'{{ .Release.Name }}-a'"), 'f.yaml'))[0]).toMatch(/^f\.yaml:4:3: this is a Helm template/);
  });

  it('are not blamed on braces that stand in a good text', () => {
    const alert = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: "{{ $labels.pod }}"\n';
    expect(names(readManifestText(alert, 'f.yaml'))).toEqual(['a']);
    expect(problems(readManifestText(`${alert}  y: 1\n  z: 2\n  z: 3\n`, 'f.yaml'))[0]).toContain('key "z" stands twice');
  });

  it('have lines that do not depend on what stands before the document', () => {
    expect(readManifestText(`${service('a')}---\n${service('b')}---\na: 1\na: 2\n`, 'f.yaml').problems).toMatchObject([{ line: 12, column: 1 }]);
  });
});

describe('malformed input', () => {
  it.each(Object.entries(MALFORMED))('%s: never throws, is one line, takes no time and leaves the other documents', (_, text) => {
    const start = Date.now();
    const alone = readManifestText(text, 'f.yaml');
    const between = readManifestText(`${service('before')}---\n${text}\n---\n${service('after')}`, 'f.yaml');
    for (const object of [...alone.objects, ...between.objects]) {
      expect(object.origin.locate?.(['spec', 'a', 0, 'b'])).toEqual({ line: expect.any(Number), column: expect.any(Number) });
    }
    expect(names(between)).toEqual(expect.arrayContaining(['before', 'after']));
    for (const problem of [...alone.problems, ...between.problems]) {
      expect(problemText(problem)).toMatch(/^f\.yaml:\d+:\d+: [^\n\r]{5,250}$/);
    }
    expect(Date.now() - start).toBeLessThan(3_000);
  });

  it('cut off anywhere never throws', () => {
    const text = 'apiVersion: v1\nkind: X\nmetadata: {name: "a", labels: {a: \'b\'}}\nspec: &a\n- |\n  x\n- !!str *a\n- [1, {b: c}]\n? x\n: y\n---\n- a';
    for (let end = 0; end <= text.length; end++) {
      expect(() => readManifestText(text.slice(0, end), 'f.yaml')).not.toThrow();
      expect(() => readManifestText(text.slice(end), 'f.yaml')).not.toThrow();
    }
  });
});
