import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { delimiter, join } from 'path';
import { pathToFileURL } from 'url';
import { stripVTControlCharacters } from 'util';
import { checkRefused, checkShop, FOLDER, must, pacmak, run } from './steps';

/** Builds the jar and an app with Maven. */
export function java(folder: string, step: (text: string) => void): void {
  step('building the jar');
  const repository = pacmak('java', join(folder, 'built'));

  step('building an app with Maven');
  const cwd = join(folder, 'app');
  cpSync(join(FOLDER, 'java'), cwd, { recursive: true });
  const settings = join(folder, 'settings.xml');
  writeFileSync(settings, settingsWith(pathToFileURL(repository).href));
  const maven = (...args: string[]): string => must('mvn', ['--batch-mode', '--quiet', '--settings', settings, ...args], { cwd });
  // Some Mavens colour even this.
  const local = stripVTControlCharacters(maven('help:evaluate', '-Dexpression=settings.localRepository', '-DforceStdout')).trim();
  // Maven keeps the jar of an earlier run for good: version 0.0.0, which is never released.
  const kept = join(local, 'io/github/cdk8s-istio-mtls/cdk8s-istio-mtls/0.0.0');
  rmSync(kept, { recursive: true, force: true });
  try {
    maven('compile', 'dependency:build-classpath', `-Dmdep.outputFile=${join(folder, 'classpath.txt')}`, '-Dmdep.includeScope=runtime');
    step('running the apps');
    const classpath = [join(cwd, 'target/classes'), readFileSync(join(folder, 'classpath.txt'), 'utf8').trim()].join(delimiter);
    const program = (name: string) => {
      const place = join(folder, name);
      mkdirSync(place);
      return { place, ran: run('java', ['-classpath', classpath, name], { cwd: place }) };
    };
    const { place, ran } = program('Shop');
    checkShop(place, ran);
    checkRefused('java.lang.RuntimeException: Error: ', program('Refused').ran);
  } finally {
    rmSync(kept, { recursive: true, force: true });
  }
}

/** Maven's settings, with the folder to which jsii-pacmak has deployed the jar as a repository. */
function settingsWith(repository: string): string {
  return `<settings>
  <profiles>
    <profile>
      <id>consumers</id>
      <repositories>
        <repository><id>consumers</id><url>${repository}</url></repository>
      </repositories>
    </profile>
  </profiles>
  <activeProfiles><activeProfile>consumers</activeProfile></activeProfiles>
</settings>
`;
}
