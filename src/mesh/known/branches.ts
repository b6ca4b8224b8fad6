import { inCluster, MeshFacts, namespaceOf } from '../facts';
import { Kinds } from '../kinds';
import { Branch, MESH } from './branch';
import { gatewayRouteBranches, ROUTE_KINDS } from './gateway-route';
import { ingressBranches } from './ingress';
import { virtualServiceBranches } from './virtual-service';
import { HostIndex } from '../rules/host-index';

/** All routes of the input, by the gateway or by the host for which they are. */
export class Branches {
  private readonly byGateway = new Map<string, Branch[]>();
  private readonly byHost = new HostIndex<Branch[]>();

  constructor(facts: MeshFacts) {
    const { clusterDomain } = facts.settings;
    for (const object of inCluster(facts, Kinds.VIRTUAL_SERVICE)) virtualServiceBranches(object, clusterDomain).forEach(branch => this.file(branch));
    for (const kind of ROUTE_KINDS) {
      for (const object of inCluster(facts, kind)) gatewayRouteBranches(object, clusterDomain).forEach(branch => this.file(branch));
    }
    for (const object of inCluster(facts, Kinds.INGRESS)) ingressBranches(object, clusterDomain).forEach(branch => this.file(branch));
  }

  /** The branches at a gateway that the pods of a namespace see. */
  at(gateway: string, namespace: string): readonly Branch[] {
    return (this.byGateway.get(gateway) ?? []).filter(branch => isSeen(branch, namespace));
  }

  /** The branches that a sidecar in a namespace has for calls to a host and port. */
  inMesh(host: string, port: number | undefined, namespace: string): readonly Branch[] {
    const branches = this.byHost.mostSpecific(host) ?? [];
    return branches.filter(branch => isSeen(branch, namespace) && (branch.port === undefined || branch.port === port));
  }

  private file(branch: Branch): void {
    if (branch.gateway !== MESH) {
      const list = this.byGateway.get(branch.gateway);
      if (list === undefined) this.byGateway.set(branch.gateway, [branch]);
      else list.push(branch);
      return;
    }
    for (const host of branch.hosts) {
      const list = this.byHost.get(host);
      if (list === undefined) this.byHost.set(host, [branch]);
      else list.push(branch);
    }
  }
}

/** Whether a route counts for the pods of a namespace. */
export function isSeen({ exportTo, object, sourceNamespace }: Pick<Branch, 'exportTo' | 'object' | 'sourceNamespace'>, namespace: string): boolean {
  if (sourceNamespace !== undefined && sourceNamespace !== namespace) return false;
  return exportTo.length === 0 || exportTo.some(item => item === '*' || item === namespace || (item === '.' && namespaceOf(object) === namespace));
}
