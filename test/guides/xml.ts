import { parser } from '@lezer/xml';
import { read } from './blocks';
import { nodes, parse } from './grammar';

/** Parses a pom.xml, and compares the packages and versions in it with those that this repository makes and is tested with. */
export function checkPom(text: string): void {
  const dependencies = nodes(parse(parser, text), 'Element')
    .map(element => text.slice(element.from, element.to))
    .filter(element => element.startsWith('<dependency>'))
    .map(element => Object.fromEntries([...element.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value]) => [name, value.trim()])));
  const { version, devDependencies, jsii } = JSON.parse(read('package.json')) as {
    version: string; devDependencies: Record<string, string>; jsii: { targets: { java: { maven: object } } };
  };
  expect(dependencies).toEqual([
    { ...jsii.targets.java.maven, version },
    { groupId: 'org.cdk8s', artifactId: 'cdk8s', version: devDependencies.cdk8s },
  ]);
}
