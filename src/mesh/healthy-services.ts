import { ClientAnswers } from './client/client-answers';
import { givenCertificate } from './client/mesh-certificates';
import { isPublic } from './client/visibility';
import { Inventory } from './inventory';
import { SidecarPolicies } from './policies/effective-policy';
import { Service, ServicePort } from './services/service';
import { ResolvedMeshSettings } from './settings';
import { isAgentPort, passesSidecar } from './workloads/excluded-ports';
import { Workload } from './workloads/workload';

/**
 * Tells of a service, without following a call, that every call of an ordinary
 * sidecar to it carries mesh mTLS.
 *
 * It says so only where nothing is out of the ordinary: auto mTLS is on, no rule
 * says anything of TLS, and all pods behind the service have sidecars that take
 * mTLS on every port. A service of which it does not say so may be healthy all
 * the same.
 */
export class HealthyServices {
  private readonly ordinary = new Map<Workload, boolean>();

  constructor(
    private readonly inventory: Inventory,
    private readonly clients: ClientAnswers,
    private readonly policies: SidecarPolicies,
    private readonly settings: ResolvedMeshSettings,
  ) {}

  covers(service: Service): boolean {
    if (!this.settings.autoMtls || !service.isKubernetes || service.resolution !== 'endpoints' || service.aliasOf !== undefined) return false;
    const { host } = service;
    if (!isPublic(service) || service.listed.length > 0 || this.inventory.servicesOf(host).length > 1) return false;
    if (!this.clients.leavesAlone(host)) return false;
    return this.policies.namespaceMode(service.namespace).value !== 'DISABLE'
      && this.inventory.endpoints.workloads(service).every(one => this.isOrdinary(one))
      && !service.ports.some(port => this.leadsToAgent(service, port));
  }

  private leadsToAgent(service: Service, port: ServicePort): boolean {
    return typeof port.target === 'number'
      ? isAgentPort(port.target) : this.inventory.endpoints.of(service, port).some(endpoint => isAgentPort(endpoint.port));
  }

  private isOrdinary(workload: Workload): boolean {
    let answer = this.ordinary.get(workload);
    if (answer === undefined) this.ordinary.set(workload, answer = this.judge(workload));
    return answer;
  }

  private judge(workload: Workload): boolean {
    // Of several services of one pod the oldest says what its proxy parses, and a Sidecar may say something else: that takes a closer look.
    return workload.dataPlane.value === 'sidecar' && !workload.isGateway && workload.tlsMode === 'istio' && passesSidecar(workload) && givenCertificate(workload, 'SERVER') === undefined
      && this.inventory.endpoints.servicesOf(workload).length === 1 && !this.clients.visibility.listsPorts(workload)
      && !this.policies.of(workload).isDisabledAnywhere;
  }
}
