import { read } from './blocks';
import { Compiler } from './compile';
import { fromGo } from './go';
import { fromJava } from './java';
import { checkProgram, TRANSLATORS } from './programs-of-languages';
import { fromPython } from './python';

/* The apps in other languages, also those that no page shows, and what the translation into TypeScript would not let pass. */

jest.setTimeout(60_000); // A compiler, on a machine that does other things too.

const python = read('test/consumers/python/shop.py');
const java = read('test/consumers/java/src/main/java/Shop.java');
const go = read('test/consumers/go/shop/main.go');

const APPS = ['python/shop.py', 'python/refused.py', 'java/src/main/java/Shop.java', 'java/src/main/java/Refused.java', 'go/shop/main.go', 'go/refused/main.go'];
const LANGUAGES: { readonly [ending: string]: string } = { py: 'python', java: 'java', go: 'go' };
const languageOf = (app: string): string => LANGUAGES[app.split('.').pop()!];

/** What is changed in the shop of a language, and what the compiler then says. */
const WRONG: readonly (readonly [language: string, what: string, from: string, to: string, said: RegExp])[] = [
  ['python', 'a method that is not there', 'add_port_tls', 'add_ports_tls', /Property 'addPortsTls' does not exist on type 'ServiceClientTls'/],
  ['python', 'an option that is not there', 'min_protocol_version', 'min_version', /'minVersion' does not exist in type 'IstioMeshProps'/],
  ['python', 'an option that is missing', '    reason="Prometheus scrapes from outside the mesh",\n', '', /Property 'reason' is missing/],
  ['python', 'a member that an enum has not', 'TLS_V1_3', 'TLS_V1_4', /Property 'TLS_V1_4' does not exist on type 'typeof TlsVersion'/],
  ['python', 'a class that is not there', 'MeshStrictMtls', 'MeshStrictTls', /has no exported member named 'MeshStrictTls'/],
  ['python', 'a value of another type', 'WorkloadPort.number(9090)', 'ServicePort.number(9090)', /ServicePort/],
  ['java', 'a method that is not there', 'addPortTls', 'addPortsTls', /Property 'addPortsTls' does not exist/],
  ['java', 'an option that the builder has not', '.minProtocolVersion(', '.minVersion(', /'minVersion' does not exist/],
  ['java', 'a type that is not imported', 'import io.github.cdk8sistiomtls.TlsVersion;\n', '', /Cannot find name 'TlsVersion'/],
  ['go', 'a method that is not there', 'AddPortTls', 'AddPortsTls', /Property 'addPortsTls' does not exist/],
  ['go', 'a field that is not there', 'MinProtocolVersion:', 'MinVersion:', /'minVersion' does not exist in type 'IstioMeshProps'/],
  ['go', 'an argument left out', 'jsii.String("strict"), nil)', 'jsii.String("strict"))', /has 2 arguments, and Go wants 3/],
  ['go', 'a property of a class as a field', 'app.Synth()', 'fmt.Println(app.Outdir)', /app\.outdir is a method in Go/],
];
const SHOPS: { readonly [language: string]: string } = { python, java, go };

const pathOf = (name: string): string => `test/consumers/typescript/${name.replace(/\W/g, '-')}.ts`;
let compiler: Compiler;
beforeAll(() => {
  const source = (language: string, text: string) => ({ text: TRANSLATORS[language](text), isGo: language === 'go' });
  compiler = new Compiler(new Map([
    ...APPS.map(app => [pathOf(app), source(languageOf(app), read(`test/consumers/${app}`))] as const),
    ...WRONG.map(([language, what, from, to]) => [pathOf(`${language} ${what}`), source(language, SHOPS[language].replaceAll(from, to))] as const),
  ]));
});

it.each(APPS)('the app %s compiles, and does what it does in TypeScript', app => {
  expect(compiler.problems(pathOf(app))).toEqual([]);
  expect(() => checkProgram(TRANSLATORS[languageOf(app)](read(`test/consumers/${app}`)))).not.toThrow();
});

it.each(APPS)('the app %s would be found to do something else', app => {
  const text = TRANSLATORS[languageOf(app)](read(`test/consumers/${app}`));
  expect(() => checkProgram(text.replaceAll('"web"', '"wbe"'))).toThrow(/should/);
});

it.each(WRONG)('%s: %s does not compile', (language, what, from, _, said) => {
  expect(SHOPS[language]).toContain(from);
  expect(compiler.problems(pathOf(`${language} ${what}`)).join('\n')).toMatch(said);
});

it('what does not parse is refused', () => {
  expect(() => fromPython(python.replace('app = App()', 'app = App('))).toThrow(/^line \d+ cannot be parsed/);
  expect(() => fromJava(java.replace('new App();', 'new App()'))).toThrow(/^line \d+ cannot be parsed/);
  expect(() => fromGo(go.replace('cdk8s.NewApp(nil)', 'cdk8s.NewApp(nil'))).toThrow(/^line \d+ cannot be parsed/);
});

it('what nobody translates is refused', () => {
  expect(() => fromPython(`${python}while True:\n    pass\n`)).toThrow(/the tests cannot translate WhileStatement/);
});

it('Python with names as TypeScript has them is refused', () => {
  expect(() => fromPython(python.replace('add_port_tls', 'addPortTls'))).toThrow(/addPortTls is no name that Python has/);
  expect(() => fromPython(python.replace('from cdk8s_istio_mtls', 'from cdk8s_istio'))).toThrow(/no package of ours has the module cdk8s_istio/);
});

it('Java that reads a field, or takes what it has not imported, is refused', () => {
  expect(() => fromJava(java.replace('app.synth()', 'System.out.println(app.outdir)'))).toThrow('app.outdir is no constant; properties are read by getters');
  expect(() => fromJava(java.replace('import java.util.List;\n', ''))).toThrow('List is not imported');
  expect(() => fromJava(java.replaceAll('io.github.cdk8sistiomtls', 'io.github.mtls'))).toThrow('no package of ours is io.github.mtls');
});

it('Go that gives a value where a pointer is wanted is refused', () => {
  expect(() => fromGo(go.replace('jsii.String("facts")', '"facts"'))).toThrow('"facts" has to be a pointer here');
  expect(() => fromGo(go.replace('Name:      jsii.String("shop")', 'Name: "shop"'))).toThrow('"shop" has to be a pointer here');
  expect(() => fromGo(go.replace('{"app": jsii.String("web")}', '{"app": "web"}'))).toThrow('"web" has to be a pointer here');
});
