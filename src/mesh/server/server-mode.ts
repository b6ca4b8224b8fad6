import { Decision, decide, revalued } from '../decision';
import { GatewayListener, GatewayListeners } from './gateway-listener';
import { ZtunnelPolicy, ztunnelMode, ztunnelPolicy } from './ztunnel-policy';
import { SidecarPolicies } from '../policies/effective-policy';
import { MtlsMode } from '../policies/peer-authentication';
import { PolicyIndex } from '../policies/policy-index';
import { ResolvedMeshSettings } from '../settings';
import { excludedInbound } from '../workloads/excluded-ports';
import { Workload } from '../workloads/workload';

/** What a workload port accepts; `none` where nothing of the mesh is in front of it, `unknown` where that is not known. */
export type ServerMode = MtlsMode | 'none' | 'unknown';

/** What workload ports accept, for every data plane. */
export class ServerModes {
  private readonly ambient = new Map<Workload, ZtunnelPolicy>();

  constructor(
    private readonly index: PolicyIndex, private readonly policies: SidecarPolicies, private readonly settings: ResolvedMeshSettings,
    private readonly gateways: GatewayListeners) {}

  /** What listens on a port of a gateway. */
  gatewayListener(gateway: Workload, workloadPort: number): GatewayListener {
    return this.gateways.of(gateway, workloadPort);
  }

  /** The workload ports on which a gateway listens. */
  gatewayPorts(gateway: Workload): readonly number[] {
    return this.gateways.portsOf(gateway);
  }

  /** The mode of a workload port. */
  of(workload: Workload, workloadPort: number): Decision<ServerMode> {
    switch (workload.dataPlane.value) {
      case 'sidecar': {
        const excluded = excludedInbound(workload, workloadPort);
        return excluded === undefined ? this.policies.of(workload).port(workloadPort) : decide<ServerMode>('none', { ...excluded, cause: 'excluded-inbound' });
      }
      case 'ambient':
        return ztunnelMode(this.ztunnel(workload), workloadPort);
      case 'unknown':
        return revalued(workload.dataPlane, 'unknown');
      case 'none':
        return revalued(workload.dataPlane, 'none');
    }
  }

  private ztunnel(workload: Workload): ZtunnelPolicy {
    let policy = this.ambient.get(workload);
    if (policy === undefined) {
      const root = this.settings.rootNamespace;
      policy = ztunnelPolicy(
        workload, this.index.of(workload.namespace), this.index.selecting(workload), this.index.of(root), workload.namespace === root,
      );
      this.ambient.set(workload, policy);
    }
    return policy;
  }
}
