import { Blame } from './fault';
import { Connection } from '../../mesh/connection';
import { isSelected } from '../../mesh/labels';
import { MeshModel } from '../../mesh/model';
import { DestinationRule } from '../../mesh/rules/destination-rule';
import { isWildcard } from '../../mesh/rules/host-index';
import { portPolicy, TlsMode, TlsSettings } from '../../mesh/rules/traffic-policy';
import { Service } from '../../mesh/services/service';
import { Workload } from '../../mesh/workloads/workload';

/** A rule that was written for a service and does not reach a client of it. */
interface Stray {
  readonly rule: DestinationRule;
  readonly code: string;
  readonly field: Blame['field'];
}

/** Finds rules that were written for a service and do not reach its clients. */
export class Strays {
  private readonly byHost = new Map<string, DestinationRule[]>();
  /** Rules whose host is nobody's, by the service that they seem to be meant for. */
  private readonly meant = new Map<string, DestinationRule[]>();

  constructor(private readonly model: MeshModel) {
    const { inventory } = model;
    let misspelt: Map<string, Service[]> | undefined;
    for (const rule of model.destinationRules) {
      if (isWildcard(rule.host)) continue;
      const services = inventory.servicesOf(rule.host);
      if (services.length > 0) {
        add(this.byHost, rule.host, rule);
        // Written for the host behind an alias, it would count for calls of either name.
        const { aliasOf } = services[0];
        if (aliasOf !== undefined) add(this.byHost, aliasOf, rule);
        continue;
      }
      misspelt ??= byPlainName(inventory.services);
      for (const service of misspelt.get(plain(rule.host)) ?? misspelt.get(plain(writtenHost(rule))) ?? []) add(this.meant, service.host, rule);
    }
  }

  /** The services that a rule seems to be meant for, whose host is nobody's. */
  servicesMeantBy(rule: DestinationRule): readonly Service[] {
    return [...this.meant].filter(([, rules]) => rules.includes(rule)).flatMap(([host]) => this.model.inventory.servicesOf(host));
  }

  /** A rule that would cure a call if it reached the client. */
  cureFor(connection: Connection, cures: readonly TlsMode[]): Blame | undefined {
    const { client, service, port, host } = connection;
    const rules = [...this.meant.get(host) ?? [], ...this.byHost.get(host) ?? []];
    for (const rule of rules) {
      const tls = tlsOf(rule, port);
      if (tls === undefined || !cures.includes(tls.mode)) continue;
      const stray = this.astray(rule, client, service);
      if (stray !== undefined) return { code: stray.code, at: rule.object, field: stray.field, see: [service.object], lost: tls };
    }
    return undefined;
  }

  /** A rule that defines the subset of a call, and is written for a host that is nobody's. */
  withSubset({ host, subset, service }: Connection): Blame | undefined {
    const rule = this.meant.get(host)?.find(({ subsets }) => subsets.some(({ name }) => name === subset));
    return rule === undefined ? undefined : { code: 'MTLS216', at: rule.object, field: ['spec', 'host'], see: [service.object] };
  }

  /** Why a rule does not reach a client. */
  private astray(rule: DestinationRule, client: Workload, service: Service): Stray | undefined {
    const [named] = this.model.inventory.servicesOf(rule.host);
    // An ExternalName Service is another name of a host, whose own rules hold.
    if (named?.aliasOf !== undefined) return this.wouldReach(rule, client, named) ? { rule, code: 'MTLS224', field: ['spec', 'host'] } : undefined;
    if (rule.host !== service.host) return { rule, code: 'MTLS216', field: ['spec', 'host'] };
    const { workloadSelector, namespace, exportTo } = rule;
    if (workloadSelector !== undefined) {
      const selectsNobody = !this.model.inventory.workloads.some(one => one.namespace === namespace && isSelected(one, workloadSelector));
      return selectsNobody && namespace === client.namespace ? { rule, code: 'MTLS217', field: ['spec', 'workloadSelector'] } : undefined;
    }
    if (this.model.candidateRules(client, service).some(({ from }) => from.includes(rule))) return undefined;
    return exportTo.size === 0 || exportTo.has('*') || exportTo.has(client.namespace)
      ? { rule, code: 'MTLS234', field: ['metadata', 'namespace'] }
      : { rule, code: 'MTLS234', field: ['spec', 'exportTo'] };
  }

  /** Whether a client would find the rule for an alias if it were written for the host behind it. */
  private wouldReach({ namespace, exportTo, workloadSelector }: DestinationRule, client: Workload, alias: Service): boolean {
    const { inventory, settings } = this.model;
    if (namespace === client.namespace) return workloadSelector === undefined || isSelected(client, workloadSelector);
    const isLookedUp = namespace === settings.rootNamespace || namespace === inventory.behindAlias(alias).namespace;
    return isLookedUp && (exportTo.has('*') || exportTo.has(client.namespace) || (exportTo.size === 0 && settings.exportDestinationRules));
  }
}

function tlsOf(rule: DestinationRule, servicePort: number): TlsSettings | undefined {
  return portPolicy(rule, servicePort).tls;
}

/** The host as it is written, before a short name was completed. */
function writtenHost({ host, namespace }: DestinationRule): string {
  const suffix = host.indexOf(`.${namespace}.svc.`);
  return suffix < 0 ? host : host.slice(0, suffix);
}

/** Services by all the names that a person may have meant them by. */
function byPlainName(services: readonly Service[]): Map<string, Service[]> {
  const names = new Map<string, Service[]>();
  for (const service of services) {
    if (!service.isKubernetes) {
      add(names, plain(service.host), service);
      continue;
    }
    for (const name of [service.name, `${service.name}.${service.namespace}`, `${service.name}.${service.namespace}.svc`, service.host]) {
      add(names, plain(name), service);
    }
  }
  return names;
}

/** Dots and hyphens are what people mix up in names that a program made. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[._]/g, '-');
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
