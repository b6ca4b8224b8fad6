import { RuleContext } from './rule';
import { FieldPath, asList, asText, at, own } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { MeshObject } from '../mesh/object';
import { Service, ServicePort } from '../mesh/services/service';

/** A call that the API server makes to a service of the cluster. It has no proxy, and no certificate of the mesh. */
export interface ApiServerCall {
  readonly object: MeshObject;
  /** Where the object names the service. */
  readonly field: FieldPath;
  /** What is called, as the object of a sentence. */
  readonly what: string;
  readonly kind: 'webhook' | 'api';
}

/** The calls of the API server to one service port. */
export interface ApiServerCalls {
  readonly service: Service;
  readonly port: ServicePort;
  readonly calls: readonly ApiServerCall[];
}

/** The kinds from which the calls of the API server are read. */
export const API_SERVER_KINDS: readonly string[] = [
  Kinds.VALIDATING_WEBHOOKS, Kinds.MUTATING_WEBHOOKS, Kinds.CUSTOM_RESOURCE_DEFINITION, Kinds.API_SERVICE,
];

/** The service port that is called where none is named, in all four kinds. */
const DEFAULT_PORT = 443;

/** What the API server calls in the cluster, by service port. */
export function apiServerCalls(context: RuleContext): readonly ApiServerCalls[] {
  return context.once(apiServerCalls, () => {
    const found = new Map<ServicePort, { service: Service; port: ServicePort; calls: ApiServerCall[] }>();
    const add = (reference: unknown, call: ApiServerCall): void => {
      const name = asText(own(reference, 'name'));
      const namespace = asText(own(reference, 'namespace'));
      const number = own(reference, 'port') ?? DEFAULT_PORT;
      if (name === undefined || namespace === undefined) return;
      for (const service of context.model.inventory.servicesOf(`${name}.${namespace}.svc.${context.settings.clusterDomain}`)) {
        const port = service.isKubernetes ? service.ports.find(one => one.number === number) : undefined;
        if (port === undefined) continue;
        const entry = found.get(port);
        if (entry === undefined) found.set(port, { service, port, calls: [call] });
        else entry.calls.push(call);
      }
    };
    for (const kind of [Kinds.VALIDATING_WEBHOOKS, Kinds.MUTATING_WEBHOOKS]) {
      for (const object of context.ofKind(kind)) {
        asList(own(object.body, 'webhooks')).forEach((webhook, index) => add(at(webhook, 'clientConfig', 'service'), {
          object,
          field: ['webhooks', index, 'clientConfig', 'service'],
          what: `webhook ${JSON.stringify(asText(own(webhook, 'name')) ?? '')} of ${object.title}`,
          kind: 'webhook',
        }));
      }
    }
    for (const object of context.ofKind(Kinds.CUSTOM_RESOURCE_DEFINITION)) {
      const conversion = own(object.spec, 'conversion');
      if (own(conversion, 'strategy') !== 'Webhook') continue;
      add(at(conversion, 'webhook', 'clientConfig', 'service'), {
        object,
        field: ['spec', 'conversion', 'webhook', 'clientConfig', 'service'],
        what: `the conversion webhook of ${object.title}`,
        kind: 'webhook',
      });
    }
    for (const object of context.ofKind(Kinds.API_SERVICE)) {
      add(own(object.spec, 'service'), { object, field: ['spec', 'service'], what: `the API of ${object.title}`, kind: 'api' });
    }
    return [...found.values()];
  });
}
