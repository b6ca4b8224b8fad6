import { join } from 'node:path';
import { readManifestText } from '../../src/collect/manifests';
import { settingsIn } from '../../src/collect/settings';
import { Mesh } from '../../src/mesh/mesh';
import { MeshSettings, resolveSettings } from '../../src/mesh/settings';
import { RULES } from '../../src/rules';
import { dedent } from '../../src/rules/dedent';
import { Finding, Severity } from '../../src/rules/finding';
import { HousePolicy } from '../../src/rules/house-policy';
import { runRules } from '../../src/rules/run';
import { toCase } from '../cases/judge';
import { readLines } from '../conformance/lines';

/*
 * A fix that shows whole manifests is applied by adding them: the finding goes
 * away, and no other comes in its place.
 */

interface World {
  readonly id: string;
  readonly yaml: string;
  readonly settings?: MeshSettings;
  readonly house?: HousePolicy;
}

const WORLDS: readonly World[] = [
  ...RULES.map(({ code, examples: { invalid, settings, house } }) => ({ id: code, yaml: dedent(invalid), settings, house })),
  ...readLines(join(__dirname, '../cases/cases.jsonl')).map(line => toCase(JSON.parse(line))!)
    .flatMap(({ id, wrong, settings }) => wrong === undefined ? [] : [{ id, yaml: wrong, settings }]),
];

function findings({ id, yaml, settings, house }: World): Finding[] {
  const { objects } = readManifestText(yaml, id);
  return runRules(new Mesh(objects, resolveSettings({ ...settings, ...settingsIn(objects) })), RULES, { house })
    .filter(({ severity }) => severity !== Severity.INFO);
}

/** The manifests that a fix says to add. That of a removed API is to be written instead, and not beside. */
function manifestsIn({ code, fix }: Finding): string[] {
  return code === 'MTLS112' ? [] : fix.match(/^apiVersion: .*\n(?:(?:kind|metadata|spec|  ).*(?:\n|$))+/gm) ?? [];
}

const key = ({ code, at, what }: Finding): string => `${code} ${at.object}: ${what}`;

const SHOWN = WORLDS.flatMap(world => findings(world).map(finding => ({ world, finding, manifests: manifestsIn(finding) })))
  .filter(({ manifests }) => manifests.length > 0);

it('some fixes show whole manifests', () => expect(SHOWN.length).toBeGreaterThan(20));

it.each(SHOWN.map(one => [one.finding.code, one.world.id, one] as const))('that of %s cures %s', (_, __, { world, finding, manifests }) => {
  const before = findings(world).map(key);
  const after = findings({ ...world, yaml: [world.yaml, ...manifests].join('\n---\n') }).map(key);
  expect(after).toEqual(before.filter(one => one !== key(finding)));
});
