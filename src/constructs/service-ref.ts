import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { AppIndex } from './private/app-index';
import { fail, show } from './private/errors';
import { findObject } from './private/find-object';
import { requireDnsLabel, requireHost } from './private/require';
import { isService, serviceView, ServiceView } from './private/service-view';

/**
 * Names a Service, or a host that is none.
 *
 * Faults of a reference are reported by the construct that it is given to.
 */
export class ServiceRef {
  /**
   * A host as clients call it: `web.shop.svc.cluster.local`,
   * `*.shop.svc.cluster.local`, `api.example.com`.
   *
   * A name without dots is a Service of the namespace in which the rule lives.
   * Istio completes no other short form: `web.shop` would match nothing
   * (`ResolveShortnameToFQDN`).
   *
   * @param host the host, with a wildcard at most at its start
   */
  static host(host: string): ServiceRef {
    return new ServiceRef(host, undefined, undefined, undefined);
  }

  /**
   * A Service by its name and namespace.
   *
   * @param name the name of the Service
   * @param namespace its namespace
   */
  static named(name: string, namespace: string): ServiceRef {
    return new ServiceRef(undefined, name, namespace, undefined);
  }

  /**
   * A Service of the app.
   *
   * @param construct the Service, or any construct that has one, such as a
   * Service of any version of cdk8s-plus. Its namespace is the one in its
   * metadata, else its chart's
   */
  static of(construct: IConstruct): ServiceRef {
    return new ServiceRef(undefined, undefined, undefined, construct);
  }

  private constructor(
    private readonly givenHost: string | undefined,
    private readonly name: string | undefined,
    private readonly namespace: string | undefined,
    private readonly construct: IConstruct | undefined,
  ) {}

  /**
   * The host by which Istio knows the Service.
   * @internal
   */
  public _host(owner: IConstruct, what: string, clusterDomain: string): string {
    const service = this._nameAndNamespace(owner, what, clusterDomain);
    if (this.givenHost === undefined && service) {
      return `${service.name}.${service.namespace}.svc.${clusterDomain}`;
    }
    const host = requireHost(owner, what, this.givenHost);
    const [name, namespace, svc, ...rest] = host.split('.');
    if (svc === 'svc' && rest.length === 0) {
      fail(owner, `'${what}' is ${show(host)}, which Istio does not complete and so matches nothing; write '${name}.${namespace}.svc.${clusterDomain}'`);
    }
    return host;
  }

  /**
   * The Service's name and namespace, where the reference is to a Service.
   * @internal
   */
  public _nameAndNamespace(owner: IConstruct, what: string, clusterDomain: string): { name: string; namespace: string } | undefined {
    const object = this.object(owner, what);
    if (object) {
      const namespace = object.metadata.namespace
        ?? fail(owner, `'${what}' is Service ${object.name} without a namespace; set metadata.namespace on it, or give its chart a namespace`);
      return { name: object.name, namespace };
    }
    if (this.givenHost === undefined) {
      return {
        name: requireDnsLabel(owner, `${what} name`, this.name),
        namespace: requireDnsLabel(owner, `${what} namespace`, this.namespace),
      };
    }
    const suffix = `.svc.${clusterDomain}`;
    const [name, namespace, ...rest] = String(this.givenHost).endsWith(suffix) ? this.givenHost.slice(0, -suffix.length).split('.') : [];
    return name && namespace && rest.length === 0 && !name.includes('*') ? { name, namespace } : undefined;
  }

  /**
   * The Service itself, where the app or its context shows it.
   * @internal
   */
  public _service(owner: IConstruct, what: string, clusterDomain: string, index: AppIndex): ServiceView | undefined {
    const object = this.object(owner, what);
    if (object) {
      return serviceView(index.json(object), object.metadata.namespace);
    }
    const service = this._nameAndNamespace(owner, what, clusterDomain);
    return service && index.service(service.namespace, service.name);
  }

  private object(owner: IConstruct, what: string): ApiObject | undefined {
    if (this.construct === undefined && (this.givenHost !== undefined || this.name !== undefined)) {
      return undefined;
    }
    return findObject(owner, what, this.construct!, object => isService(object.apiVersion, object.kind), 'Service',
      'give ServiceRef.host(…) or ServiceRef.named(…) for a Service that is not in the app');
  }
}
