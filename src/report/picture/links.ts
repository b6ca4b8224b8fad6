import { FollowedCall } from './calls';
import { PictureFinding } from './data';
import { pathText } from '../../mesh/json';
import { MeshModel } from '../../mesh/model';
import { Workload } from '../../mesh/workloads/workload';
import { Blamer } from '../../rules/calls/blame';
import { Finding, Severity } from '../../rules/finding';

type About = PictureFinding['about'];

/** Tells what of a picture each finding is about. */
export class Links {
  private readonly workloads: ReadonlyMap<string, string>;
  private readonly byText = new Map<string, FollowedCall[]>();
  /** The calls that suffer from what stands at a field, as the rule that speaks about them sees it. */
  private readonly byFault = new Map<string, FollowedCall[]>();
  /** The failing calls of clients without a proxy, which are judged by who calls whom, by what answers. */
  private readonly ofOutsiders = new Map<string, FollowedCall[]>();

  constructor(
    private readonly model: MeshModel, workloads: readonly Workload[], private readonly calls: readonly FollowedCall[],
    private readonly namespaces: ReadonlySet<string>,
  ) {
    this.workloads = new Map(workloads.map(({ object, key }) => [object.title, key]));
    const blamer = new Blamer(model);
    for (const one of calls) {
      const { client, host, port, subset, outcome, server, targetPort } = one.connection;
      // Scrapes are named by the workload port, as they do not pass the service.
      if (server !== undefined) file(this.byText, `${client.key} -> ${server.key}:${targetPort}`, one);
      file(this.byText, `${client.key} -> ${host}:${port}${subset === '' ? '' : `, subset ${subset}`}`, one);
      const plane = client.dataPlane.value;
      if (plane === 'sidecar' || plane === 'ambient') {
        const blame = blamer.blame(one.connection);
        if (blame !== undefined) file(this.byFault, faultKey(blame.code, blame.at.title, pathText(blame.field)), one);
      } else if (outcome.value === 'fail' && server !== undefined) {
        file(this.ofOutsiders, server.object.title, one);
      }
    }
  }

  /** What each finding is about. */
  of(findings: readonly Finding[]): About[] {
    const told = findings.map(finding => ({ finding, objects: objectsOf(finding) }));
    const calls = told.map(({ finding, objects }) =>
      new Set([...this.named(finding), ...finding.callCount === 0 ? [] : this.suffering(finding, objects)]));
    const explained = new Set(calls.flatMap(set => [...set]));
    for (const one of this.calls) {
      if (one.connection.result === 'fail' && !explained.has(one)) {
        const decisive = this.decisive(one);
        told.forEach(({ finding, objects }, index) => {
          if (finding.severity !== Severity.INFO && decisive.some(title => objects.has(title))) calls[index].add(one);
        });
      }
    }
    return told.map(({ finding, objects }, index) => {
      const namespace = namespaceIn(finding.at.object);
      return {
        namespaces: this.namespaces.has(namespace) ? [namespace] : [],
        workloads: [...objects].flatMap(title => this.workloads.get(title) ?? []).sort(),
        calls: [...calls[index]].map(({ call }) => call.id).sort(byNumber),
      };
    });
  }

  /** The calls that the finding names itself, which are the first five. Of those to several workloads, the ones that suffer. */
  private named({ calls }: Finding): FollowedCall[] {
    return calls.flatMap(text => {
      const found = this.byText.get(text.replace(/ \((?:plaintext|works)\)$/, '')) ?? [];
      const failing = found.filter(({ connection: { outcome } }) => outcome.value === 'fail');
      return failing.length > 0 ? failing : found;
    });
  }

  private suffering({ code, at }: Finding, objects: ReadonlySet<string>): FollowedCall[] {
    const outsiders = [...objects].flatMap(title => this.ofOutsiders.get(title) ?? [])
      .filter(({ connection: { client } }) => objects.has(client.object.title));
    return [...this.byFault.get(faultKey(code, at.object, at.field ?? '')) ?? [], ...outsiders];
  }

  /**
   * The objects of which a finding explains a call that no finding names: what
   * answers, and the rule for it. A policy that does not count or a field that is
   * dropped breaks calls without being asked about them.
   */
  private decisive({ connection: { client, server, service } }: FollowedCall): string[] {
    const rules = this.model.ruleFor(client, service)?.from.map(({ object }) => object) ?? [];
    return [server?.object, ...rules].flatMap(object => object?.title ?? []);
  }
}

function objectsOf({ at, see }: Finding): ReadonlySet<string> {
  return new Set([at.object, ...see.map(({ object }) => object)]);
}

function faultKey(code: string, object: string, field: string): string {
  return `${code} ${object} ${field}`;
}

/** `PeerAuthentication shop/default` -> `shop`; empty for what names none. A chart gives its namespace to Namespaces too, which stand in none. */
function namespaceIn(title: string): string {
  const [kind, name = ''] = title.split(' ');
  const slash = name.indexOf('/');
  return kind === 'Namespace' ? name.slice(slash + 1) : name.slice(0, Math.max(0, slash));
}

function file<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(5)) - Number(b.slice(5));
}
