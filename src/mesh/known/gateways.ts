import { inCluster, MeshFacts, namespaceOf } from '../facts';
import { own } from '../json';
import { Kinds } from '../kinds';
import { Selector, SelectorIndex, selectorOf, selectsAll } from '../labels';
import { MeshObject } from '../object';
import { apiGateway, Branch, INGRESS, istioGateway } from './branch';
import { Branches } from './branches';
import { ServerHosts } from './server-hosts';
import { GATEWAY_NAME } from '../server/gateway-server';
import { Workload } from '../workloads/workload';

/** A route that a gateway serves, and the port on which it does. */
export interface Served {
  readonly branch: Branch;
  readonly listener?: number;
}

/** Which routes the gateways of the input serve. */
export class Gateways {
  private readonly bySelector: SelectorIndex<MeshObject>;
  /** Gateways without selector are for every gateway. */
  private readonly forAll: readonly MeshObject[];
  private readonly hosts = new Map<MeshObject, ServerHosts>();

  constructor(facts: MeshFacts, private readonly branches: Branches) {
    const gateways = inCluster(facts, Kinds.GATEWAY);
    this.bySelector = new SelectorIndex(gateways.filter(object => !selectsAll(selectorIn(object))), selectorIn);
    this.forAll = gateways.filter(object => selectsAll(selectorIn(object)));
  }

  /** The routes that a workload serves; nothing for what is no gateway. */
  *servedBy(workload: Workload): Generator<Served> {
    const gateways = workload.isGateway ? [...this.forAll] : [];
    this.bySelector.all(workload, object => gateways.push(object));
    for (const gateway of gateways) {
      for (const branch of this.branches.at(istioGateway(namespaceOf(gateway), gateway.name), workload.namespace)) {
        for (const listener of this.hostsOf(gateway).portsFor(branch)) yield { branch, listener };
      }
    }
    const name = workload.label(GATEWAY_NAME);
    for (const branch of name === undefined ? [] : this.branches.at(apiGateway(workload.namespace, name), workload.namespace)) yield { branch };
    for (const branch of workload.label('istio') === 'ingressgateway' ? this.branches.at(INGRESS, workload.namespace) : []) yield { branch };
  }

  private hostsOf(gateway: MeshObject): ServerHosts {
    let hosts = this.hosts.get(gateway);
    if (hosts === undefined) this.hosts.set(gateway, hosts = new ServerHosts(gateway));
    return hosts;
  }
}

function selectorIn(gateway: MeshObject): Selector {
  return selectorOf(own(gateway.spec, 'selector'));
}
