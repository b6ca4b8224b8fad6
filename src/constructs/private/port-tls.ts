import { Lazy } from 'cdk8s';
import { IConstruct } from 'constructs';
import { AppIndex } from './app-index';
import { TrafficPolicy } from './destination-rule';
import { fail, show } from './errors';
import { requirePortNumber, requireText } from './require';
import { listServicePorts, nameOfService, ServiceView, targetNumber } from './service-view';
import { ServiceRef } from '../service-ref';

type PortKey = number | string;

/**
 * The TLS of single service ports, in one traffic policy.
 *
 * Ports given by number are written at once; as soon as one is given by name, all
 * of them are written at synth.
 */
export class PortTls {
  private readonly entries: { readonly what: string; readonly port: PortKey; readonly tls: unknown }[] = [];
  private readonly lazyAsker = {};

  constructor(
    private readonly owner: IConstruct,
    private readonly policy: TrafficPolicy,
    private readonly service: ServiceRef,
    private readonly clusterDomain: string,
  ) {}

  /** How many ports have TLS settings of their own. */
  get size(): number {
    return this.entries.length;
  }

  /** Adds a port; keys of a map count as numbers where they are digits. */
  add(what: string, port: PortKey, tls: unknown): void {
    const key = typeof port === 'string' && /^[+-]?\d+(\.\d+)?$/.test(port) ? Number(port) : port;
    if (typeof key === 'string') {
      requireText(this.owner, what, key);
    } else {
      requirePortNumber(this.owner, what, key);
    }
    if (this.entries.some(entry => entry.port === key)) {
      fail(this.owner, `'${what}' is service port ${show(key)}, which has its TLS already; keep one of the two`);
    }
    this.entries.push({ what, port: key, tls });
    this.policy.portLevelSettings = this.entries.some(entry => typeof entry.port === 'string')
      ? Lazy.any({ produce: () => this.produce() })
      : this.entries.map(entry => ({ port: { number: entry.port }, tls: entry.tls }));
  }

  /** What is wrong with the ports, at synth. */
  faults(index: AppIndex): string[] {
    return this.entries.length === 0 ? [] : this.resolve(index).faults;
  }

  private produce(): unknown {
    const { settings, faults } = this.resolve(AppIndex.of(this.lazyAsker, this.owner));
    if (faults.length > 0) {
      fail(this.owner, faults.join('; '));
    }
    return settings;
  }

  private resolve(index: AppIndex) {
    const service = this.service._service(this.owner, 'service', this.clusterDomain, index);
    const faults: string[] = [];
    const seen = new Map<number, string>();
    const settings: { port: { number: number }; tls: unknown }[] = [];
    for (const { what, port, tls } of this.entries) {
      const found = typeof port === 'number' ? checkNumber(what, port, service, index) : findName(what, port, service);
      if (typeof found === 'string') {
        faults.push(found);
        continue;
      }
      const other = seen.get(found);
      if (other !== undefined) {
        faults.push(`'${what}' and '${other}' are both service port ${found}; keep one of the two`);
      }
      seen.set(found, what);
      settings.push({ port: { number: found }, tls });
    }
    return { settings, faults };
  }
}

function checkNumber(what: string, port: number, service: ServiceView | undefined, index: AppIndex): number | string {
  if (!service || service.ports.some(candidate => candidate.number === port)) {
    return port;
  }
  const [workload] = index.workloadsWith(service.namespace ?? '', service.selector);
  const meant = service.ports.find(candidate => targetNumber(candidate, workload) === port);
  return meant
    ? `'${what}' must be a service port, and ${port} is a workload port of ${nameOfService(service)}; its service port is ${meant.number}`
    : `'${what}' is service port ${port}, which ${nameOfService(service)} does not have; its ports are ${listServicePorts(service.ports)}`;
}

function findName(what: string, name: string, service: ServiceView | undefined): number | string {
  if (!service) {
    return `'${what}' names the service port ${show(name)}, but the app does not have the Service; give the number`;
  }
  return service.ports.find(candidate => candidate.name === name)?.number
    ?? `'${what}' names the service port ${show(name)}, which ${nameOfService(service)} does not have; its ports are ${listServicePorts(service.ports)}`;
}
