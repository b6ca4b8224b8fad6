import { apiServerCalls, ApiServerCalls } from './api-server-calls';
import { Severity } from './finding';
import { RuleContext } from './rule';
import { anythingStrict, areStrict, byPolicy, conditionOf, isGateway, openPorts, portsText, serversOf, StrictPort, strictPortsBehind } from './strict-ports';
import { isHttp } from '../mesh/services/protocol';

/** Reports the calls of the API server that STRICT ports refuse, and those that sidecars take for HTTP. */
export function reportRefused(context: RuleContext, kind: 'webhook' | 'api'): void {
  for (const one of apiServerCalls(context)) {
    // A port with both is one fault, and it is the webhooks that stop everything.
    const isWebhook = one.calls.some(call => call.kind === 'webhook');
    if (isWebhook !== (kind === 'webhook')) continue;
    const strict = anythingStrict(context) ? strictPortsBehind(context, one.service, one.port) : [];
    byPolicy(strict).forEach((ports, policy) => reportStrict(context, one, ports, policy));
    if (strict.length === 0) reportHttp(context, one);
  }
}

function reportStrict(context: RuleContext, { service, port, calls }: ApiServerCalls, strict: readonly StrictPort[], policy: StrictPort['policy']): void {
  const condition = conditionOf(strict);
  context.report({
    at: policy,
    field: strict[0].mode.decidedBy.field,
    see: [...new Set(calls.map(({ object }) => object)), service.object, ...serversOf(strict)],
    calls: calls.map(({ object }) => `kube-apiserver (${object.title}) -> ${service.host}:${port.number}`),
    what: `the API server calls ${calls[0].what} at service port ${port.number} of ${service.object.title}, and ${portsText(strict)} behind it ${areStrict(strict)}`,
    fix: openPorts(context, strict, service),
    refusing: strict.map(one => ({ ...one, service })),
    ...condition === undefined ? {} : { condition, severity: Severity.WARNING },
  });
}

/** A sidecar that reads HTTP on a port has no filter chain for the TLS of others, and where it takes plaintext alone it cannot read it. */
function reportHttp(context: RuleContext, { service, port, calls }: ApiServerCalls): void {
  if (!isHttp(port.protocol)) return;
  const { endpoints } = context.model.inventory;
  const server = endpoints.of(service, port).find(({ workload, port: number }) => workload !== undefined && workload.dataPlane.value === 'sidecar'
    && !isGateway(workload) && context.model.serverMode(workload, number).value !== 'none'
    && context.model.serverMode(workload, number).value !== 'STRICT' && endpoints.servicesOf(workload).length === 1);
  if (server?.workload === undefined) return;
  const name = port.name === '' ? 'appProtocol' : `name ${JSON.stringify(port.name)}`;
  context.report({
    at: service.object,
    field: port.path,
    see: [...new Set(calls.map(({ object }) => object)), server.workload.object],
    calls: calls.map(({ object }) => `kube-apiserver (${object.title}) -> ${service.host}:${port.number}`),
    what: `the API server speaks TLS to ${calls[0].what} at service port ${port.number}, and its ${name} makes the sidecar of ${server.workload.key} read ${port.protocol} `
      + `on workload port ${server.port}`,
    fix: `Name service port ${port.number} of ${service.object.title} for what it carries, for example https-webhook, so that the sidecar passes the TLS on as it is.`,
  });
}
