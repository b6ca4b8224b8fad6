import { FollowedCall } from './calls';
import { PictureFinding } from './data';
import { pathText } from '../../mesh/json';
import { MeshModel } from '../../mesh/model';
import { Workload } from '../../mesh/workloads/workload';
import { Blamer } from '../../rules/calls/blame';
import { Finding } from '../../rules/finding';

type About = PictureFinding['about'];

/** Tells what of a picture each finding is about. */
export class Links {
  private readonly workloads: ReadonlyMap<string, string>;
  private readonly byText = new Map<string, FollowedCall[]>();
  /** The calls that suffer from what stands at a field, as the rule that speaks about them sees it. */
  private readonly byFault = new Map<string, FollowedCall[]>();
  /** The failing calls of clients without a proxy, which are judged by who calls whom. */
  private readonly ofOutsiders: FollowedCall[] = [];

  constructor(model: MeshModel, workloads: readonly Workload[], calls: readonly FollowedCall[], private readonly namespaces: ReadonlySet<string>) {
    this.workloads = new Map(workloads.map(({ object, key }) => [object.title, key]));
    const blamer = new Blamer(model);
    for (const one of calls) {
      const { client, host, port, subset, outcome } = one.connection;
      file(this.byText, `${client.key} -> ${host}:${port}${subset === '' ? '' : `, subset ${subset}`}`, one);
      const plane = client.dataPlane.value;
      if (plane === 'sidecar' || plane === 'ambient') {
        const blame = blamer.blame(one.connection);
        if (blame !== undefined) file(this.byFault, faultKey(blame.code, blame.at.title, pathText(blame.field)), one);
      } else if (outcome.value === 'fail') {
        this.ofOutsiders.push(one);
      }
    }
  }

  of(finding: Finding): About {
    const objects = new Set([finding.at.object, ...finding.see.map(({ object }) => object)]);
    const workloads = new Set<string>();
    const namespaces = new Set<string>();
    for (const title of objects) {
      const workload = this.workloads.get(title);
      if (workload !== undefined) workloads.add(workload);
    }
    const namespace = namespaceIn(finding.at.object);
    if (this.namespaces.has(namespace)) namespaces.add(namespace);
    const calls = new Set([...this.named(finding), ...finding.callCount === 0 ? [] : this.suffering(finding, objects)]);
    return { namespaces: [...namespaces], workloads: [...workloads].sort(), calls: [...calls].map(({ call }) => call.id).sort(byNumber) };
  }

  /** The calls that the finding names itself, which are the first five. */
  private named({ calls }: Finding): FollowedCall[] {
    return calls.flatMap(text => this.byText.get(text.replace(/ \((?:plaintext|works)\)$/, '')) ?? []);
  }

  private suffering({ code, at }: Finding, objects: ReadonlySet<string>): FollowedCall[] {
    const outsiders = this.ofOutsiders.filter(({ connection: { client, server } }) =>
      server !== undefined && objects.has(client.object.title) && objects.has(server.object.title));
    return [...this.byFault.get(faultKey(code, at.object, at.field ?? '')) ?? [], ...outsiders];
  }
}

function faultKey(code: string, object: string, field: string): string {
  return `${code} ${object} ${field}`;
}

/** `PeerAuthentication shop/default` -> `shop`; `Namespace shop` -> `shop`; empty for what names none. */
function namespaceIn(title: string): string {
  const [kind, name = ''] = title.split(' ');
  return name.includes('/') ? name.slice(0, name.indexOf('/')) : kind === 'Namespace' ? name : '';
}

function file<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(5)) - Number(b.slice(5));
}
