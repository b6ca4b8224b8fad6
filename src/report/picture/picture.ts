import { callsOf, unansweredCalls } from './calls';
import { Picture, PictureFact, PictureMesh, PictureWorkload } from './data';
import { Links } from './links';
import { namespacesOf } from './namespaces';
import { portsOf } from './ports';
import { Reasons } from './reasons';
import { pathText } from '../../mesh/json';
import { Mesh } from '../../mesh/mesh';
import { SettingsSources } from '../../mesh/mesh-config';
import { compareText } from '../../mesh/object';
import { Outcome } from '../../mesh/server/outcome';
import { ResolvedMeshSettings } from '../../mesh/settings';
import { Workload } from '../../mesh/workloads/workload';
import { Finding } from '../../rules/finding';
import { notJudged } from '../not-judged';
import { settingsJson } from '../settings';
import { count } from '../text';

/** So many hosts are named of those that nothing in the input answers for. */
const SHOWN = 5;

/**
 * All that a report of a mesh shows, as plain data. Nothing of it hangs on the
 * order of the input. It is linear in the workloads and in the calls that the
 * manifests show.
 */
export function pictureOf(mesh: Mesh, sources: SettingsSources, findings: readonly Finding[], unread: readonly string[] = []): Picture {
  const { model } = mesh;
  const { machines, workloads: clients } = model.inventory;
  const byKey = new Map([...machines, ...clients].map(workload => [workload.key, workload]));
  const workloads = [...byKey.values()].sort((a, b) => compareText(a.key, b.key));
  const reasons = new Reasons();
  const calls = callsOf(model, workloads, reasons);
  const namespaces = namespacesOf(mesh, workloads, reasons);
  const links = new Links(model, workloads, calls, new Set(namespaces.map(({ name }) => name)));
  const abouts = links.of(findings);
  const told = findings.map((finding, index) => ({ ...finding, id: `finding-${index + 1}`, about: abouts[index] }));
  const about = (part: keyof typeof told[number]['about']): (key: string) => readonly string[] => {
    const ids = new Map<string, string[]>();
    for (const finding of told) {
      for (const key of finding.about[part]) {
        const list = ids.get(key);
        if (list === undefined) ids.set(key, [finding.id]);
        else list.push(finding.id);
      }
    }
    return key => ids.get(key) ?? [];
  };
  const [ofNamespace, ofWorkload, ofCall] = [about('namespaces'), about('workloads'), about('calls')];
  const outcomes: Partial<Record<Outcome, number>> = {};
  for (const { call: { outcome } } of calls) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    version: 1,
    settings: settingsJson(mesh.settings),
    mesh: meshOf(mesh, sources, reasons),
    namespaces: namespaces.map(one => ({ ...one, findings: ofNamespace(one.name) })),
    workloads: workloads.map(workload => ({ ...workloadOf(mesh, workload, reasons), findings: ofWorkload(workload.key) })),
    calls: calls.map(({ call }) => ({ ...call, findings: ofCall(call.id) })),
    findings: told,
    summary: { objects: mesh.objects.length, outcomes, notJudged: [...unread, ...notJudged(mesh), ...unanswered(unansweredCalls(model, workloads))] },
  };
}

/** A report as JSON for programs. */
export function pictureJson(picture: Picture): string {
  return `${JSON.stringify(picture, null, 2)}\n`;
}

function meshOf({ model, settings }: Mesh, { given, found }: SettingsSources, reasons: Reasons): PictureMesh {
  const mode = model.namespaceMode(settings.rootNamespace);
  const fact = <Name extends 'autoMtls' | 'minProtocolVersion' | 'rootNamespace' | 'trustDomain' | 'ambient'>(
    name: Name): PictureFact<ResolvedMeshSettings[Name]> => {
    const value = settings[name];
    const says = (stated: Partial<ResolvedMeshSettings>): boolean => stated[name] === value;
    // Of several that state it, those that say something else do not count.
    const titles = found.filter(one => says(one.settings)).map(({ object, path }) => `${object.title}, ${pathText(path)}`).sort(compareText);
    return { value, decidedBy: titles[0] ?? (says(given) ? 'given' : null) };
  };
  return {
    mode: mode.value,
    because: reasons.all(mode.because),
    autoMtls: fact('autoMtls'),
    minProtocolVersion: fact('minProtocolVersion'),
    rootNamespace: fact('rootNamespace'),
    trustDomain: fact('trustDomain'),
    ambient: fact('ambient'),
  };
}

function workloadOf({ model }: Mesh, workload: Workload, reasons: Reasons): Omit<PictureWorkload, 'findings'> {
  const { key, namespace, name, object, dataPlane, isGateway } = workload;
  return {
    key,
    kind: object.kind,
    namespace,
    name,
    place: object.origin.place,
    dataPlane: dataPlane.value,
    dataPlaneBecause: reasons.all(dataPlane.because),
    isGateway,
    ports: portsOf(model, workload, reasons),
  };
}

function unanswered(hosts: readonly string[]): string[] {
  if (hosts.length === 0) return [];
  const shown = hosts.slice(0, SHOWN).join(', ') + (hosts.length > SHOWN ? ` and ${hosts.length - SHOWN} more` : '');
  return [`known calls to ${count(hosts.length, 'service port')} (${shown}), because no pod of the input answers there`];
}
