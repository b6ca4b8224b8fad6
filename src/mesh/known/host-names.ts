import { Inventory } from '../inventory';
import { own } from '../json';
import { HostIndex, isWildcard } from '../rules/host-index';
import { Service } from '../services/service';
import { Workload } from '../workloads/workload';

/** Finds the services that a pod reaches under a name, as its DNS search path does. */
export class HostNames {
  private wildcards?: HostIndex<readonly Service[]>;

  constructor(private readonly inventory: Inventory, private readonly clusterDomain: string) {}

  /** The services behind a name in lower case and without a last dot; none where nothing in the input has it. */
  resolve(host: string, namespace: string): readonly Service[] {
    const exact = isWildcard(host) ? [] : this.inventory.servicesOf(host);
    if (exact.length > 0) return exact;
    const inCluster = this.inCluster(host, namespace);
    return inCluster.length > 0 ? inCluster : this.wildcard(host);
  }

  private inCluster(host: string, namespace: string): readonly Service[] {
    const short = withoutEnd(withoutEnd(host, `.${this.clusterDomain.toLowerCase()}`), '.svc');
    const isQualified = short !== host;
    if (isQualified && !host.includes('.svc')) return [];
    const labels = short.split('.');
    switch (labels.length) {
      case 1: return isQualified ? [] : this.kubernetes(labels[0], namespace);
      case 2: {
        const found = this.kubernetes(labels[0], labels[1]);
        return found.length > 0 || isQualified ? found : this.headless(labels[1], namespace);
      }
      case 3: return this.headless(labels[1], labels[2]);
      default: return [];
    }
  }

  /**
   * The pods of a StatefulSet that are called by their names (`redis-0.redis-nodes.redis.svc`)
   * although the input has no Service of the name that the StatefulSet gives.
   */
  podsOf(host: string, namespace: string): { readonly workload: Workload; readonly host: string } | undefined {
    const labels = withoutEnd(withoutEnd(host, `.${this.clusterDomain.toLowerCase()}`), '.svc').split('.');
    const [pod, service, place = namespace] = labels;
    if (labels.length < 2 || labels.length > 3 || !/-\d+$/.test(pod)) return undefined;
    const workload = this.inventory.workload(`${place}/${pod.replace(/-\d+$/, '')}`);
    return workload?.object.kind === 'StatefulSet' && own(workload.object.spec, 'serviceName') === service
      ? { workload, host: `${service}.${place}.svc.${this.clusterDomain}` }
      : undefined;
  }

  private kubernetes(name: string, namespace: string): readonly Service[] {
    return this.inventory.servicesOf(`${name}.${namespace}.svc.${this.clusterDomain}`);
  }

  /** The headless Service under whose name a single pod is called: `kafka-0.kafka.stream`. */
  private headless(name: string, namespace: string): readonly Service[] {
    return this.kubernetes(name, namespace).filter(({ isHeadless }) => isHeadless);
  }

  private wildcard(host: string): readonly Service[] {
    if (this.wildcards === undefined) {
      this.wildcards = new HostIndex();
      for (const { host: one } of this.inventory.services) {
        if (isWildcard(one)) this.wildcards.set(one, this.inventory.servicesOf(one));
      }
    }
    return this.wildcards.mostSpecific(host) ?? [];
  }
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}
