import { asList, asText, at } from '../../mesh/json';

/** The kinds by which the API server calls Services. */
export const WEBHOOK_KINDS = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService', 'CustomResourceDefinition'];

/** A Service that the API server calls, and the service port. */
export interface CalledService {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** The Services that the API server calls because of an object, each once. */
export function calledServices(json: unknown): CalledService[] {
  const kind = at(json, 'kind');
  const references = kind === 'APIService' ? [at(json, 'spec', 'service')]
    : kind === 'CustomResourceDefinition' ? [at(json, 'spec', 'conversion', 'webhook', 'clientConfig', 'service')]
      : asList(at(json, 'webhooks')).map(webhook => at(webhook, 'clientConfig', 'service'));
  const called = new Map<string, CalledService>();
  for (const reference of references) {
    const port = at(reference, 'port');
    const namespace = asText(at(reference, 'namespace'));
    const name = asText(at(reference, 'name'));
    if (namespace !== undefined && name !== undefined) {
      // 443 is what the API server takes where the object names no port.
      const service = { namespace, name, port: typeof port === 'number' ? port : 443 };
      called.set(`${namespace}/${name}:${service.port}`, service);
    }
  }
  return [...called.values()];
}
