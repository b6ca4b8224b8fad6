import { cdk8s, javascript, TextFile } from 'projen';

// The least versions that users need. projen installs exactly these as
// devDependencies, so every test run proves the peer ranges.
const CDK8S = '2.68.12'; // the first published cdk8s that satisfies cdk8s-plus-27's ^2.68.11
const CONSTRUCTS = '10.5.0'; // projen's own floor, so that node_modules holds one copy

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-istio-mtls',
  description: 'Istio mutual TLS as typed cdk8s constructs, checked before it is deployed',
  author: 'The cdk8s-istio-mtls authors',
  authorAddress: 'maintainers@cdk8s-istio-mtls.example.com',
  repositoryUrl: 'https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls.git',
  keywords: ['cdk8s', 'kubernetes', 'istio', 'mtls', 'service-mesh', 'peerauthentication', 'destinationrule'],
  license: 'Apache-2.0',
  defaultReleaseBranch: 'main',

  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  jsiiVersion: '~6.0.0',
  minNodeVersion: '20.16.0',
  workflowNodeVersion: '24',

  cdk8sVersion: CDK8S,
  constructsVersion: CONSTRUCTS,
  // Reading YAML and arguments: in the package itself, so that nobody has to install it beside (ADR 0002).
  bundledDeps: ['js-yaml@^5.5.0', 'commander@^14.0.0'],
  bin: { 'cdk8s-istio-mtls': 'lib/cli/bin.js' },
  // @dagrejs/dagre: the layout of the report's graph; the build puts a copy into lib/ (ADR 0010).
  // d3-*: the drawing of that graph in the browser; esbuild puts what is used of it into the page's script in lib/. What the package
  // carries is pinned, so that a report is the same byte for byte until a commit says otherwise.
  // puppeteer-core, @sparticuz/chromium, axe-core: a browser that comes with `npm ci`, and a checker of accessibility, for the report's tests.
  // cdk8s-plus-27: tests and examples only. yaml: a second parser, to check what we write against. ajv: the one that eslint brings, for the SARIF schema.
  // @lezer/*, @prometheus-io/lezer-promql: the grammars of the languages that the guides show and a machine may have no toolchain for (ADR 0002).
  // @actions/workflow-parser, @mermaid-js/tiny: GitHub's own parser of workflows and Mermaid itself, for those that the guides show.
  devDeps: [
    '@dagrejs/dagre@3.1.3', '@sparticuz/chromium@147.0.0', '@types/d3-path@^3.1.1', '@types/d3-selection@^3.0.12', '@types/d3-zoom@^3.0.9', 'ajv@^6.12.6',
    'axe-core@^4.14.1', 'cdk8s-plus-27@2.9.5', 'd3-path@3.1.1', 'd3-selection@3.0.1', 'd3-zoom@3.0.1', 'esbuild@0.28.2', 'fast-check@^4', 'puppeteer-core@^24.43.1',
    'yaml@^2.9.1',
    '@actions/workflow-parser@^0.3.61', '@lezer/common@^1.5.5', '@lezer/go@^1.0.1', '@lezer/java@^1.1.5', '@lezer/python@^1.1.19', '@lezer/xml@^1.0.6',
    '@mermaid-js/tiny@^11.17.2', '@prometheus-io/lezer-promql@^0.315.0',
  ],

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    coverageText: false,
    jestConfig: {
      collectCoverage: false,
      coverageProvider: 'babel',
      setupFiles: ['<rootDir>/test/setup.ts'],
      moduleNameMapper: { '^cdk8s-istio-mtls$': '<rootDir>/src', '^cdk8s-istio-mtls/testing$': '<rootDir>/src/testing' }, // the examples import the library by its name
    },
  },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples', 'tools'],
    ignorePatterns: ['*.js', '*.d.ts', 'node_modules/', 'coverage'],
    commandOptions: { fix: false },
  },

  release: false,
  depsUpgrade: false,
  githubOptions: { mergify: false, pullRequestLint: false },
  pullRequestTemplate: false,
  buildWorkflowOptions: { mutableBuild: false },
});

// unrs-resolver 1.13.0 (through jest and eslint-import-resolver-typescript) names
// platform packages that were never published, and `npm ci` then refuses the lock.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// npm blocks and reports install scripts of dependencies; none of these is needed.
project.package.addField('allowScripts', { '@parcel/watcher': false, 'backport': false, 'esbuild': false, 'unrs-resolver': false });

// The languages that jsii-pacmak makes packages for. Not projen's publishTo*: with them `npm run build` needs Maven, pip, Go
// and .NET on the machine. `npm run consumers` builds these packages and uses them.
project.tryFindObjectFile('package.json')!.addOverride('jsii.targets', {
  python: { distName: 'cdk8s-istio-mtls', module: 'cdk8s_istio_mtls' },
  java: {
    package: 'io.github.cdk8sistiomtls',
    maven: { groupId: 'io.github.cdk8s-istio-mtls', artifactId: 'cdk8s-istio-mtls' },
  },
  go: { moduleName: 'github.com/cdk8s-istio-mtls/cdk8s-istio-mtls-go', packageName: 'cdk8sistiomtls' },
  dotnet: { namespace: 'Cdk8sIstioMtls', packageId: 'Cdk8sIstioMtls' },
});

// ts-jest only transpiles, so the types of src, tests, examples and tools are checked here.
const strictTypes = { noEmit: true, noUncheckedIndexedAccess: false, noImplicitOverride: true };
const FOLDERS: { readonly [folder: string]: string } = { 'examples': '..', 'tools': '..', 'test/consumers': '../..' };
for (const [folder, root] of Object.entries(FOLDERS)) {
  new javascript.TypescriptConfig(project, {
    fileName: `${folder}/tsconfig.json`,
    extends: javascript.TypescriptConfigExtends.fromTypescriptConfigs([project.tsconfig!]),
    compilerOptions: {
      ...strictTypes,
      rootDir: root,
      paths: { 'cdk8s-istio-mtls': [`${root}/src`], 'cdk8s-istio-mtls/testing': [`${root}/src/testing`] },
    },
    include: ['**/*.ts'],
    exclude: ['node_modules'],
  });
}
// The apps in test/consumers import the library by its name, which the tests of the library do not.
project.tsconfigDev.addExclude('consumers');
// The script of the report's page runs in browsers and is plain JavaScript, with its types in comments.
new javascript.TypescriptConfig(project, {
  fileName: 'src/report/picture/page/tsconfig.json',
  compilerOptions: { ...strictTypes, rootDir: '../../../..', target: 'ES2022', module: 'ESNext', moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER, lib: ['es2022', 'dom', 'dom.iterable'], allowJs: true, checkJs: true, strict: true, types: ['node'] },
  include: ['*.js'],
});
const typecheck = project.addTask('typecheck', { description: 'Type-check src, tests, examples, tools and the script of the report' });
for (const folder of ['test', ...Object.keys(FOLDERS), 'src/report/picture/page']) {
  typecheck.exec(`tsc --noEmit -p ${folder}/tsconfig.json`);
}
project.testTask.spawn(typecheck);

const run = (file: string) => `ts-node --transpile-only --project tools/tsconfig.json tools/${file}`;

// What users may import. `testing.js` stands beside it for resolutions that know no `exports`, and
// `lib/` stays reachable for tools that name a file of it.
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './testing': { types: './testing.d.ts', default: './testing.js' },
  './package.json': './package.json',
  './.jsii': './.jsii',
  './lib/*.js': './lib/*.js',
  './lib/*.d.ts': './lib/*.d.ts',
  './lib/*': './lib/*.js',
});
// Users test their apps with jest, and so does this example.
project.jest?.addTestMatch('<rootDir>/examples/**/*.test.ts');

project.addTask('synth', {
  description: 'Synthesize every example to examples/<name>/dist and list what was written',
  steps: [{ exec: run('synth-examples.ts'), receiveArgs: true }],
});
project.addTask('gen', {
  description: 'Write the rule index, the rule pages and the generated blocks of README.md (--check: only compare)',
  steps: [{ exec: run('gen.ts'), receiveArgs: true }],
});
project.testTask.exec(`${run('gen.ts')} --check`);
project.addTask('new-rule', {
  description: 'Start a rule: npm run new-rule -- 104 two-policies-match-workload',
  steps: [{ exec: run('new-rule.ts'), receiveArgs: true }],
});
project.addTask('accept', {
  description: 'Compare our acceptance of objects with Istio\'s: npm run accept -- FILE.jsonl.gz',
  steps: [{ exec: run('accept.ts'), receiveArgs: true }],
});
project.addTask('conformance', {
  description: 'Compare our verdicts on calls with Istio\'s: npm run conformance -- FILE.jsonl.gz [--show N]',
  steps: [{ exec: run('conformance.ts'), receiveArgs: true }],
});
project.addTask('blame', {
  description: 'Hold the findings against the calls that fail: npm run blame -- FILE.jsonl.gz [--show N]',
  steps: [{ exec: run('blame.ts'), receiveArgs: true }],
});
project.addTask('cases', {
  description: 'Judge known misconfigurations, their cures and healthy worlds: npm run cases -- FILE.jsonl [--show ID]',
  steps: [{ exec: run('cases.ts'), receiveArgs: true }],
});
// Not part of `npm test`: it needs cdk8s-cli, which is installed in a folder of its own.
project.addTask('test:cdk8s-cli', {
  description: 'Run cdk8s-cli itself with the validation plugin',
  steps: [
    { spawn: 'compile' },
    { exec: run('cdk8s-cli.ts') },
  ],
});
// Not part of `npm test` either: it needs the toolchains of all languages, and one to two minutes.
project.addTask('consumers', {
  description: 'Build the packages of all languages and use them: npm run consumers [-- api npm python java go dotnet]',
  steps: [
    { spawn: 'compile' },
    { exec: run('consumers/index.ts'), receiveArgs: true },
  ],
});
project.addTask('bench', {
  description: 'Measure what the library costs: import, synth, reading, the model',
  steps: [
    { spawn: 'compile' },
    { exec: run('bench/index.ts'), receiveArgs: true },
  ],
});

project.addTask('bench:report', {
  description: 'Measure the page of the report in a browser, with 500 workloads and 2,000 calls (--screenshots FOLDER: and take pictures of it)',
  steps: [{ exec: run('report-page.ts'), receiveArgs: true }],
});

project.eslint?.addRules({ '@stylistic/arrow-parens': ['error', 'as-needed'] });

// The library's own name resolves through `paths` for the compiler, by a hook for ts-node and by a mapper for jest.
project.eslint?.addOverride({
  files: ['examples/**/*.ts', 'test/consumers/**/*.ts'],
  rules: {
    'import/no-unresolved': ['error', { ignore: ['^cdk8s-istio-mtls(/testing)?$'] }],
    // Where the name leads, and so its place among the imports, hangs on whether lib/ has been built.
    'import/order': 'off',
  },
});

project.compileTask.exec(run('finish-build.ts'));

// jsii prints an eleven-line banner on Node 20, which is past its end of life.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

new TextFile(project, '.editorconfig', {
  lines: [
    'root = true',
    '',
    '[*]',
    'charset = utf-8',
    'end_of_line = lf',
    'indent_style = space',
    'indent_size = 2',
    'insert_final_newline = true',
    'trim_trailing_whitespace = true',
    '',
    '[*.md]',
    'trim_trailing_whitespace = false',
  ],
});

for (const path of ['/examples/**/dist/', '/test/cdk8s-cli/dist/']) {
  project.gitignore.exclude(path);
}
for (const path of ['/examples/', '/tools/', '/docs/adr/', '/docs/guide/', '/docs/*.md', '/ci/', '/action.yml', '/.ci/', '/.editorconfig', '/CONTRIBUTING.md']) {
  project.npmignore?.exclude(path);
}
project.synth();
